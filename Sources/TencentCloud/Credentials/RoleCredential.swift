// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// The temporary credential of a machine's role, and when it ends.
public struct RoleCredential: Sendable, Equatable {
    /// What to sign with; it has a token.
    public let credential: Credential
    /// When the cloud stops taking it, in UNIX seconds.
    public let end: Int

    /// Takes a credential as it is.
    public init(credential: Credential, end: Int) {
        self.credential = credential
        self.end = end
    }

    /// Reads an answer of the metadata service:
    /// `{"Code":"Success","TmpSecretId":"…","TmpSecretKey":"…","Token":"…","ExpiredTime":1543220000,…}`.
    ///
    /// - Parameters:
    ///   - answer: The whole answer. Members with other names are checked to be JSON and passed over.
    ///   - place: What error messages call it.
    /// - Throws: `InvalidCredential`, saying what is missing or wrong, never a value.
    public init(answer: [UInt8], from place: String) throws(CloudError) {
        let members: [Member: Value]
        do throws(JSONSyntaxError) {
            members = try Self.read(answer)
        } catch {
            throw .invalidCredential("\(place) is not the JSON that was expected: \(error).")
        }
        guard case .text("Success") = members[.code] else {
            throw .invalidCredential("\(place) does not say \"Code\": \"Success\".")
        }
        // Until the year 9999, so that sums of times stay within their type.
        guard case .number(let end) = members[.expiredTime], (1...253_402_300_799).contains(end) else {
            throw .invalidCredential("ExpiredTime in \(place) is no time in UNIX seconds.")
        }
        func text(_ member: Member) -> String? { members[member]?.text }
        self.end = end
        credential = Credential(
            secretId: try CredentialText.checkedSecretId(text(.secretId), name: Member.secretId.rawValue, place: place),
            secretKey: Secret(
                try CredentialText.checked(text(.secretKey), name: Member.secretKey.rawValue, place: place)),
            token: Secret(try CredentialText.checked(text(.token), name: Member.token.rawValue, place: place)))
    }

    private enum Member: String {
        case code = "Code"
        case secretId = "TmpSecretId"
        case secretKey = "TmpSecretKey"
        case token = "Token"
        case expiredTime = "ExpiredTime"
    }

    private enum Value {
        case text(String)
        case number(Int)

        var text: String? { if case .text(let text) = self { text } else { nil } }
    }

    private static func read(_ answer: [UInt8]) throws(JSONSyntaxError) -> [Member: Value] {
        var members: [Member: Value] = [:]
        var reader = try JSONObjectReader(answer[...], bounds: .init(memberCount: 32, nameBytes: 64, depth: 8))
        while let next = try reader.nextMember() {
            switch Member(rawValue: next.name) {
            case nil: continue
            case .expiredTime: members[.expiredTime] = .number(try reader.readInteger())
            case .some(let member): members[member] = .text(try reader.readString())
            }
        }
        return members
    }
}
