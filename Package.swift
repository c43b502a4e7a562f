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
    products: [
        .executable(name: "scf-relay", targets: ["scf-relay"]),
        .executable(name: "scf-local", targets: ["scf-local"]),
        .library(name: "FastCGI", targets: ["FastCGI"]),
        .library(name: "CurlHTTP", targets: ["CurlHTTP"]),
        .library(name: "TencentCloud", targets: ["TencentCloud"]),
        .library(name: "WebhookSignatures", targets: ["WebhookSignatures"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // System libraries, and the few C lines that Swift cannot say.
        .systemLibrary(name: "CEpoll"),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        // Reusable by any project: none of these knows what the relay is for.
        .target(name: "EventLoop", dependencies: ["CEpoll"], swiftSettings: strict),
        .target(
            name: "FastCGI",
            dependencies: ["EventLoop", "CEpoll", .product(name: "HTTPTypes", package: "swift-http-types")],
            swiftSettings: strict),
        .target(name: "CurlHTTP", dependencies: ["EventLoop", "CCurl", "CEpoll"], swiftSettings: strict),
        .target(name: "StrictJSON", swiftSettings: strict),
        // CYaml, the library's own part in C, brings the events that it makes its trees of.
        .target(name: "StrictYAML", dependencies: [.product(name: "Yams", package: "Yams")], swiftSettings: strict),
        .target(name: "NginxConfiguration", swiftSettings: strict),
        .target(name: "WebhookSignatures", dependencies: ["CCrypto"], swiftSettings: strict),
        .target(
            name: "CallStore", dependencies: ["CEpoll", "EventLoop", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),

        // The cloud's API, and a call of it.
        .target(name: "TencentCloud", dependencies: ["StrictJSON", "CCrypto"], swiftSettings: strict),
        .target(name: "Invocation", dependencies: ["TencentCloud", "StrictJSON", "CurlHTTP"], swiftSettings: strict),
        .target(
            name: "LocalFunctions",
            dependencies: [
                // A program of its own, in C: what starts functions finds it beside the program that it is part of.
                "scf-local-keeper",
                "Invocation", "TencentCloud", "StrictJSON", "StrictYAML",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Yams", package: "Yams"),
            ],
            resources: [.embedInCode("Runtimes")],
            swiftSettings: strict),
        .target(
            name: "Relay",
            dependencies: [
                "CEpoll", "EventLoop", "FastCGI", "CurlHTTP", "StrictJSON", "StrictYAML", "CallStore", "TencentCloud",
                "Invocation", "NginxConfiguration", "WebhookSignatures",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            exclude: ["Code/Templates"],
            resources: [.embedInCode("Templates")],
            swiftSettings: strict,
            plugins: ["EmbedCodeTemplates"]),
        .plugin(name: "EmbedCodeTemplates", capability: .buildTool(), dependencies: ["embed-code-templates"]),
        .executableTarget(name: "embed-code-templates", swiftSettings: strict),

        // Command lines: parse, wire up, run, drain.
        .executableTarget(
            name: "scf-relay",
            dependencies: [
                "CallStore", "CurlHTTP", "EventLoop", "FastCGI", "Relay", "TencentCloud",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .executableTarget(name: "scf-local-keeper"),
        .executableTarget(
            name: "scf-local",
            dependencies: [
                "EventLoop", "FastCGI", "Invocation", "LocalFunctions", "Relay", "StrictJSON", "TencentCloud",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),

        // What script/bench measures of a part alone.
        .executableTarget(
            name: "parts-benchmark", dependencies: ["StrictJSON", "TencentCloud"], path: "Benchmarks/parts",
            swiftSettings: strict),

        .testTarget(name: "EventLoopTests", dependencies: ["EventLoop"], swiftSettings: strict),
        .testTarget(
            name: "FastCGITests",
            dependencies: ["EventLoop", "FastCGI", .product(name: "HTTPTypes", package: "swift-http-types")],
            swiftSettings: strict),
        .testTarget(name: "CurlHTTPTests", dependencies: ["CCurl", "CurlHTTP", "EventLoop"], swiftSettings: strict),
        .testTarget(
            name: "StrictJSONTests", dependencies: ["StrictJSON"], resources: [.copy("Fixtures")], swiftSettings: strict
        ),
        .testTarget(
            name: "StrictYAMLTests", dependencies: ["StrictYAML", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict),
        .testTarget(
            name: "NginxConfigurationTests", dependencies: ["NginxConfiguration"], swiftSettings: strict),
        .testTarget(name: "WebhookSignaturesTests", dependencies: ["WebhookSignatures"], swiftSettings: strict),
        .testTarget(
            name: "CallStoreTests",
            dependencies: [
                "CallStore", "EventLoop", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TencentCloudTests", dependencies: ["TencentCloud"], resources: [.copy("Fixtures")],
            swiftSettings: strict),
        .testTarget(
            name: "InvocationTests",
            dependencies: ["CurlHTTP", "EventLoop", "Invocation", "TencentCloud", "StrictJSON"], swiftSettings: strict),
        .testTarget(
            name: "LocalFunctionsTests", dependencies: ["LocalFunctions", "Invocation"], swiftSettings: strict),
        .testTarget(
            name: "RelayTests",
            dependencies: [
                "CallStore", "CurlHTTP", "EventLoop", "FastCGI", "Invocation", "NginxConfiguration", "Relay",
                "StrictJSON", "TencentCloud", "WebhookSignatures",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
    ]
)

// The harnesses of the fuzzers. As a test they replay their corpora. For script/fuzz they are a program to which libFuzzer
// brings its own main; then, and only then, our modules are built with what fuzzing needs.
let harnessed: [Target.Dependency] = [
    "CCurl", "CurlHTTP", "FastCGI", "Invocation", "NginxConfiguration", "Relay", "StrictJSON", "TencentCloud",
    "WebhookSignatures",
    .product(name: "HTTPTypes", package: "swift-http-types"),
]
if Context.environment["FUZZ"] == nil {
    package.targets.append(
        .testTarget(
            name: "FuzzingTests", dependencies: harnessed, path: "Fuzzing", exclude: ["Corpora", "Driver"],
            sources: ["Harnesses", "Replay"], swiftSettings: strict))
} else {
    let sanitizers = ["-sanitize=fuzzer,address"]
    for target in package.targets where target.type == .regular {
        target.swiftSettings?.append(.unsafeFlags(sanitizers + ["-enable-testing"]))
    }
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: harnessed, path: "Fuzzing", exclude: ["Corpora", "Replay"],
            sources: ["Harnesses", "Driver"], swiftSettings: strict + [.unsafeFlags(sanitizers)],
            linkerSettings: [.unsafeFlags(sanitizers + ["-use-ld=lld"])]))
}
