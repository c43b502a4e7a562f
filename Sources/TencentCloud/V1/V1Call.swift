// SPDX-License-Identifier: Apache-2.0

/// A call that claims to be signed with v1: what its parameters say, checked for form but not yet for truth.
struct V1Call {
    let method: String
    let host: String
    let parameters: [FormParameter]
    let signature: String
    let algorithm: V1Algorithm
    let claim: Claim

    /// Reads a call's parameters.
    init(method: String, host: String, parameters: FormParameters) throws(CloudError) {
        guard method == "GET" || method == "POST" else { throw SignatureRefusal.unsupportedProtocol.error }
        for parameter in [.action, .version] as [CommonParameter] { _ = try Self.required(parameter, in: parameters) }
        let timestampText = try Self.required(.timestamp, in: parameters)
        let nonce = try Self.required(.nonce, in: parameters)
        let secretId = try Self.required(.secretId, in: parameters)
        signature = try Self.required(.signature, in: parameters)
        guard let timestamp = Claim.unixSeconds(timestampText) else { throw SignatureRefusal.malformedTimestamp.error }
        guard Self.isNonce(nonce) else { throw SignatureRefusal.malformedNonce.error }

        self.method = method
        self.host = host
        self.parameters = parameters.all
        algorithm = V1Algorithm(signatureMethod: parameters[CommonParameter.signatureMethod.rawValue])
        claim = Claim(
            secretId: secretId, timestamp: timestamp, token: parameters[CommonParameter.token.rawValue])
    }

    /// Why the signature proves nothing, whatever the key; `nil` where it could.
    var problem: String? {
        if host.isEmpty || HeaderText.hasControlCharacter(host) { return "no host that could be signed" }
        // Values are signed raw: with an '&' in it, what was signed as one parameter could be sent as two.
        let divided = parameters.contains {
            CommonParameter(rawValue: $0.name) != nil && $0.value.contains(UInt8(ascii: "&"))
        }
        return divided ? "a common parameter with '&' in its value" : nil
    }

    /// The texts that official clients sign for these parameters, the most likely first.
    func texts() -> [V1Text] {
        let signed = parameters.filter { $0.name != CommonParameter.signature.rawValue }
        let hasUnderscore = signed.contains { $0.name.utf8.contains(UInt8(ascii: "_")) }
        return (hasUnderscore ? V1Text.Names.allCases : [.dotted])
            .map { V1Text(method: method, parameters: signed, names: $0) }
    }

    /// A number that fits 64 bits: Python's SDK draws from 63 of them, that for Node.js from 0 to 65,535.
    private static func isNonce(_ text: String) -> Bool {
        (1...20).contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } && UInt64(text) != nil
    }

    private static func required(
        _ parameter: CommonParameter, in parameters: FormParameters
    ) throws(CloudError) -> String {
        guard let value = parameters[parameter.rawValue], !value.isEmpty else {
            throw SignatureRefusal.missingParameter(name: parameter.rawValue).error
        }
        return value
    }
}
