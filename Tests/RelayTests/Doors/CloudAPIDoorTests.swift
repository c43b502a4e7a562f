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

    /// A v1 call before it is signed and sent.
    struct V1Call: Sendable {
        var method = V1Signer.Method.post
        var algorithm = V1Algorithm.hmacSHA256
        var credential = CloudAPIDoorTests.credential
        var timestamp = CloudAPIDoorTests.now
        var nonce: UInt64 = 11_886
        var query = ""
        var contentType = "application/x-www-form-urlencoded"
        var parameters: [(name: String, value: String)] = [
            ("Action", "Invoke"), ("Version", "2018-04-16"), ("Region", "ap-guangzhou"), ("FunctionName", "hello"),
        ]
        /// Changes the form after it is signed.
        var tamper: @Sendable (String) -> String = { $0 }

        func request() -> FastCGI.Request {
            let signer = V1Signer(credential: credential, host: "127.0.0.1:9000", algorithm: algorithm)
            let form = tamper(
                signer.sign(method, parameters: parameters, timestamp: timestamp, nonce: nonce).form)
            let target = method == .get ? "/?\(form)" : query.isEmpty ? "/" : "/?\(query)"
            return TestRelay.request(
                method.rawValue, target, contentType: contentType, headers: ["Host": "127.0.0.1:9000"],
                body: method == .get ? [] : Array(form.utf8))
        }

        mutating func set(_ name: String, _ value: String?) {
            parameters.removeAll { $0.name == name }
            if let value { parameters.append((name, value)) }
        }
    }

    static func router(_ invoker: any Invoker, observer: any CallObserver = CapturedLog.discarded) -> Router {
        .localCloud(
            invoker: invoker, catalogue: FakeCatalogue(), credentials: [credential], observer: observer, now: { now })
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

    static let multipart = "multipart/form-data; boundary=0123456789abcdef0123456789abcdef"

    /// As the Python SDK writes it, list and binary parts included.
    static func multipart(_ parts: [(header: String, value: String)]) -> Call {
        let boundary = "--0123456789abcdef0123456789abcdef"
        let body = parts.map { "\(boundary)\r\nContent-Disposition: form-data; \($0.header)\r\n\r\n\($0.value)\r\n" }
        return changed {
            $0.contentType = multipart
            $0.body = body.joined() + "\(boundary)--\r\n"
        }
    }

    @Test("Multipart is taken as the Python SDK writes it")
    func multipartCall() async throws {
        let cloud = FakeInvoker()
        let call = Self.multipart([
            (#"name="FunctionName""#, "hello"), (#"name="ClientContext"; filename="ClientContext""#, #"{"名":"值"}"#),
            ("name=\"RoutingKey\"\r\nContent-Type: application/json", #"{"a": "b"}"#),
        ])
        #expect(await Self.router(cloud).answer(call.request()).body == FakeInvoker.hello.envelope)
        let request = try #require(cloud.calls.first).request
        #expect(request.clientContext?.text == Array(#"{"名":"值"}"#.utf8))
        #expect(request.routingKey == #"{"a": "b"}"#)
    }

    @Test("v1 is taken, GET and form, with either function", arguments: V1Signer.Method.allCases, V1Algorithm.allCases)
    func v1(method: V1Signer.Method, algorithm: V1Algorithm) async throws {
        let cloud = FakeInvoker()
        let log = try CapturedLog()
        var call = V1Call(method: method, algorithm: algorithm)
        call.parameters += [
            ("ClientContext", #"{"a": "1&b=2+%"}"#), ("LogType", "Tail"), ("Language", "zh-CN"),
            ("RequestClient", "SDK_PYTHON_3.1.100"),
        ]
        let response = await Self.router(cloud, observer: log.log).answer(call.request())
        #expect(response.type == "application/json")
        #expect(response.body == FakeInvoker.hello.envelope)
        let request = try #require(cloud.calls.first).request
        #expect(request.clientContext?.text == Array(#"{"a": "1&b=2+%"}"#.utf8))
        #expect(request.logType == .tail)
        #expect(request.region == "ap-guangzhou")
        #expect(log.lines().first?.contains(#""secretId":"AKIDLOCAL","algorithm":"\#(algorithm.rawValue)""#) == true)
    }

    @Test("A v1 call passes once")
    func replay() async throws {
        let cloud = FakeInvoker()
        let router = Self.router(cloud)
        let request = V1Call().request()
        #expect(await router.answer(request).body == FakeInvoker.hello.envelope)
        #expect(try Self.error(in: await router.answer(request)).code == "AuthFailure.SignatureExpire")
        #expect(await router.answer(V1Call(nonce: 11_887).request()).body == FakeInvoker.hello.envelope)
        #expect(cloud.calls.count == 2)
    }

    @Test("InvokeFunction is taken in every form, its event under the name Event")
    func invokeFunction() async throws {
        let json = Self.changed {
            $0.headers["X-TC-Action"] = "InvokeFunction"
            $0.body = #"{"FunctionName":"hello","Event":"[1, 2]"}"#
        }
        var get = Call.get("FunctionName=hello&Event=%5B1%2C+2%5D")
        get.headers["X-TC-Action"] = "InvokeFunction"
        var parts = Self.multipart([(#"name="FunctionName""#, "hello"), (#"name="Event""#, "[1, 2]")])
        parts.headers["X-TC-Action"] = "InvokeFunction"
        var form = V1Call()
        form.set("Action", "InvokeFunction")
        form.set("Event", "[1, 2]")
        for request in [json.request(), get.request(), parts.request(), form.request()] {
            let cloud = FakeInvoker()
            #expect(await Self.router(cloud).answer(request).body == FakeInvoker.hello.envelope)
            let request = try #require(cloud.calls.first).request
            #expect(request.clientContext?.text == Array("[1, 2]".utf8))
            #expect(request.action == .invokeFunction)
            #expect(request.qualifierInForce == "$DEFAULT")
        }
    }

    @Test("On the relay any region passes that looks like one")
    func anyRegion() async throws {
        let cloud = FakeInvoker()
        let router = Router.cloudAPI(
            access: FixedAccess(credentials: [Self.credential], invoker: cloud, catalogue: FakeCatalogue()),
            verification: .init(), regions: .any,
            limits: Limits(), observer: CapturedLog.discarded, now: { Self.now })
        let call = Self.changed { $0.headers["X-TC-Region"] = "ap-paris-9" }
        #expect(await router.answer(call.request()).body == FakeInvoker.hello.envelope)
        #expect(cloud.calls.first?.request.region == "ap-paris-9")
        let other = Self.changed { $0.headers["X-TC-Region"] = "../etc" }
        #expect(try Self.error(in: await router.answer(other.request())).code == "InvalidParameterValue")
        let unsigned = Self.changed { $0.isPayloadSigned = false }
        #expect(try Self.error(in: await router.answer(unsigned.request())).code == "AuthFailure.SignatureFailure")
    }

    /// Callers with names and invokers of their own.
    private struct NamedAccess: CloudAPIAccess {
        let invokers: [String: FakeInvoker]

        func credentials(of secretId: String) -> [Credential] {
            invokers[secretId] == nil
                ? [] : ["old", "new"].map { Credential(secretId: secretId, secretKey: Secret("\($0) \(secretId)")) }
        }

        func admit(_ caller: VerifiedCaller) -> Admission {
            Admission(
                name: "\(caller.secretId) with key \(caller.credentialIndex)",
                invoker: invokers[caller.secretId] ?? FakeInvoker(CloudError("InternalError", "nobody")))
        }
    }

    @Test("Each caller's calls run with the caller's own invoker, and are logged under its name")
    func callers() async throws {
        let invokers = ["AKIDA": FakeInvoker(), "AKIDB": FakeInvoker()]
        let log = try CapturedLog()
        let router = Router.cloudAPI(
            access: NamedAccess(invokers: invokers), verification: .init(), regions: .any, limits: Limits(),
            observer: log.log, now: { Self.now })
        for (id, key) in [("AKIDA", "old AKIDA"), ("AKIDB", "new AKIDB"), ("AKIDA", "old AKIDB"), ("AKIDC", "x")] {
            let call = Self.changed { $0.credential = Credential(secretId: id, secretKey: Secret(key)) }
            _ = await router.answer(call.request())
        }
        #expect(invokers["AKIDA"]?.calls.count == 1)
        #expect(invokers["AKIDB"]?.calls.count == 1)
        let lines = log.lines()
        #expect(lines.first?.contains(#""caller":"AKIDA with key 0","secretId":"AKIDA""#) == true)
        #expect(lines.dropFirst().first?.contains(#""caller":"AKIDB with key 1","secretId":"AKIDB""#) == true)
        #expect(lines.dropFirst(2).allSatisfy { $0.contains(#""caller":"192.0.2.7","method""#) })
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
        ("another action", changed { $0.headers["X-TC-Action"] = "DeleteFunction" }, "InvalidAction"),
        ("action in small letters", changed { $0.headers["X-TC-Action"] = "invoke" }, "InvalidAction"),
        ("no action", changed { $0.headers["X-TC-Action"] = nil }, "MissingParameter"),
        ("another version", changed { $0.headers["X-TC-Version"] = "2017-03-12" }, "NoSuchVersion"),
        ("no version", changed { $0.headers["X-TC-Version"] = nil }, "MissingParameter"),
        ("no region", changed { $0.headers["X-TC-Region"] = nil }, "MissingParameter"),
        ("an empty region", changed { $0.headers["X-TC-Region"] = "" }, "MissingParameter"),
        ("a region that is none", changed { $0.headers["X-TC-Region"] = "../etc" }, "UnsupportedRegion"),
        ("a region that is not listed", changed { $0.headers["X-TC-Region"] = "ap-paris" }, "UnsupportedRegion"),
        (
            "a region in the body, too", changed { $0.body = #"{"FunctionName":"hello","Region":"ap-shanghai"}"# },
            "UnknownParameter"
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
        ("no multipart", changed { $0.contentType = "multipart/form-data; boundary=x" }, "InvalidRequest"),
        ("text", changed { $0.contentType = "text/plain" }, "UnsupportedProtocol"),
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
        _ = await Self.router(FakeInvoker(), observer: log.log).answer(request)
        let line = try #require(log.lines().first)
        #expect(
            line.contains(
                #""door":"cloud-api","caller":"192.0.2.7","secretId":"AKIDLOCAL","algorithm":"TC3-HMAC-SHA256","#
                    + #""action":"Invoke""#))
        #expect(line.contains(#""function":"default/hello""#))
        for secret in ["local-secret", "private", "Signature=", "Credential="] { #expect(!line.contains(secret)) }
    }

    static func changed(_ change: (inout Call) -> Void) -> Call {
        var call = Call()
        change(&call)
        return call
    }

    static func error(in response: Response) throws -> CloudError {
        let answer = try ResponseEnvelope.read(response.body[...], maximumBytes: .max) { _ in }
        guard case .failure(let error) = answer else { throw CloudError("none", response.text) }
        return error
    }
}
