// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP
import FoundationEssentials
public import TencentCloud

/// Asks the cloud which functions there are, signed with the relay's own credential. Nothing is tried again.
public struct CloudCatalogue: Sendable {
    /// What the cloud says of a function.
    public struct Function: Sendable, Equatable, Decodable {
        /// Its name.
        public let functionName: String
        /// What it is for; may be empty.
        public let description: String?
        /// What runs it, such as `Python3.7`.
        public let runtime: String?
        /// `Active`, or why not.
        public let status: String?

        private enum CodingKeys: String, CodingKey {
            case functionName = "FunctionName"
            case description = "Description"
            case runtime = "Runtime"
            case status = "Status"
        }

        /// Creates a function.
        public init(functionName: String, description: String? = nil, runtime: String? = nil, status: String? = nil) {
            self.functionName = functionName
            self.description = description
            self.runtime = runtime
            self.status = status
        }
    }

    /// Functions that one answer may have: the most that the console asks for.
    private static let pageSize = 100
    /// Functions of a namespace that are looked at.
    private static let maximumCount = 2_000

    let endpoint: CloudEndpoint
    let region: String
    let signer: CurrentSigner
    let client: HTTPClient
    let timeout: Duration
    let clock: CloudClock

    /// Creates a catalogue.
    ///
    /// - Parameters:
    ///   - endpoint: Where the API is.
    ///   - region: Where the functions are.
    ///   - credentials: What to sign with.
    ///   - client: Sends the calls; it has to allow plain HTTP where the endpoint does.
    ///   - timeout: Time for one call.
    ///   - clock: The cloud's time.
    public init(
        endpoint: CloudEndpoint, region: String, credentials: any CredentialProvider, client: HTTPClient,
        timeout: Duration = .seconds(5), clock: CloudClock
    ) {
        self.endpoint = endpoint
        self.region = region
        self.client = client
        self.timeout = timeout
        self.clock = clock
        signer = CurrentSigner(credentials: credentials, host: endpoint.host)
    }

    /// The functions of a namespace.
    ///
    /// - Throws: The cloud's own codes, such as `UnauthorizedOperation` where the credential may not ask;
    ///   `ClientError.NetworkError` and `ClientError.Timeout`; `InvalidCredential`.
    public func functions(of namespace: String) async throws(CloudError) -> [Function] {
        var functions: [Function] = []
        while true {
            let page = try await page(of: namespace, from: functions.count)
            functions += page.functions
            if page.functions.isEmpty || functions.count >= min(page.totalCount, Self.maximumCount) { return functions }
        }
    }

    private func page(of namespace: String, from offset: Int) async throws(CloudError) -> Answer {
        let question = Question(namespace: namespace, offset: offset, limit: Self.pageSize)
        // Texts and whole numbers alone: there is nothing in it that could fail to be encoded.
        let body = Array((try? JSONEncoder().encode(question)) ?? Data())
        let timestamp = clock.now()
        let signer = try await self.signer.signer(at: timestamp)
        let request = endpoint.request(
            action: CatalogueAction.listFunctions.rawValue, [body[...]], region: region, timestamp: timestamp,
            by: signer, timeout: timeout)
        let response: HTTPClient.Response
        do throws(HTTPClientError) {
            response = try await client.send(request)
        } catch {
            throw CallFailure(error).error
        }
        guard let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(response.body)) else {
            throw CloudError("ClientError.NetworkError", "The answer to ListFunctions is not what the API promises.")
        }
        if let refusal = envelope.response.error {
            throw CloudError(ErrorCode(rawValue: refusal.code), refusal.message)
        }
        return Answer(functions: envelope.response.functions ?? [], totalCount: envelope.response.totalCount ?? 0)
    }

    private struct Answer {
        let functions: [Function]
        let totalCount: Int
    }

    private struct Question: Encodable {
        let namespace: String
        let offset: Int
        let limit: Int

        enum CodingKeys: String, CodingKey {
            case namespace = "Namespace"
            case offset = "Offset"
            case limit = "Limit"
        }
    }

    private struct Envelope: Decodable {
        struct Response: Decodable {
            let functions: [Function]?
            let totalCount: Int?
            let error: Refusal?

            enum CodingKeys: String, CodingKey {
                case functions = "Functions"
                case totalCount = "TotalCount"
                case error = "Error"
            }
        }

        struct Refusal: Decodable {
            let code: String
            let message: String

            enum CodingKeys: String, CodingKey {
                case code = "Code"
                case message = "Message"
            }
        }

        let response: Response

        enum CodingKeys: String, CodingKey {
            case response = "Response"
        }
    }
}
