// SPDX-License-Identifier: Apache-2.0

/// An Authorization header, taken apart.
///
/// ```
/// TC3-HMAC-SHA256 Credential=ID/2019-02-25/scf/tc3_request, SignedHeaders=content-type;host, Signature=64 hex digits
/// ```
///
/// The grammar is exact but for the spaces after the method and around the commas, of which there may be none or
/// several. `SKIP`, which a few other APIs take for unsigned calls, is refused like any other method.
struct Authorization {
    /// The longest header that is looked at. Real ones are about 200 bytes long.
    static let maximumBytes = 4_096
    /// The longest SecretId; those of temporary credentials are about 80 bytes long.
    static let maximumSecretIdBytes = 256
    /// The longest service name.
    static let maximumServiceBytes = 128
    /// How many headers may be signed.
    static let maximumSignedHeaders = 32

    let secretId: String
    /// `YYYY-MM-DD` in form; whether it is the right day is for the verifier to say.
    let date: [UInt8]
    let service: String
    /// Lower case, in ascending order, each once.
    let signedHeaders: [String]
    let signature: SHA256Digest

    /// Takes a header value apart; `nil` where it breaks the grammar or a bound.
    init?(_ value: String) {
        guard value.utf8.count <= Self.maximumBytes else { return nil }
        var rest = Array(value.utf8)[...]
        guard Self.skip(TC3.algorithm, in: &rest), Self.skipSpaces(in: &rest) > 0,
            Self.skip("Credential=", in: &rest),
            let secretId = Self.take(upTo: "/", in: &rest), Self.isSecretId(secretId),
            let date = Self.take(upTo: "/", in: &rest), Self.isDate(date),
            let service = Self.take(upTo: "/", in: &rest), Self.isService(service),
            Self.skip(TC3.terminator, in: &rest), Self.skipComma(in: &rest),
            Self.skip("SignedHeaders=", in: &rest),
            let signedHeaders = Self.takeSignedHeaders(in: &rest), Self.skipComma(in: &rest),
            Self.skip("Signature=", in: &rest),
            let signature = Hex.digest(rest)
        else { return nil }
        self.secretId = String(decoding: secretId, as: UTF8.self)
        self.date = Array(date)
        self.service = String(decoding: service, as: UTF8.self)
        self.signedHeaders = signedHeaders
        self.signature = signature
    }

    /// Whether `text` can stand as a SecretId in the header: visible ASCII without the two separators.
    static func isSecretId(_ text: some Collection<UInt8>) -> Bool {
        (1...maximumSecretIdBytes).contains(text.count)
            && text.allSatisfy {
                (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ",")
            }
    }

    private static func isDate(_ text: ArraySlice<UInt8>) -> Bool {
        text.count == 10
            && zip(text, "dddd-dd-dd".utf8).allSatisfy { character, form in
                form == UInt8(ascii: "d") ? isDigit(character) : character == form
            }
    }

    /// A label of a host name, or, from SDKs that cut the endpoint at its first dot, `127` or `localhost:9000`.
    private static func isService(_ text: ArraySlice<UInt8>) -> Bool {
        (1...maximumServiceBytes).contains(text.count)
            && text.allSatisfy { isLowerCaseNameCharacter($0) || isUpperCase($0) || $0 == UInt8(ascii: ":") }
    }

    private static func takeSignedHeaders(in rest: inout ArraySlice<UInt8>) -> [String]? {
        let list = rest.prefix { isLowerCaseNameCharacter($0) || $0 == UInt8(ascii: ";") }
        rest = rest.dropFirst(list.count)
        let names = list.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard names.count <= maximumSignedHeaders, !names.contains(""),
            zip(names, names.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        return names
    }

    private static func isLowerCaseNameCharacter(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: isDigit(character)
        }
    }

    private static func isUpperCase(_ character: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(character)
    }

    private static func isDigit(_ character: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
    }

    private static func skip(_ text: String, in rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private static func take(upTo separator: Unicode.Scalar, in rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let index = rest.firstIndex(of: UInt8(ascii: separator)) else { return nil }
        defer { rest = rest[(index + 1)...] }
        return rest[..<index]
    }

    private static func skipSpaces(in rest: inout ArraySlice<UInt8>) -> Int {
        let count = rest.prefix { $0 == UInt8(ascii: " ") }.count
        rest = rest.dropFirst(count)
        return count
    }

    private static func skipComma(in rest: inout ArraySlice<UInt8>) -> Bool {
        _ = skipSpaces(in: &rest)
        guard skip(",", in: &rest) else { return false }
        _ = skipSpaces(in: &rest)
        return true
    }
}
