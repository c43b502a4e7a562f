// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Foundation
import TencentCloud
import Testing

@testable import Invocation

@Suite("Calls that are tried again, and those that never are", .timeLimit(.minutes(5)))
struct CloudRetryTests {
    @Test("A cloud that cannot be reached is tried three times")
    func refusedConnection() async throws {
        let caller = try CloudCaller(port: try TestCloud.freePort())
        let error = try await TestCloud.error(caller.invoke())
        #expect(error.code == "ClientError.NetworkError")
        #expect(error.httpStatus == 502)
        #expect(error.message.contains("not run"))
        #expect(error.operatorDetail?.hasPrefix("not sent: ") == true)
        #expect(caller.waits == [.milliseconds(200), .milliseconds(400)])
        #expect(caller.furtherTries.count(of: .notSent) == 2 && caller.furtherTries.count(of: .rate) == 0)
    }

    @Test("A cloud that is too busy is tried three times, a second and two later")
    func tooBusy() async throws {
        let cloud = try TestCloud { _, _ in .answer(TestCloud.failure("RequestLimitExceeded")) }
        defer { cloud.stop() }
        let caller = try CloudCaller(port: cloud.port)
        let error = try await TestCloud.error(caller.invoke())
        #expect(error.code == "RequestLimitExceeded")
        #expect(error.httpStatus == 429)
        #expect(error.retryAfterSeconds == 1)
        #expect(error.message == "as the cloud says it")
        #expect(error.upstreamRequestId == "e")
        #expect(cloud.calls.count == 3)
        #expect(caller.waits == [.seconds(1), .seconds(2)])
        #expect(caller.furtherTries.count(of: .notSent) == 0 && caller.furtherTries.count(of: .rate) == 2)
    }

    @Test("A second try that succeeds is a success")
    func secondTry() async throws {
        let cloud = try TestCloud { _, number in
            .answer(number < 3 ? TestCloud.failure("RequestLimitExceeded.Sub") : TestCloud.success)
        }
        defer { cloud.stop() }
        let caller = try CloudCaller(port: cloud.port)
        #expect(try await caller.invoke().get().requestId == "r")
        #expect(cloud.calls.count == 3)
    }

    struct Once: CustomTestStringConvertible {
        let testDescription: String
        let reply: TestCloud.Reply
        let code: String
        let status: Int
        var timeout: Duration = .seconds(20)
    }

    static let once = [
        Once(
            testDescription: "InternalError", reply: .answer(TestCloud.failure("InternalError")), code: "InternalError",
            status: 502),
        Once(
            testDescription: "an error without a known code", reply: .answer(TestCloud.failure("A.New")), code: "A.New",
            status: 502),
        Once(
            testDescription: "no such function", reply: .answer(TestCloud.failure("ResourceNotFound.FunctionName")),
            code: "ResourceNotFound.FunctionName", status: 404),
        Once(
            testDescription: "out of money",
            reply: .answer(TestCloud.failure("ResourceUnavailable.InsufficientBalance")),
            code: "ResourceUnavailable.InsufficientBalance", status: 503),
        Once(
            testDescription: "silence", reply: .silence, code: "ClientError.Timeout", status: 504,
            timeout: .milliseconds(300)),
        Once(testDescription: "a broken connection", reply: .nothing, code: "ClientError.NetworkError", status: 502),
        Once(
            testDescription: "half an answer", reply: .answer(TestCloud.success, announced: 5000),
            code: "ClientError.NetworkError",
            status: 502),
        Once(
            testDescription: "status 500", reply: .answer(TestCloud.success, status: 500),
            code: "ClientError.NetworkError",
            status: 502),
        Once(
            testDescription: "a redirect", reply: .answer("", status: 302, fields: ["Location: /"]),
            code: "ClientError.NetworkError", status: 502),
        Once(testDescription: "no JSON", reply: .answer("<html>"), code: "ClientError.NetworkError", status: 502),
        Once(testDescription: "other JSON", reply: .answer("{}"), code: "ClientError.NetworkError", status: 502),
        Once(testDescription: "no body", reply: .answer(""), code: "ClientError.NetworkError", status: 502),
        Once(
            testDescription: "too much", reply: .answer(String(repeating: " ", count: 20_001)),
            code: "ClientError.NetworkError", status: 502),
        Once(
            testDescription: "an expired signature without a date",
            reply: .answer(TestCloud.failure("AuthFailure.SignatureExpire")),
            code: "AuthFailure.SignatureExpire", status: 502),
        Once(
            testDescription: "an expired signature, though the cloud's clock says the same",
            reply: .answer(
                TestCloud.failure("AuthFailure.SignatureExpire"),
                fields: ["Date: \(TestCloud.date(TestCloud.now + 59))"]),
            code: "AuthFailure.SignatureExpire", status: 502),
        Once(
            testDescription: "an expired signature with a date that is none",
            reply: .answer(TestCloud.failure("AuthFailure.SignatureExpire"), fields: ["Date: tomorrow"]),
            code: "AuthFailure.SignatureExpire", status: 502),
    ]

    @Test("What may have run is never sent again", arguments: once)
    func exactlyOnce(row: Once) async throws {
        let cloud = try TestCloud { _, _ in row.reply }
        defer { cloud.stop() }
        var limits = Limits()
        limits.responseBytes = 20_000
        let caller = try CloudCaller(port: cloud.port, timeout: row.timeout, limits: limits)
        let error = try await TestCloud.error(caller.invoke())
        #expect(error.code.rawValue == row.code)
        #expect(error.httpStatus == row.status)
        if row.code.hasPrefix("ClientError") { #expect(error.message.contains("unknown")) }
        #expect(cloud.calls.count == 1)
        #expect(caller.waits.isEmpty)
    }
}
