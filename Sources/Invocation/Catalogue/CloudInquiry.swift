// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP
import StrictJSON
public import TencentCloud

/// Asks the cloud about functions, signed, without running anything: what time it is there, whether a credential is taken,
/// how long a function may run.
public struct CloudInquiry: Sendable {
    /// What came back.
    public struct Reply: Sendable, Equatable {
        /// The cloud's clock, in UNIX seconds; `nil` where the answer has no date.
        public var time: Int?
        /// Why it was refused; `nil` where it was answered.
        public var refusal: CloudError?
        /// `Timeout` of the answer, in seconds; `nil` where it has none.
        public var timeoutSeconds: Int?
    }

    private let endpoint: CloudEndpoint
    private let region: String
    private let credentials: any CredentialProvider
    private let client: HTTPClient

    /// - Parameters:
    ///   - endpoint: Where the API is.
    ///   - region: Which part of the cloud is asked.
    ///   - credentials: What to sign with.
    ///   - client: Sends the questions; it has to allow plain HTTP where the endpoint does.
    public init(
        endpoint: CloudEndpoint, region: String, credentials: any CredentialProvider, client: HTTPClient
    ) {
        self.endpoint = endpoint
        self.region = region
        self.credentials = credentials
        self.client = client
    }

    /// Asks for as little as `ListFunctions` can be asked for.
    ///
    /// - Parameter now: The time to sign with, in UNIX seconds.
    /// - Returns: What came back.
    /// - Throws: `ClientError.NetworkError` where there is no answer of the API; `InvalidCredential` where there is nothing
    ///   to sign with.
    public func anything(now: Int) async throws(CloudError) -> Reply {
        try await ask(.listFunctions, #"{"Limit":1}"#, now: now)
    }

    /// Asks for what is known about a function.
    ///
    /// - Parameters:
    ///   - name: FunctionName.
    ///   - namespace: Namespace.
    ///   - now: The time to sign with, in UNIX seconds.
    /// - Returns: What came back.
    /// - Throws: As ``anything(now:)``.
    public func function(_ name: String, namespace: String, now: Int) async throws(CloudError) -> Reply {
        var body: [UInt8] = Array(#"{"FunctionName":"#.utf8)
        JSONString.appendQuoted(name, to: &body)
        body += #","Namespace":"#.utf8
        JSONString.appendQuoted(namespace, to: &body)
        body.append(UInt8(ascii: "}"))
        return try await ask(.getFunction, String(decoding: body, as: UTF8.self), now: now)
    }

    private func ask(_ action: CatalogueAction, _ body: String, now: Int) async throws(CloudError) -> Reply {
        let credential = try await credentials.current(at: now).credential
        let request = endpoint.request(
            action: action.rawValue, [ArraySlice(body.utf8)], region: region, timestamp: now,
            by: TC3Signer(credential: credential, host: endpoint.host), timeout: .seconds(15))
        let response: HTTPClient.Response
        do throws(HTTPClientError) {
            response = try await client.send(request)
        } catch {
            throw Self.noAnswer("\(error)")
        }
        guard response.status == 200 else { throw Self.noAnswer("HTTP status \(response.status)") }
        do throws(JSONSyntaxError) {
            var reply = try Self.reply(response.body[...])
            reply.time = response.date.flatMap(HTTPDate.seconds)
            return reply
        } catch {
            throw Self.noAnswer("what came is no answer of the API: \(error)")
        }
    }

    private static func reply(_ body: ArraySlice<UInt8>) throws(JSONSyntaxError) -> Reply {
        var reply = Reply()
        var reader = try JSONObjectReader(body)
        while let member = try reader.nextMember() {
            guard member.name == "Response" else { continue }
            try reader.readObject { response throws(JSONSyntaxError) in
                while let member = try response.nextMember() {
                    switch (member.name, member.kind) {
                    case ("Timeout", .number): reply.timeoutSeconds = try response.readInteger()
                    case ("Error", .object): reply.refusal = try response.readObject(refusal)
                    default: continue
                    }
                }
            }
        }
        return reply
    }

    private static func refusal(_ reader: inout JSONObjectReader) throws(JSONSyntaxError) -> CloudError {
        var (code, message) = ("", "")
        while let member = try reader.nextMember() {
            switch member.name {
            case "Code": code = try reader.readString()
            case "Message" where member.kind == .string: message = try reader.readString()
            default: continue
            }
        }
        return CloudError(ErrorCode(rawValue: code), message)
    }

    private static func noAnswer(_ reason: String) -> CloudError {
        CloudError("ClientError.NetworkError", reason)
    }
}
