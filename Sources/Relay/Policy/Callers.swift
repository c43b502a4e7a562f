// SPDX-License-Identifier: Apache-2.0

import Invocation
import Synchronization
import TencentCloud

/// Who may use the relay's cloud API: finds a caller's keys, and lets calls in by that caller's rules.
final class Callers: CloudAPIAccess {
    /// What the calls with one SecretId need.
    private struct Holder {
        let caller: String
        let hasSeveralKeys: Bool
        let credentials: [Credential]
        /// One for each of `credentials`.
        let uses: [KeyUse]
        let invoker: any Invoker
    }

    /// How often each key was used, in the order of the configuration. A key that is no longer used can be taken out.
    let keyUses: [KeyUse]
    private let holders: [String: Holder]

    /// Creates the callers of a relay.
    ///
    /// - Parameters:
    ///   - callers: Who they are. No SecretId belongs to two of them.
    ///   - previous: Those that they take the place of: keys that stay are counted on.
    ///   - policed: Makes the invoker that holds a caller to its rules.
    init(_ callers: [Caller], succeeding previous: Callers? = nil, policed: (Caller) -> any Invoker) {
        var holders: [String: Holder] = [:]
        var keyUses: [KeyUse] = []
        for caller in callers {
            let invoker = policed(caller)
            let keys = caller.keys.enumerated().map { index, key in
                let counter = previous?.counter(of: key)
                return (
                    credential: key, use: KeyUse(key, of: caller.name, number: index + 1, counter: counter)
                )
            }
            keyUses += keys.map(\.use)
            for (secretId, own) in Dictionary(grouping: keys, by: \.credential.secretId) {
                holders[secretId] = Holder(
                    caller: caller.name, hasSeveralKeys: keys.count > 1, credentials: own.map(\.credential),
                    uses: own.map(\.use), invoker: invoker)
            }
        }
        self.holders = holders
        self.keyUses = keyUses
    }

    private func counter(of key: Credential) -> KeyUse.Counter? {
        guard let holder = holders[key.secretId] else { return nil }
        return holder.credentials.firstIndex(of: key).map { holder.uses[$0].counter }
    }

    func credentials(of secretId: String) -> [Credential] {
        holders[secretId]?.credentials ?? []
    }

    func admit(_ caller: VerifiedCaller) -> Admission {
        guard let holder = holders[caller.secretId], holder.uses.indices.contains(caller.credentialIndex) else {
            preconditionFailure("a call was verified with a key that nobody has")
        }
        let use = holder.uses[caller.credentialIndex]
        use.counter.count()
        return Admission(
            name: holder.caller, invoker: holder.invoker, key: holder.hasSeveralKeys ? use.number : nil)
    }
}

/// A caller's key, and the calls that were signed with it.
struct KeyUse: Sendable {
    /// The caller's name.
    let caller: String
    /// The key's SecretId. Two keys of a caller may share it.
    let secretId: String
    /// Which of the caller's keys it is, from 1.
    let number: Int
    fileprivate let counter: Counter

    fileprivate init(_ key: Credential, of caller: String, number: Int, counter: Counter?) {
        self.caller = caller
        secretId = key.secretId
        self.number = number
        self.counter = counter ?? Counter()
    }

    /// Calls whose signature was right, whatever came of them.
    var calls: Int { counter.calls }

    /// Goes with the key, whatever its place among the caller's keys.
    fileprivate final class Counter: Sendable {
        private let counted = Atomic(0)

        var calls: Int { counted.load(ordering: .relaxed) }

        func count() {
            counted.add(1, ordering: .relaxed)
        }
    }
}
