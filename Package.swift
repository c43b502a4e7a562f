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
    .target(name: "EventLoop", dependencies: ["CEpoll"], swiftSettings: strict),
    .target(
      name: "FastCGI",
      dependencies: [
        "EventLoop", "CEpoll", .product(name: "HTTPTypes", package: "swift-http-types"),
      ],
      swiftSettings: strict),
    .testTarget(name: "EventLoopTests", dependencies: ["EventLoop"], swiftSettings: strict),
    .testTarget(
      name: "FastCGITests",
      dependencies: [
        "EventLoop", "FastCGI", .product(name: "HTTPTypes", package: "swift-http-types"),
      ],
      swiftSettings: strict),
  ]
)
