// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
  name: "scf-relay",
  dependencies: [
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0")
  ],
  targets: [
    .systemLibrary(name: "CEpoll"),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "EventLoop", dependencies: ["CEpoll"], swiftSettings: strict),
    .target(
      name: "FastCGI",
      dependencies: [
        "EventLoop", "CEpoll", .product(name: "HTTPTypes", package: "swift-http-types"),
      ],
      swiftSettings: strict),
    .target(
      name: "CurlHTTP", dependencies: ["EventLoop", "CCurl", "CEpoll"], swiftSettings: strict),
    .target(name: "StrictJSON", swiftSettings: strict),
    .target(name: "TencentCloud", dependencies: ["StrictJSON", "CCrypto"], swiftSettings: strict),
    .target(
      name: "Invocation", dependencies: ["TencentCloud", "StrictJSON", "CurlHTTP"],
      swiftSettings: strict),
    .testTarget(name: "EventLoopTests", dependencies: ["EventLoop"], swiftSettings: strict),
    .testTarget(
      name: "FastCGITests",
      dependencies: [
        "EventLoop", "FastCGI", .product(name: "HTTPTypes", package: "swift-http-types"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CurlHTTPTests", dependencies: ["CCurl", "CurlHTTP", "EventLoop"], swiftSettings: strict
    ),
    .testTarget(
      name: "StrictJSONTests", dependencies: ["StrictJSON"], resources: [.copy("Fixtures")],
      swiftSettings: strict
    ),
    .testTarget(
      name: "TencentCloudTests", dependencies: ["TencentCloud"], resources: [.copy("Fixtures")],
      swiftSettings: strict),
    .testTarget(
      name: "InvocationTests",
      dependencies: ["CurlHTTP", "EventLoop", "Invocation", "TencentCloud", "StrictJSON"],
      swiftSettings: strict),
  ]
)
