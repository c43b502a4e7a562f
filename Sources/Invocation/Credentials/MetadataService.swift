// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP
public import TencentCloud

/// The metadata service of the cloud's machines, which gives out the temporary credentials of a machine's role.
public struct MetadataService: Sendable, CustomStringConvertible {
    /// Where it is, seen from any machine of the cloud.
    public static let standardEndpoint = "http://metadata.tencentyun.com"
    /// Time for each of the two requests. The service is next door; one that takes longer is not there.
    public static let timeout: Duration = .seconds(2)
    /// Bytes of an answer. A real one has about 1 KB.
    static let answerBytes = 16_384
    private static let path = "latest/meta-data/cam/security-credentials/"

    private let url: String
    private let client: HTTPClient
    private let timeout: Duration

    /// Creates a client of the service.
    ///
    /// - Parameters:
    ///   - endpoint: Where it is; ``standardEndpoint`` except in tests and behind gateways.
    ///   - client: Sends the requests; made with ``clientSettings``.
    ///   - timeout: Time for each of the two requests.
    public init(endpoint: CloudEndpoint, client: HTTPClient, timeout: Duration = Self.timeout) {
        url = endpoint.url + Self.path
        self.client = client
        self.timeout = timeout
    }

    /// What an HTTP client for this service needs: plain HTTP, and bounds as small as the answers.
    public static var clientSettings: HTTPClient.Settings {
        var settings = HTTPClient.Settings()
        settings.allowsPlainHTTP = true
        settings.connectTimeout = .seconds(1)
        settings.responseBytes = answerBytes
        settings.idleConnections = 1
        return settings
    }

    /// Where it is.
    public var description: String { "the metadata service (\(url))" }

    /// Asks for the machine's role, and for the credential of that role. The role may be another one each time.
    ///
    /// - Throws: `InvalidCredential`, saying what the service did, never a value.
    public func credential() async throws(CloudError) -> RoleCredential {
        let roles = try await get(url, orIfAbsent: "says that this machine has no role")
        guard let role = Self.roleName(in: roles) else { throw refusal("gives no name of a role") }
        let answer = try await get(url + role, orIfAbsent: "knows nothing of the role \(role)")
        return try RoleCredential(answer: answer, from: "the answer of \(self) for the role \(role)")
    }

    private func get(_ url: String, orIfAbsent absence: String) async throws(CloudError) -> [UInt8] {
        let response: HTTPClient.Response
        do throws(HTTPClientError) {
            response = try await client.send(.init(getting: url, timeout: timeout))
        } catch {
            throw refusal("does not answer: \(error)")
        }
        switch response.status {
        case 200: return response.body
        case 404: throw refusal(absence)
        default: throw refusal("answers with HTTP status \(response.status)")
        }
    }

    /// The name, white space around it left out; `nil` for what cannot be one, and must not become part of a path.
    private static func roleName(in answer: [UInt8]) -> String? {
        let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        let rest = answer.drop(while: isSpace)
        guard let end = rest.lastIndex(where: { !isSpace($0) }) else { return nil }
        let name = rest[...end]
        guard name.count <= 128, name.allSatisfy(isNameByte), name.contains(where: { $0 != UInt8(ascii: ".") }) else {
            return nil
        }
        return String(decoding: name, as: UTF8.self)
    }

    /// CAM allows letters, digits and `+=,.@_-` in a role's name.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "+=,.@_-".utf8.contains(byte)
        }
    }

    private func refusal(_ what: String) -> CloudError {
        CloudError("InvalidCredential", "\(self) \(what).")
    }
}
