// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import EventLoop
import Foundation
import TencentCloud
import Testing

@testable import Invocation

/// A role's credential from a metadata service on this machine, over real sockets.
@Suite("The metadata service", .timeLimit(.minutes(2)))
struct MetadataServiceTests {
    private static let path = "/latest/meta-data/cam/security-credentials/"

    static func answer(
        secretId: String = "AKIDROLE", end: Int = TestCloud.now + 3600, code: String = "Success"
    ) -> String {
        """
        {"TmpSecretId": "\(secretId)", "TmpSecretKey": "tmp-key", "ExpiredTime": \(end),
         "Expiration": "2026-01-01T00:00:00Z", "Token": "tmp-token", "Code": "\(code)"}
        """
    }

    /// A service that names a role, and answers for it.
    private static func service(
        role: String = "relay-role", _ reply: @escaping @Sendable (_ number: Int) -> TestCloud.Reply
    ) throws -> TestCloud {
        try TestCloud { call, number in
            call.requestLine == "GET \(path) HTTP/1.1" ? .answer(role) : reply(number)
        }
    }

    private static func client(
        of service: TestCloud, timeout: Duration = MetadataService.timeout
    ) throws -> MetadataService {
        MetadataService(
            endpoint: try CloudEndpoint("http://127.0.0.1:\(service.port)"),
            client: HTTPClient(loops: try EventLoopGroup(count: 1), settings: MetadataService.clientSettings),
            timeout: timeout)
    }

    @Test(
        "It names the role, then gives the role's credential",
        arguments: ["a-role", "a-role\n", " \tCVM_Role+=,.@1\r\n"])
    func normal(role: String) async throws {
        let name = role.trimmingCharacters(in: .whitespacesAndNewlines)
        let service = try Self.service(role: role) { _ in .answer(Self.answer()) }
        defer { service.stop() }
        let found = try await Self.client(of: service).credential()
        #expect(found.credential.secretId == "AKIDROLE")
        #expect(found.credential.secretKey.reveal() == "tmp-key")
        #expect(found.credential.token?.reveal() == "tmp-token")
        #expect(found.end == TestCloud.now + 3600)
        #expect(service.calls.map(\.requestLine) == ["GET \(Self.path) HTTP/1.1", "GET \(Self.path)\(name) HTTP/1.1"])
    }

    struct Failure: CustomTestStringConvertible {
        let testDescription: String
        let role: TestCloud.Reply
        var answer: TestCloud.Reply = .nothing
        /// What the error has to say.
        let words: String
        var timeout: Duration = .seconds(20)
    }

    private static let role = TestCloud.Reply.answer("r")

    static let failures = [
        Failure(testDescription: "no role", role: .answer("<html>", status: 404), words: "has no role"),
        Failure(testDescription: "no name", role: .answer("\n"), words: "no name"),
        Failure(testDescription: "a page", role: .answer("<html>login</html>"), words: "no name"),
        Failure(testDescription: "a path", role: .answer("../../secret"), words: "no name"),
        Failure(testDescription: "dots", role: .answer(".."), words: "no name"),
        Failure(testDescription: "two names", role: .answer("a\nb"), words: "no name"),
        Failure(testDescription: "a long name", role: .answer(String(repeating: "r", count: 129)), words: "no name"),
        Failure(testDescription: "status 500", role: .answer("r", status: 500), words: "status 500"),
        Failure(
            testDescription: "a redirect", role: .answer("", status: 302, fields: ["Location: /"]), words: "status 302"),
        Failure(testDescription: "a broken connection", role: .nothing, words: "does not answer"),
        Failure(testDescription: "slow", role: .silence, words: "in time", timeout: .milliseconds(200)),
        Failure(
            testDescription: "a huge name", role: .answer(String(repeating: " ", count: 16_385)), words: "over 16384"),
        Failure(
            testDescription: "the role is gone", role: role, answer: .answer("", status: 404),
            words: "nothing of the role r"),
        Failure(
            testDescription: "slow later", role: role, answer: .silence, words: "in time", timeout: .milliseconds(200)),
        Failure(
            testDescription: "a huge answer", role: role,
            answer: .answer(answer() + String(repeating: " ", count: 16_384)), words: "over 16384"),
        Failure(testDescription: "Code", role: role, answer: .answer(answer(code: "Failed")), words: "Success"),
        Failure(testDescription: "no JSON", role: role, answer: .answer("<html>tmp-key"), words: "JSON"),
        Failure(testDescription: "half", role: role, answer: .answer(String(answer().dropLast(3))), words: "JSON"),
        Failure(testDescription: "an array", role: role, answer: .answer("[\(answer())]"), words: "JSON"),
        Failure(testDescription: "nothing in it", role: role, answer: .answer("{}"), words: "Success"),
        Failure(
            testDescription: "no time", role: role,
            answer: .answer(answer().replacing("ExpiredTime", with: "Expired")), words: "ExpiredTime"),
        Failure(testDescription: "time 0", role: role, answer: .answer(answer(end: 0)), words: "ExpiredTime"),
        Failure(
            testDescription: "a time too far off", role: role, answer: .answer(answer(end: .max)), words: "ExpiredTime"),
        Failure(
            testDescription: "a time in quotes", role: role,
            answer: .answer(answer().replacing("\(TestCloud.now + 3600)", with: "\"1\"")), words: "JSON"),
        Failure(
            testDescription: "no key", role: role,
            answer: .answer(answer().replacing("\"tmp-key\"", with: "\"\"")), words: "TmpSecretKey is empty"),
        Failure(
            testDescription: "no token", role: role, answer: .answer(answer().replacing("Token", with: "Tok")),
            words: "Token is not set"),
        Failure(
            testDescription: "a token with a line break", role: role,
            answer: .answer(answer().replacing("tmp-token", with: "tmp-token\\nX: 1")), words: "Token"),
        Failure(
            testDescription: "an id that breaks the header apart", role: role,
            answer: .answer(answer(secretId: "AK,ID")), words: "TmpSecretId"),
    ]

    @Test("Whatever else it does is an error that names it and no value", arguments: failures)
    func failure(row: Failure) async throws {
        let service = try TestCloud { call, _ in
            call.requestLine == "GET \(Self.path) HTTP/1.1" ? row.role : row.answer
        }
        defer { service.stop() }
        let client = try Self.client(of: service, timeout: row.timeout)
        let error = await #expect(throws: CloudError.self) { try await client.credential() }
        #expect(error?.code == "InvalidCredential")
        let message = error?.message ?? ""
        #expect(message.contains(row.words), "\(message)")
        #expect(message.contains("the metadata service (http://127.0.0.1:\(service.port)\(Self.path))"))
        #expect(!message.contains("tmp-key") && !message.contains("tmp-token"))
    }

    @Test("Calls to the cloud are signed with the role's credential and its token, and with the next when there is one")
    func signing() async throws {
        let now = TestCloud.now
        let service = try Self.service { number in
            number < 3
                ? .answer(Self.answer(secretId: "AKIDFIRST", end: now + 300))
                : .answer(Self.answer(secretId: "AKIDNEXT"))
        }
        let cloud = try TestCloud { _, _ in .answer(TestCloud.success) }
        defer {
            service.stop()
            cloud.stop()
        }
        let client = try Self.client(of: service)
        let clock = SteppingClock()
        let provider = RoleCredentials(
            fetch: { () async throws(CloudError) in try await client.credential() }, monotonic: { clock.now })
        let caller = try CloudCaller(port: cloud.port, credentials: provider)
        _ = try await caller.invoke().get()
        // It is to be replaced from the first moment on; calls go on meanwhile.
        while !(cloud.calls.last?.field("Authorization")?.contains("AKIDNEXT") ?? false) {
            clock.step()
            _ = try await caller.invoke().get()
        }
        let first = try #require(cloud.calls.first)
        #expect(first.field("Authorization")?.contains("Credential=AKIDFIRST/") == true)
        #expect(cloud.calls.allSatisfy { $0.field("X-TC-Token") == "tmp-token" })
    }

    @Test("A role with another name is asked for at the next fetch")
    func otherRole() async throws {
        let service = try TestCloud { call, number in
            call.requestLine == "GET \(Self.path) HTTP/1.1"
                ? .answer(number == 1 ? "old" : "new") : .answer(Self.answer(secretId: "AKID\(number)"))
        }
        defer { service.stop() }
        let client = try Self.client(of: service)
        _ = try await client.credential()
        #expect(try await client.credential().credential.secretId == "AKID4")
        #expect(service.calls.last?.requestLine == "GET \(Self.path)new HTTP/1.1")
    }

    @Test("Without a credential a call is not sent, and the caller is told no more than that")
    func none() async throws {
        let service = try TestCloud { _, _ in .answer("", status: 404) }
        let cloud = try TestCloud { _, _ in .answer(TestCloud.success) }
        defer {
            service.stop()
            cloud.stop()
        }
        let client = try Self.client(of: service)
        let provider = RoleCredentials(fetch: { () async throws(CloudError) in try await client.credential() })
        let error = try await TestCloud.error(try CloudCaller(port: cloud.port, credentials: provider).invoke())
        #expect(error.code == "InvalidCredential")
        #expect(error.httpStatus == 502)
        #expect(!error.message.contains("http://"))
        #expect(error.operatorDetail?.contains("http://127.0.0.1:\(service.port)") == true)
        #expect(cloud.calls.isEmpty)
    }
}

/// A clock that is a minute later at each step.
private final class SteppingClock: Sendable {
    private let recorder = Recorder()
    private let start = ContinuousClock.now

    var now: ContinuousClock.Instant { start + .seconds(60 * recorder.durations.count) }

    func step() { recorder.add(.zero) }
}
