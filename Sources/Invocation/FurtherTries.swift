// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Counts the calls that ``CloudInvoker`` has made again. Invokers that take each other's place share one.
public final class FurtherTries: Sendable {
    /// Why a call was made again. In none of these cases had the function started.
    public enum Reason: String, Sendable, CaseIterable {
        /// No byte of it had left this machine.
        case notSent = "not_sent"
        /// The cloud refused it for its rate.
        case rate
        /// The cloud called its signature expired; it was signed again with the cloud's time.
        case clock
    }

    private let notSent = Atomic(0)
    private let rate = Atomic(0)
    private let clock = Atomic(0)

    /// Nothing counted yet.
    public init() {}

    /// Tries for this reason so far.
    public func count(of reason: Reason) -> Int {
        switch reason {
        case .notSent: notSent.load(ordering: .relaxed)
        case .rate: rate.load(ordering: .relaxed)
        case .clock: clock.load(ordering: .relaxed)
        }
    }

    func note(_ reason: Reason) {
        switch reason {
        case .notSent: notSent.add(1, ordering: .relaxed)
        case .rate: rate.add(1, ordering: .relaxed)
        case .clock: clock.add(1, ordering: .relaxed)
        }
    }

    /// Notes a further try after such a failure.
    func note(after failure: RetryRule.Failure) {
        switch failure {
        case .neverSent: note(.notSent)
        case .refused, .other: note(.rate)
        }
    }
}
