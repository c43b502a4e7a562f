// SPDX-License-Identifier: Apache-2.0

/// Verifies calls of the cloud's API, however they are signed, and lets none of them pass a second time.
public struct CallVerifier: Sendable {
    /// What a verifier may be told beside the credentials.
    public struct Settings: Sendable {
        /// Names that clients may sign instead of the `Host` they send.
        public var hostAliases: [String] = []
        /// Whether TC3's `X-TC-Content-SHA256: UNSIGNED-PAYLOAD` is honoured. Nothing binds the body to the signature then.
        public var acceptsUnsignedPayload = false
        /// Whether a TC3 call is refused that comes a second time.
        ///
        /// TC3 has no Nonce: two honest calls with the same parameters in the same second are the same bytes, and a
        /// client that makes them would see one of them refused. So this is off unless somebody wants it.
        public var refusesRepeatedTC3 = false

        /// The strict settings.
        public init() {}
    }

    private let tc3: TC3Verifier
    private let v1: V1Verifier
    private let memory: ReplayMemory
    private let refusesRepeatedTC3: Bool

    /// Creates a verifier.
    ///
    /// - Parameters:
    ///   - settings: What is accepted.
    ///   - memory: Which calls have passed; one for all verifiers of the same callers.
    ///   - credentials: The credentials of a SecretId: none where it is unknown, several while a key is replaced.
    public init(
        _ settings: Settings = Settings(), memory: ReplayMemory = ReplayMemory(),
        credentials: @escaping @Sendable (_ secretId: String) -> [Credential]
    ) {
        tc3 = TC3Verifier(
            hostAliases: settings.hostAliases, acceptsUnsignedPayload: settings.acceptsUnsignedPayload,
            credentials: credentials)
        v1 = V1Verifier(hostAliases: settings.hostAliases, credentials: credentials)
        self.memory = memory
        refusesRepeatedTC3 = settings.refusesRepeatedTC3
    }

    /// Verifies one call.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - body: Its body as sent.
    ///   - now: The time, in UNIX seconds.
    /// - Returns: Who called.
    /// - Throws: The cloud's code and text.
    public func verify(_ call: APICall, body: Span<UInt8>, now: Int) throws(CloudError) -> VerifiedCaller {
        guard let form = call.form else {
            let verification = try tc3.verification(
                method: call.method, query: call.query, body: body, now: now, header: call.header)
            if refusesRepeatedTC3 { try memory.use(verification, now: now) }
            return verification.caller
        }
        let uncovered = call.method == "POST" ? !call.query.isEmpty : !body.isEmpty
        let verification = try v1.verification(
            method: call.method, host: call.header("Host") ?? "", parameters: form, hasMore: uncovered, now: now)
        try memory.use(verification, now: now)
        return verification.caller
    }
}
