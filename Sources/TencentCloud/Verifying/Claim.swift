// SPDX-License-Identifier: Apache-2.0

/// Who a call claims to come from, and when it claims to be signed; and the checks of that which do not depend on how
/// the signature is made.
///
/// The order is the same for every kind of signature: SecretId, time, signature, token. An unknown SecretId takes the
/// same way, and about the same time, as a wrong signature, with a key that nobody has.
struct Claim {
    /// How far a timestamp may be from the verifier's clock, in seconds, to either side, inclusive (document 583/17239).
    static let clockToleranceSeconds = 300

    let secretId: String
    let timestamp: Int
    private let token: String?

    /// An empty token counts as none.
    init(secretId: String, timestamp: Int, token: String?) {
        self.secretId = secretId
        self.timestamp = timestamp
        self.token = token.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The seconds that a timestamp says: one to ten digits, which reach to the year 2286 and overflow nothing.
    static func unixSeconds(_ text: String) -> Int? {
        guard (1...10).contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(text)
    }

    /// - Throws: `AuthFailure.SignatureExpire` where the clocks differ too much; of an unknown SecretId that is not said.
    func checkTime(now: Int, isKnown: Bool) throws(CloudError) {
        guard abs(now - timestamp) > Self.clockToleranceSeconds else { return }
        throw isKnown
            ? SignatureRefusal.signatureExpired(timestamp: timestamp, now: now).error
            : SignatureRefusal.secretIdNotFound.error
    }

    /// The credentials to try the signature with.
    static func candidates(known: [Credential]) -> [Credential] {
        known.isEmpty ? [nobody] : known
    }

    /// Which of the known credentials the call was made with.
    ///
    /// - Parameters:
    ///   - known: The credentials of the SecretId.
    ///   - matches: The indices of those that the signature was made with.
    ///   - detail: What an operator needs to find the mistake where there is none; neither payload nor query.
    /// - Returns: The index of the one whose token the call carries, too.
    /// - Throws: `AuthFailure.SecretIdNotFound`, `AuthFailure.SignatureFailure`, `AuthFailure.TokenFailure`.
    func credentialIndex(
        among known: [Credential], matches: [Int], detail: @autoclosure () -> String
    ) throws(CloudError) -> Int {
        guard !known.isEmpty else { throw SignatureRefusal.secretIdNotFound.error }
        guard !matches.isEmpty else { throw SignatureRefusal.signatureFailure(detail: detail()).error }
        guard let index = matches.first(where: { tokenMatches(known[$0]) }) else {
            throw SignatureRefusal.tokenFailure.error
        }
        return index
    }

    private func tokenMatches(_ credential: Credential) -> Bool {
        guard let expected = credential.token else { return token == nil }
        return token.map(expected.matches) ?? false
    }

    private static let nobody = Credential(secretId: "", secretKey: Secret(""))
}
