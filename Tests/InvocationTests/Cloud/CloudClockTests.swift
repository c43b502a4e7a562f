// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Foundation
import TencentCloud
import Testing

@testable import Invocation

@Suite("The cloud's clock", .timeLimit(.minutes(5)))
struct CloudClockTests {
    @Test("A wrong clock is put right by the cloud's date, and stays right")
    func clock() async throws {
        let ahead = TestCloud.now + 3600
        let cloud = try TestCloud { call, _ in
            call.field("X-TC-Timestamp") == "\(ahead)"
                ? .answer(TestCloud.success)
                : .answer(TestCloud.failure("AuthFailure.SignatureExpire"), fields: ["Date: \(TestCloud.date(ahead))"])
        }
        defer { cloud.stop() }
        let caller = try CloudCaller(port: cloud.port)
        #expect(try await caller.invoke().get().requestId == "r")
        #expect(cloud.calls.map { $0.field("X-TC-Timestamp") } == ["\(TestCloud.now)", "\(ahead)"])
        #expect(Set(cloud.calls.map { $0.field("Authorization") }).count == 2)
        _ = try await caller.invoke().get()
        #expect(cloud.calls.count == 3)
        #expect(caller.waits.isEmpty)
        #expect(caller.furtherTries.count(of: .clock) == 1 && caller.clock.offsetSeconds == 3600)
    }

    @Test("Signing again is tried once")
    func clockOnce() async throws {
        let cloud = try TestCloud { _, number in
            // Whoever goes on signing does not hang here, but succeeds.
            number > 5
                ? .answer(TestCloud.success)
                : .answer(
                    TestCloud.failure("AuthFailure.SignatureExpire"),
                    fields: ["Date: \(TestCloud.date(TestCloud.now + 1000 * number))"])
        }
        defer { cloud.stop() }
        let error = try await TestCloud.error(try CloudCaller(port: cloud.port).invoke())
        #expect(error.code == "AuthFailure.SignatureExpire")
        #expect(cloud.calls.count == 2)
    }

    @Test("Of calls that were signed before the clock was put right, each is signed again")
    func clockTogether() async throws {
        let ahead = TestCloud.now + 3600
        let counter = Recorder()
        let cloud = try TestCloud { call, _ in
            if call.field("X-TC-Timestamp") == "\(ahead)" { return .answer(TestCloud.success) }
            // Both first tries are here before either is answered.
            counter.add(.zero)
            let end = Date(timeIntervalSinceNow: 20)
            while counter.durations.count < 2, Date() < end { usleep(500) }
            return .answer(TestCloud.failure("AuthFailure.SignatureExpire"), fields: ["Date: \(TestCloud.date(ahead))"])
        }
        defer { cloud.stop() }
        let caller = try CloudCaller(port: cloud.port)
        async let first = caller.invoke()
        async let second = caller.invoke()
        #expect(try await first.get().requestId == "r")
        #expect(try await second.get().requestId == "r")
        #expect(cloud.calls.count == 4)
    }

    /// Each row: what answers the second try, and whether the correction is kept.
    static let second: [(TestCloud.Reply, isKept: Bool)] = [
        (.answer(TestCloud.success), true), (.answer(TestCloud.failure("ResourceNotFound.FunctionName")), true),
        (.answer(TestCloud.failure("AuthFailure.SignatureExpire"), fields: ["Date: \(TestCloud.date(1))"]), false),
        (.nothing, false),
    ]

    @Test(
        "A date that does not lead to a signature that is taken leaves the clock as it was", arguments: second.indices)
    func wrongDate(row: Int) async throws {
        let (reply, isKept) = Self.second[row]
        let wrong = TestCloud.now + 3600
        let cloud = try TestCloud { _, number in
            switch number {
            case 1:
                .answer(
                    TestCloud.failure("AuthFailure.SignatureExpire"), fields: ["Date: \(TestCloud.date(wrong))"])
            case 2: reply
            default: .answer(TestCloud.success)
            }
        }
        defer { cloud.stop() }
        let caller = try CloudCaller(port: cloud.port)
        _ = try await caller.invoke()
        _ = try await caller.invoke().get()
        let last = isKept ? wrong : TestCloud.now
        #expect(cloud.calls.map { $0.field("X-TC-Timestamp") } == ["\(TestCloud.now)", "\(wrong)", "\(last)"])
    }
}
