// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TencentCloud
import Testing

@testable import Invocation

/// When a role's credential is fetched, and what calls get meanwhile.
@Suite("The credential of a role", .timeLimit(.minutes(2)))
struct RoleCredentialsTests {
    private let source = FakeSource()

    @Test("The first call waits for a credential; later ones take it as it is")
    func first() async throws {
        source.bring(.success(FakeSource.credential("one", end: 10_000)))
        for now in [0, 1, 9_699] { #expect(try await source.secretId(at: now) == "one") }
        #expect(source.fetches == 1)
    }

    @Test("A hundred calls at once are one fetch, and all get what it brings")
    func singleFlight() async throws {
        source.hold()
        let calls = (0..<100).map { _ in Task { [source] in try await source.secretId(at: 0) } }
        await source.eventually { $0.fetches == 1 }
        source.letGo(.success(FakeSource.credential("one", end: 10_000)))
        for call in calls { #expect(try await call.value == "one") }
        #expect(source.fetches == 1)
    }

    @Test("300 s before its end a credential is replaced, while calls go on with it")
    func refresh() async throws {
        try await source.begin("one", end: 10_000)
        source.hold()
        for now in [9_700, 9_701, 9_999] { #expect(try await source.secretId(at: now) == "one") }
        await source.eventually { $0.fetches == 2 }
        source.letGo(.success(FakeSource.credential("two", end: 20_000)))
        await source.eventually { $0.observed.count == 2 }
        let version = try await source.provider.current(at: 9_999).version
        #expect(try await source.secretId(at: 9_999) == "two")
        #expect(version == 2)
        #expect(source.fetches == 2)
        source.pass(.seconds(30))
        #expect(
            source.provider.state == CredentialState(age: .seconds(30), end: 20_000, fetched: 2, failed: 0))
    }

    @Test("A fetch that fails leaves the credential to calls until its end, and then says why there is none")
    func failure() async throws {
        try await source.begin("one", end: 10_000)
        source.bring(.failure(FakeSource.gone))
        #expect(try await source.secretId(at: 9_800) == "one")
        await source.eventually { $0.observed.count == 2 }
        #expect(try await source.secretId(at: 9_999) == "one")
        let error = await #expect(throws: CloudError.self) { try await source.secretId(at: 10_000) }
        #expect(error?.code == "InvalidCredential")
        #expect(error?.httpStatus == 502)
        #expect(error?.message.contains("metadata service") == true)
        #expect(error?.message.contains("not run") == true)
        #expect(error?.operatorDetail == FakeSource.gone.message)
        #expect(source.fetches == 2)
    }

    @Test("Fetches that fail are 1, 2, 4 … 60 s apart, however many calls there are")
    func backOff() async throws {
        for pause in [1, 2, 4, 8, 16, 32, 60, 60] {
            let before = source.fetches
            source.bring(.failure(FakeSource.gone))
            _ = try? await source.secretId(at: 0)
            #expect(source.fetches == before + 1)
            source.pass(.seconds(pause) - .milliseconds(1))
            for _ in 0..<3 { _ = try? await source.secretId(at: 0) }
            #expect(source.fetches == before + 1)
            source.pass(.milliseconds(1))
        }
        source.bring(.success(FakeSource.credential("one", end: 10_000)))
        #expect(try await source.secretId(at: 0) == "one")
    }

    @Test("A service that goes on giving the same credential is not asked at every call")
    func sameAgain() async throws {
        try await source.begin("one", end: 10_000)
        let version = try await source.provider.current(at: 0).version
        source.bring(.success(FakeSource.credential("one", end: 10_000)))
        for _ in 0..<5 { #expect(try await source.secretId(at: 9_800) == "one") }
        await source.eventually { $0.observed.count == 2 }
        for _ in 0..<5 { #expect(try await source.secretId(at: 9_800) == "one") }
        #expect(source.fetches == 2)
        #expect(try await source.provider.current(at: 9_800).version == version)
    }

    @Test("A credential that has ended when it comes is none")
    func endedAlready() async throws {
        source.bring(.success(FakeSource.credential("old", end: 500)))
        let error = await #expect(throws: CloudError.self) { try await source.secretId(at: 500) }
        #expect(error?.operatorDetail?.contains("ended") == true)
    }

    @Test("A caller who has gone does not end the fetch for the others")
    func cancelled() async throws {
        source.hold()
        let leaver = Task { [source] in try await source.secretId(at: 0) }
        await source.eventually { $0.fetches == 1 }
        let other = Task { [source] in try await source.secretId(at: 0) }
        leaver.cancel()
        source.letGo(.success(FakeSource.credential("one", end: 10_000)))
        #expect(try await other.value == "one")
        #expect(source.fetches == 1)
    }
}

/// A source of credentials that does what a test says, and the provider in front of it.
private struct FakeSource: Sendable {
    typealias Outcome = Result<RoleCredential, CloudError>

    private struct State {
        var fetches = 0
        var script: [Outcome] = []
        var isHeld = false
        var waiting: CheckedContinuation<Outcome, Never>?
        var observed: [Outcome] = []
        var time = ContinuousClock.now
    }

    private final class Shared: Sendable {
        let state = Mutex(State())

        func fetch() async -> Outcome {
            await withCheckedContinuation { continuation in
                let outcome: Outcome? = state.withLock { state in
                    state.fetches += 1
                    if state.isHeld {
                        state.waiting = continuation
                        return nil
                    }
                    return state.script.isEmpty ? .failure(FakeSource.gone) : state.script.removeFirst()
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        }
    }

    static let gone = CloudError("InvalidCredential", "the service is gone")

    private let shared = Shared()
    let provider: RoleCredentials

    init() {
        provider = RoleCredentials(
            fetch: { [shared] () async throws(CloudError) in try await shared.fetch().get() },
            observe: { [shared] outcome in shared.state.withLock { $0.observed.append(outcome) } },
            monotonic: { [shared] in shared.state.withLock { $0.time } })
    }

    var fetches: Int { shared.state.withLock { $0.fetches } }
    var observed: [Outcome] { shared.state.withLock { $0.observed } }

    /// Says what the next fetches bring; without it they fail.
    func bring(_ outcomes: Outcome...) { shared.state.withLock { $0.script = outcomes } }
    /// The next fetch waits for ``letGo(_:)``.
    func hold() { shared.state.withLock { $0.isHeld = true } }

    func letGo(_ outcome: Outcome) {
        let waiting = shared.state.withLock { state in
            defer { (state.isHeld, state.waiting) = (false, nil) }
            return state.waiting
        }
        waiting?.resume(returning: outcome)
    }

    func pass(_ time: Duration) { shared.state.withLock { $0.time += time } }

    /// Fetches a first credential.
    func begin(_ secretId: String, end: Int) async throws {
        bring(.success(Self.credential(secretId, end: end)))
        #expect(try await self.secretId(at: 0) == secretId)
        // The pause after it is over.
        pass(.seconds(60))
    }

    func secretId(at now: Int) async throws -> String {
        try await provider.current(at: now).credential.secretId
    }

    func eventually(
        sourceLocation: SourceLocation = #_sourceLocation, _ condition: (FakeSource) -> Bool
    ) async {
        let end = ContinuousClock.now + .seconds(60)
        while !condition(self) {
            guard ContinuousClock.now < end else {
                Issue.record("it never comes to that", sourceLocation: sourceLocation)
                return
            }
            await Task.yield()
        }
    }

    static func credential(_ secretId: String, end: Int) -> RoleCredential {
        RoleCredential(
            credential: Credential(secretId: secretId, secretKey: Secret("key"), token: Secret("token")), end: end)
    }
}
