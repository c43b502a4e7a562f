// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import TencentCloud
import Testing

@testable import Relay

/// The door that official SDKs use, with calls that the signer of this program has signed.
@Suite("The cloud's API")
struct CloudAPIDoorTests {
    static let now = 1_551_113_065
    static let credential = Credential(secretId: "AKIDLOCAL", secretKey: Secret("local-secret"))

    /// A call before it is signed and sent; tests change what they are about.
    struct Call: Sendable {
        var method = TC3Method.post
        var httpMethod = "POST"
        var query = ""
        var contentType = "application/json"
        var body = #"{"FunctionName":"hello"}"#
        var credential = CloudAPIDoorTests.credential
        var timestamp = CloudAPIDoorTests.now
        var isPayloadSigned = true
        var headers = [
            "Host": "127.0.0.1:9000", "X-TC-Action": "Invoke", "X-TC-Version": "2018-04-16",
            "X-TC-Region": "ap-guangzhou",
        ]

        /// A GET with its parameters in the query.
        static func get(_ query: String) -> Call {
            Call(
                method: .get(query: query), httpMethod: "GET", query: query,
                contentType: "application/x-www-form-urlencoded", body: "")
        }

        func request() -> FastCGI.Request {
            let signer = TC3Signer(credential: credential, host: headers["Host"] ?? "")
            let body = Array(self.body.utf8)
            let signature = signer.sign(
                method, contentType: contentType, body: body.span, timestamp: timestamp,
                unsignedPayload: !isPayloadSigned)
            var headers = headers
            headers["Authorization"] = signature.authorization
            headers["X-TC-Timestamp"] = signature.timestamp
            headers["X-TC-Token"] = credential.token?.reveal()
            if !isPayloadSigned { headers["X-TC-Content-SHA256"] = "UNSIGNED-PAYLOAD" }
            return TestRelay.request(
                httpMethod, query.isEmpty ? "/" : "/?\(query)", contentType: contentType, headers: headers, body: body)
        }
    }

    private static func router(_ invoker: any Invoker, log: CallLog = CapturedLog.discarded) -> Router {
        .localCloud(invoker: invoker, credentials: [credential], log: log, now: { now })
    }

    static let taken: [(what: String, call: Call)] = [
        ("POST", Call()), ("unsigned payload", changed { $0.isPayloadSigned = false }),
        ("GET", .get("FunctionName=hello")),
        ("GET as the API page writes it", .get("Action=Invoke&Version=2018-04-16&FunctionName=hello")),
        ("GET with escapes", .get("FunctionName=hello&ClientContext=%7B%22a%22%3A1%7D")),
        ("a charset", changed { $0.contentType = "application/json; charset=utf-8" }),
        ("at the edge of the time", changed { $0.timestamp = now - 300 }),
        ("the other edge", changed { $0.timestamp = now + 300 }),
    ]

    @Test("A signed call is run, and answered as the cloud would", arguments: taken.indices)
    func runs(index: Int) async throws {
        let cloud = FakeInvoker()
        let response = await Self.router(cloud).answer(Self.taken[index].call.request())
        #expect(response.status == .ok)
        #expect(response.type == "application/json")
        #expect(response.body == FakeInvoker.hello.envelope)
        let call = try #require(cloud.calls.first)
        #expect(call.request.functionName == "hello")
        #expect(call.request.region == "ap-guangzhou")
        #expect(call.requestId == response.requestId)
    }

    static let refused: [(what: String, call: Call, code: String)] = [
        (
            "wrong key", changed { $0.credential = Credential(secretId: "AKIDLOCAL", secretKey: Secret("other")) },
            "AuthFailure.SignatureFailure"
        ),
        (
            "unknown id",
            changed { $0.credential = Credential(secretId: "AKIDOTHER", secretKey: Secret("local-secret")) },
            "AuthFailure.SecretIdNotFound"
        ),
        (
            "a token that was never given",
            changed {
                $0.credential = Credential(secretId: "AKIDLOCAL", secretKey: Secret("local-secret"), token: Secret("t"))
            },
            "AuthFailure.TokenFailure"
        ),
        ("too old", changed { $0.timestamp = now - 301 }, "AuthFailure.SignatureExpire"),
        ("too early", changed { $0.timestamp = now + 301 }, "AuthFailure.SignatureExpire"),
        ("a POST with a query", changed { $0.query = "FunctionName=other" }, "AuthFailure.SignatureFailure"),
        ("another action", changed { $0.headers["X-TC-Action"] = "ListFunctions" }, "InvalidAction"),
        ("action in small letters", changed { $0.headers["X-TC-Action"] = "invoke" }, "InvalidAction"),
        ("no action", changed { $0.headers["X-TC-Action"] = nil }, "MissingParameter"),
        ("another version", changed { $0.headers["X-TC-Version"] = "2017-03-12" }, "NoSuchVersion"),
        ("no version", changed { $0.headers["X-TC-Version"] = nil }, "MissingParameter"),
        ("no region", changed { $0.headers["X-TC-Region"] = nil }, "MissingParameter"),
        ("an empty region", changed { $0.headers["X-TC-Region"] = "" }, "MissingParameter"),
        ("a region that is none", changed { $0.headers["X-TC-Region"] = "../etc" }, "InvalidParameterValue"),
        (
            "a region in the body, too", changed { $0.body = #"{"FunctionName":"hello","Region":"ap-shanghai"}"# },
            "InvalidParameterValue"
        ),
        ("a body that is no JSON", changed { $0.body = "{" }, "InvalidParameter"),
        ("no function", changed { $0.body = "{}" }, "MissingParameter"),
        ("an unknown parameter", changed { $0.body = #"{"FunctionName":"hello","Bogus":"1"}"# }, "UnknownParameter"),
        (
            "ClientContext as an object", changed { $0.body = #"{"FunctionName":"hello","ClientContext":{"a":1}}"# },
            "InvalidParameterValue"
        ),
        (
            "ClientContext that is no JSON", changed { $0.body = #"{"FunctionName":"hello","ClientContext":"{"}"# },
            "InvalidParameterValue.Param"
        ),
        ("multipart", changed { $0.contentType = "multipart/form-data; boundary=x" }, "UnsupportedProtocol"),
        ("a form", changed { $0.contentType = "application/x-www-form-urlencoded" }, "UnsupportedProtocol"),
        (
            "32 KB of query", .get("FunctionName=hello&ClientContext=" + String(repeating: "1", count: 32_768 - 32)),
            "RequestSizeLimitExceeded"
        ),
        ("10 MB of body", changed { $0.body = String(repeating: " ", count: 10_485_761) }, "RequestSizeLimitExceeded"),
    ]

    @Test("Anything else is refused in the envelope, with status 200", arguments: refused.indices)
    func refuses(index: Int) async throws {
        let row = Self.refused[index]
        let cloud = FakeInvoker()
        let response = await Self.router(cloud).answer(row.call.request())
        #expect(response.status == .ok, "\(row.what)")
        #expect(response.type == "application/json")
        let error = try Self.error(in: response)
        #expect(error.code.rawValue == row.code, "\(row.what)")
        #expect(error.upstreamRequestId == response.requestId)
        #expect(cloud.calls.isEmpty)
    }

    @Test("The largest query and body that are allowed are taken")
    func limits() async throws {
        let query = "FunctionName=hello&ClientContext=" + String(repeating: "1", count: 32_768 - 33)
        #expect(query.utf8.count == 32_768)
        #expect(await Self.router(FakeInvoker()).answer(Call.get(query).request()).body == FakeInvoker.hello.envelope)
        let body = #"{"FunctionName":"hello"}"#
        let call = Self.changed { $0.body = body + String(repeating: " ", count: 10_485_760 - body.utf8.count) }
        #expect(await Self.router(FakeInvoker()).answer(call.request()).body == FakeInvoker.hello.envelope)
    }

    @Test(
        "A call whose signature was made for other content is refused",
        arguments: ["body", "query", "content type", "host"])
    func tampering(what: String) async throws {
        let original = what == "query" ? Call.get("FunctionName=hello") : Call()
        var request = original.request()
        var pairs = request.parameters.pairs
        func replace(_ name: String, _ value: String) {
            for index in pairs.indices where pairs[index].name == name { pairs[index].value = value }
        }
        switch what {
        case "body": request.body = Array(#"{"FunctionName":"hellx"}"#.utf8)
        case "query": replace("QUERY_STRING", "FunctionName=hellx")
        case "content type": replace("CONTENT_TYPE", "application/json; x=y")
        default: replace("HTTP_HOST", "evil.example")
        }
        request.parameters = Parameters(pairs)
        let cloud = FakeInvoker()
        let error = try Self.error(in: await Self.router(cloud).answer(request))
        #expect(error.code == "AuthFailure.SignatureFailure")
        #expect(cloud.calls.isEmpty)
    }

    @Test("What the invoker throws is answered with status 200, and no Retry-After")
    func thrown() async throws {
        let expected = CloudError(
            "RequestLimitExceeded.InFlight", "full", retryAfterSeconds: 1, operatorDetail: "detail")
        let response = await Self.router(FakeInvoker(expected)).answer(Call().request())
        #expect(response.status == .ok)
        #expect(response.headerFields[.retryAfter] == nil)
        #expect(!response.text.contains("detail"))
        #expect(try Self.error(in: response).code == "RequestLimitExceeded.InFlight")
    }

    @Test(
        "Methods and paths that are not there are answered in the envelope",
        arguments: ["PUT /", "GET /invoke", "HEAD /"])
    func elsewhere(line: String) async throws {
        let parts = line.split(separator: " ").map(String.init)
        let response = await Self.router(FakeInvoker()).answer(TestRelay.request(parts[0], parts[1]))
        #expect(response.status == .ok)
        #expect(response.type == "application/json")
        _ = try Self.error(in: response)
    }

    @Test("Messages come in the language that the call asks for")
    func language() async throws {
        let call = Self.changed {
            $0.credential = Credential(secretId: "AKIDOTHER", secretKey: Secret("x"))
            $0.headers["X-TC-Language"] = "zh-CN"
        }
        #expect(try Self.error(in: await Self.router(FakeInvoker()).answer(call.request())).message.contains("密钥"))
    }

    @Test("The log names the caller, and holds neither key, signature nor event")
    func log() async throws {
        let log = try CapturedLog()
        let call = Self.changed { $0.body = #"{"FunctionName":"hello","ClientContext":"\"private\""}"# }
        let request = call.request()
        _ = await Self.router(FakeInvoker(), log: log.log).answer(request)
        let line = try #require(log.lines().first)
        #expect(line.contains(#""door":"cloud-api","caller":"192.0.2.7","secretId":"AKIDLOCAL""#))
        #expect(line.contains(#""function":"default/hello""#))
        for secret in ["local-secret", "private", "Signature=", "TC3-HMAC"] { #expect(!line.contains(secret)) }
    }

    private static func changed(_ change: (inout Call) -> Void) -> Call {
        var call = Call()
        change(&call)
        return call
    }

    private static func error(in response: Response) throws -> CloudError {
        let answer = try ResponseEnvelope.read(response.body[...], maximumBytes: .max) { _ in }
        guard case .failure(let error) = answer else { throw CloudError("none", response.text) }
        return error
    }
}
