// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Foundation
import Invocation
import TencentCloud
import Testing

@testable import Relay

/// Where the relay's own credential is found.
@Suite("cloud.credentials", .timeLimit(.minutes(5)))
final class CloudCredentialsTests {
    private let home: URL
    private static let variables = ["TENCENTCLOUD_SECRET_ID": "AKIDENV", "TENCENTCLOUD_SECRET_KEY": "env-key"]

    init() throws {
        home = FileManager.default.temporaryDirectory.appending(path: "home-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: home.appending(path: ".tencentcloud"), withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: home) }

    private func writeFile(_ text: String = "[default]\nsecret_id = AKIDFILE\nsecret_key = file-key\n") throws {
        try Data(text.utf8).write(to: home.appending(path: ".tencentcloud/credentials"))
    }

    /// What is found. Nobody listens where the metadata service should be.
    private func find(
        _ kind: Configuration.Cloud.Credentials, _ environment: [String: String] = [:]
    ) async throws -> CloudCredentials {
        var cloud = try Configuration(yaml: ConfigurationTests.shortest).cloud
        cloud.credentials = kind
        cloud.metadata = try .init("http://127.0.0.1:1")
        let all = environment.merging(["HOME": home.path]) { $1 }
        return try await CloudCredentials.find(
            cloud, environment: all, loops: { try EventLoopGroup(count: 1) }, logger: nil, now: 0)
    }

    @Test("Each place is looked at where it is named, and no other")
    func named() async throws {
        try writeFile()
        #expect(try await find(.environment, Self.variables).description == "AKIDENV, from the environment")
        #expect(try await find(.file, Self.variables).description == "AKIDFILE, from the file")
        let error = await #expect(throws: CloudError.self) { try await self.find(.role, Self.variables) }
        #expect(error?.message.contains("http://127.0.0.1:1/latest/meta-data/") == true)
    }

    @Test("As the SDKs look: environment, else file, else role; empty variables are none")
    func order() async throws {
        let empty = ["TENCENTCLOUD_SECRET_ID": "", "TENCENTCLOUD_SECRET_KEY": "", "TENCENTCLOUD_SESSION_TOKEN": ""]
        try writeFile()
        #expect(try await find(.sdk, Self.variables).description == "AKIDENV, from the environment")
        for variables in [[:], empty] {
            #expect(try await find(.sdk, variables).description == "AKIDFILE, from the file")
        }
        try FileManager.default.removeItem(at: home.appending(path: ".tencentcloud/credentials"))
        let error = await #expect(throws: CloudError.self) { try await self.find(.sdk) }
        let message = error?.message ?? ""
        #expect(message.contains("none in the environment") && message.contains(".tencentcloud/credentials"))
        #expect(message.contains("the metadata service (http://127.0.0.1:1/"))
    }

    static let halves = [
        ["TENCENTCLOUD_SECRET_ID": "AKIDENV"], ["TENCENTCLOUD_SECRET_KEY": "env-key"],
        ["TENCENTCLOUD_SECRET_ID": "AKIDENV", "TENCENTCLOUD_SECRET_KEY": ""], ["TENCENTCLOUD_SESSION_TOKEN": "token"],
    ]

    @Test("Half a credential in the environment is a mistake, no reason to use the file", arguments: halves)
    func half(environment: [String: String]) async throws {
        try writeFile()
        let error = await #expect(throws: CloudError.self) { try await self.find(.sdk, environment) }
        #expect(error?.message.contains("in the environment") == true)
    }

    @Test("Half a credential in the file is a mistake, no reason to ask for a role")
    func halfAFile() async throws {
        try writeFile("[default]\nsecret_id = AKIDFILE\n")
        let error = await #expect(throws: CloudError.self) { try await self.find(.sdk) }
        #expect(error?.message.contains("secret_key is not set") == true)
    }
}
