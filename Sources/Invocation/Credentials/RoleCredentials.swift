// SPDX-License-Identifier: Apache-2.0

import Synchronization
public import TencentCloud

/// The credential of a machine's role: fetched anew before it ends, by one fetch at a time.
///
/// Calls go on with the credential that there is while a new one is fetched, and also where that fails, until it ends.
/// Only then do they wait, all for the same fetch.
public final class RoleCredentials: CredentialProvider {
    /// Seconds before its end from which on a credential is replaced. The official Python SDK does it then, too.
    public static let refreshSeconds = 300
    /// Time between fetches that bring nothing new: from the first value, doubled each time, to the last.
    static let pauses: ClosedRange<Duration> = .seconds(1) ... .seconds(60)

    /// Gets a credential; ``MetadataService/credential()``.
    public typealias Fetch = @Sendable () async throws(CloudError) -> RoleCredential
    /// Is told what came of each fetch: for the log.
    public typealias Observer = @Sendable (Result<RoleCredential, CloudError>) -> Void

    fileprivate struct State {
        var held: (current: CurrentCredential, end: Int, since: ContinuousClock.Instant)?
        /// Fetches that brought a credential, and that did not.
        var fetched = 0
        var failed = 0
        var fetching: Task<Void, Never>?
        /// Why the last fetch failed.
        var failure: CloudError?
        /// Fetches in a row that brought nothing new, and when there may be another.
        var fruitless = 0
        var nextFetch: ContinuousClock.Instant?
    }

    private enum Step {
        case use(CurrentCredential)
        case wait(Task<Void, Never>)
        case fail(CloudError)
    }

    private let fetch: Fetch
    private let observe: Observer
    private let monotonic: @Sendable () -> ContinuousClock.Instant
    private let known = Mutex(State())

    /// Creates a provider that has nothing yet: the first call waits.
    ///
    /// - Parameters:
    ///   - fetch: Gets a credential, within seconds.
    ///   - observe: Is told what came of each fetch.
    ///   - monotonic: A clock that nobody sets, for the time between fetches.
    public init(
        fetch: @escaping Fetch, observe: @escaping Observer = { _ in },
        monotonic: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.fetch = fetch
        self.observe = observe
        self.monotonic = monotonic
    }

    /// The role's credential.
    ///
    /// - Parameter now: The cloud's time as far as it is known, in UNIX seconds.
    /// - Returns: The one that there is, as long as it is good.
    /// - Throws: `InvalidCredential` where there is none that is still good; the operators' detail names the reason.
    public func current(at now: Int) async throws(CloudError) -> CurrentCredential {
        switch step(at: now) {
        case .use(let current): return current
        case .fail(let error): throw error
        case .wait(let fetching): await fetching.value
        }
        return try known.withLock { (state) throws(CloudError) in
            guard let held = state.held, now < held.end else { throw Self.unavailable(state.failure) }
            return held.current
        }
    }

    /// What is known of the credential, whether it is still good or not.
    public var state: CredentialState? {
        known.withLock { state in
            state.held.map {
                CredentialState(
                    age: monotonic() - $0.since, end: $0.end, fetched: state.fetched, failed: state.failed)
            }
        }
    }

    private func step(at now: Int) -> Step {
        known.withLock { state in
            let usable = state.held.flatMap { now < $0.end ? $0 : nil }
            if let usable, now < usable.end - Self.refreshSeconds { return .use(usable.current) }
            if state.fetching == nil, state.nextFetch.map({ $0 <= monotonic() }) ?? true {
                // Starts after the lock is let go, on a thread of its own.
                state.fetching = Task { await self.refresh() }
            }
            if let usable { return .use(usable.current) }
            if let fetching = state.fetching { return .wait(fetching) }
            return .fail(Self.unavailable(state.failure))
        }
    }

    private func refresh() async {
        let outcome: Result<RoleCredential, CloudError>
        do throws(CloudError) {
            outcome = .success(try await fetch())
        } catch {
            outcome = .failure(error)
        }
        known.withLock { $0.take(outcome, at: monotonic()) }
        observe(outcome)
    }

    private static func unavailable(_ reason: CloudError?) -> CloudError {
        CloudError(
            "InvalidCredential",
            "The relay has no credential for the cloud: the metadata service gave none that is still good. The function was not run.",
            httpStatus: 502, operatorDetail: reason?.message ?? "the credential that it gave has ended already")
    }
}

extension RoleCredentials.State {
    /// Takes over what came of a fetch.
    fileprivate mutating func take(_ outcome: Result<RoleCredential, CloudError>, at time: ContinuousClock.Instant) {
        fetching = nil
        switch outcome {
        case .success(let new):
            failure = nil
            fetched += 1
            // The service goes on giving the same credential until it has made another.
            if let held, held.current.credential == new.credential, held.end == new.end { break }
            let version = (held?.current.version ?? 0) + 1
            held = (CurrentCredential(new.credential, version: version), new.end, time)
            fruitless = 0
        case .failure(let error):
            failure = error
            failed += 1
        }
        fruitless += 1
        nextFetch = time + pause
    }

    private var pause: Duration {
        let pauses = RoleCredentials.pauses
        return min(pauses.upperBound, pauses.lowerBound * (1 << min(fruitless - 1, 10)))
    }
}
