// SPDX-License-Identifier: Apache-2.0

import TencentCloud
import Testing

@testable import Invocation

@Suite("What is tried again")
struct RetryRuleTests {
    static let rows: [(failure: RetryRule.Failure, pauses: [Duration?])] = [
        (.neverSent, [.milliseconds(200), .milliseconds(400), nil, nil]),
        (.refused("RequestLimitExceeded"), [.seconds(1), .seconds(2), nil, nil]),
        (.refused("RequestLimitExceeded.UinLimitExceeded"), [.seconds(1), .seconds(2), nil, nil]),
        (.refused("RequestLimitExceededOtherwise"), [nil, nil, nil, nil]),
        (.refused("InternalError"), [nil, nil, nil, nil]),
        (.refused("AuthFailure.SignatureExpire"), [nil, nil, nil, nil]),
        (.refused("ResourceUnavailable.InsufficientBalance"), [nil, nil, nil, nil]), (.other, [nil, nil, nil, nil]),
    ]

    @Test("Only what provably did not start, and twice at the most", arguments: rows)
    func table(failure: RetryRule.Failure, pauses: [Duration?]) {
        #expect((1...4).map { RetryRule().pause(after: failure, attempt: $0) } == pauses)
    }
}
