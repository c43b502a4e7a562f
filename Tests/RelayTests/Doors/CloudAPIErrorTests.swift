// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import TencentCloud
import Testing

@testable import Relay

/// What went wrong, the code, and the words, in the language that the call asks for: with TC3 and with v1.
@Suite("Errors of the cloud's API")
struct CloudAPIErrorTests {
    typealias Door = CloudAPIDoorTests

    struct Mistake: CustomTestStringConvertible {
        let what: String
        let code: String
        let zh: String
        let en: String
        var tc3: (@Sendable (inout Door.Call) -> Void)?
        var v1: (@Sendable (inout Door.V1Call) -> Void)?

        var testDescription: String { what }
    }

    private static let other = Credential(secretId: "AKIDOTHER", secretKey: Secret("local-secret"))
    private static let wrong = Credential(secretId: "AKIDLOCAL", secretKey: Secret("other"))
    private static let surplus = Credential(
        secretId: "AKIDLOCAL", secretKey: Secret("local-secret"), token: Secret("token"))

    static let mistakes: [Mistake] = [
        Mistake(
            what: "an unknown id", code: "AuthFailure.SecretIdNotFound", zh: "SecretId不存在，请输入正确的密钥。",
            en: "The SecretId is not found, please ensure that your SecretId is correct.",
            tc3: { $0.credential = other }, v1: { $0.credential = other }),
        Mistake(
            what: "a wrong key", code: "AuthFailure.SignatureFailure", zh: "请求签名验证失败，请检查您的签名计算是否正确。",
            en: "The provided credentials could not be validated. Please check your signature is correct.",
            tc3: { $0.credential = wrong }, v1: { $0.credential = wrong }),
        Mistake(
            what: "a token too many", code: "AuthFailure.TokenFailure", zh: "token 错误。", en: "Token error.",
            tc3: { $0.credential = surplus }, v1: { $0.credential = surplus }),
        Mistake(
            what: "too old", code: "AuthFailure.SignatureExpire", zh: "签名过期。Timestamp 和服务器时间相差不得超过五分钟",
            en: "Signature expired. Timestamp and server time cannot differ by more than five minutes.",
            tc3: { $0.timestamp -= 301 }, v1: { $0.timestamp -= 301 }),
        Mistake(
            what: "too early", code: "AuthFailure.SignatureExpire", zh: "签名过期。", en: "Signature expired.",
            tc3: { $0.timestamp += 301 }, v1: { $0.timestamp += 301 }),
        Mistake(
            what: "a query on a POST", code: "AuthFailure.SignatureFailure", zh: "请求签名验证失败", en: "The provided",
            tc3: { $0.query = "FunctionName=other" }, v1: { $0.query = "FunctionName=other" }),
        Mistake(
            what: "no action", code: "MissingParameter", zh: "请求缺少必需的参数 `Action`。",
            en: "The request is missing a required parameter `Action`.",
            tc3: { $0.headers["X-TC-Action"] = nil }, v1: { $0.set("Action", nil) }),
        Mistake(
            what: "no version", code: "MissingParameter", zh: "请求缺少必需的参数 `Version`。",
            en: "The request is missing a required parameter `Version`.",
            tc3: { $0.headers["X-TC-Version"] = nil }, v1: { $0.set("Version", nil) }),
        Mistake(
            what: "no region", code: "MissingParameter", zh: "请求缺少必需的参数 `Region`。",
            en: "The request is missing a required parameter `Region`.",
            tc3: { $0.headers["X-TC-Region"] = nil }, v1: { $0.set("Region", nil) }),
        Mistake(
            what: "no function", code: "MissingParameter", zh: "请求缺少必需的参数 `FunctionName`。",
            en: "The request is missing a required parameter `FunctionName`.",
            tc3: { $0.body = "{}" }, v1: { $0.set("FunctionName", nil) }),
        Mistake(
            what: "another action", code: "InvalidAction", zh: "接口不存在。", en: "The API does not exist.",
            tc3: { $0.headers["X-TC-Action"] = "DeleteFunction" }, v1: { $0.set("Action", "DeleteFunction") }),
        Mistake(
            what: "another version", code: "NoSuchVersion", zh: "接口版本不存在。", en: "The API version does not exist.",
            tc3: { $0.headers["X-TC-Version"] = "2017-03-12" }, v1: { $0.set("Version", "2017-03-12") }),
        Mistake(
            what: "another region", code: "UnsupportedRegion", zh: "接口不支持所传地域。",
            en: "API does not support the requested region.",
            tc3: { $0.headers["X-TC-Region"] = "ap-paris" }, v1: { $0.set("Region", "ap-paris") }),
        Mistake(
            what: "an unknown parameter", code: "UnknownParameter", zh: "未定义参数 Bogus",
            en: "Unknown parameter `Bogus`. Known parameters: FunctionName, InvocationType, Qualifier, ClientContext, "
                + "LogType, Namespace, RoutingKey.",
            tc3: { $0.body = #"{"FunctionName":"hello","Bogus":"1"}"# }, v1: { $0.set("Bogus", "1") }),
        Mistake(
            what: "Event on Invoke", code: "UnknownParameter", zh: "未定义参数 Event", en: "Unknown parameter `Event`.",
            tc3: { $0.body = #"{"FunctionName":"hello","Event":"1"}"# }, v1: { $0.set("Event", "1") }),
        Mistake(
            what: "ClientContext on InvokeFunction", code: "UnknownParameter", zh: "未定义参数 ClientContext",
            en: "Unknown parameter `ClientContext`. Known parameters: FunctionName, Qualifier, Event, LogType, "
                + "Namespace, RoutingKey.",
            tc3: {
                $0.headers["X-TC-Action"] = "InvokeFunction"
                $0.body = #"{"FunctionName":"hello","ClientContext":"1"}"#
            },
            v1: {
                $0.set("Action", "InvokeFunction")
                $0.set("ClientContext", "1")
            }),
        Mistake(
            what: "InvocationType on InvokeFunction", code: "UnknownParameter", zh: "未定义参数 InvocationType",
            en: "Unknown parameter `InvocationType`.",
            tc3: {
                $0.headers["X-TC-Action"] = "InvokeFunction"
                $0.body = #"{"FunctionName":"hello","InvocationType":"Event"}"#
            },
            v1: {
                $0.set("Action", "InvokeFunction")
                $0.set("InvocationType", "RequestResponse")
            }),
        Mistake(
            what: "Event that is no JSON", code: "InvalidParameterValue.Param",
            zh: "入参不是标准的json。Event is not JSON: line 1",
            en: "Event is not JSON: line 1, column 2",
            tc3: {
                $0.headers["X-TC-Action"] = "InvokeFunction"
                $0.body = #"{"FunctionName":"hello","Event":"{"}"#
            },
            v1: {
                $0.set("Action", "InvokeFunction")
                $0.set("Event", "{")
            }),
        Mistake(
            what: "Event that is no string", code: "InvalidParameterValue", zh: "参数取值错误", en: "Event is no string",
            tc3: {
                $0.headers["X-TC-Action"] = "InvokeFunction"
                $0.body = #"{"FunctionName":"hello","Event":{}}"#
            }),
        Mistake(
            what: "Event that is too long", code: "RequestSizeLimitExceeded", zh: "请求包超过限制大小。Event is 1,048,577",
            en: "Event is 1,048,577 bytes; at most 1,048,576 are allowed.",
            tc3: {
                $0.headers["X-TC-Action"] = "InvokeFunction"
                $0.body = #"{"FunctionName":"hello","Event":""# + String(repeating: "1", count: 1_048_577) + #""}"#
            }),
        Mistake(
            what: "a parameter that comes twice", code: "InvalidParameterValue", zh: "参数取值错误：`LogType` 出现了不止一次。",
            en: "LogType is given more than once; give it once.",
            tc3: { $0.body = #"{"FunctionName":"hello","LogType":"Tail","LogType":"Tail"}"# }),
        Mistake(
            what: "a bad value", code: "InvalidParameterValue", zh: "参数取值错误", en: "LogType is neither None nor Tail.",
            tc3: { $0.body = #"{"FunctionName":"hello","LogType":"All"}"# }, v1: { $0.set("LogType", "All") }),
        Mistake(
            what: "a body that is no JSON", code: "InvalidParameter", zh: "参数错误", en: "The body is not a JSON object",
            tc3: { $0.body = "{" }),
        Mistake(
            what: "bad multipart", code: "InvalidRequest", zh: "请求 body 的 multipart 格式错误。",
            en: "The multipart format of the request body is incorrect.",
            tc3: {
                $0.contentType = Door.multipart
                $0.body = "--0123456789abcdef0123456789abcdef\r\nContent-Disposition: form-data; name=\"a"
            }),
        Mistake(
            what: "multipart without boundary", code: "InvalidRequest", zh: "请求 body 的 multipart 格式错误。",
            en: "The multipart format of the request body is incorrect.",
            tc3: { $0.contentType = "multipart/form-data" }),
        Mistake(
            what: "another type", code: "UnsupportedProtocol", zh: "http(s) 请求协议错误",
            en: "HTTP(S) request protocol error",
            tc3: { $0.contentType = "text/plain" }),
        Mistake(
            what: "a form that is signed with TC3", code: "UnsupportedProtocol", zh: "http(s) 请求协议错误",
            en: "HTTP(S) request protocol error", tc3: { $0.contentType = "application/x-www-form-urlencoded" }),
        Mistake(
            what: "a wrong nonce", code: "InvalidParameter", zh: "参数 `Nonce` 格式错误", en: "The parameter `Nonce` is",
            v1: { call in call.tamper = { $0.replacing("Nonce=11886", with: "Nonce=x") } }),
        Mistake(
            what: "no nonce", code: "MissingParameter", zh: "请求缺少必需的参数 `Nonce`。",
            en: "The request is missing a required parameter `Nonce`.",
            v1: { call in call.tamper = { $0.replacing("Nonce=11886&", with: "") } }),
        Mistake(
            what: "a GET that is too long", code: "RequestSizeLimitExceeded",
            zh: "请求包超过限制大小：最大 32768B，", en: "Your current request size exceed  max 32768B, but your ",
            tc3: { call in
                let headers = call.headers
                call = .get("FunctionName=hello&ClientContext=" + String(repeating: "1", count: 32_768 - 32))
                call.headers = headers
            }),
        Mistake(
            what: "a body that is too long", code: "RequestSizeLimitExceeded",
            zh: "请求包超过限制大小：最大 10485760B，实际 10485761B。",
            en: "Your current request size exceed  max 10485760B, but your 10485761B.",
            tc3: { $0.body = String(repeating: " ", count: 10_485_761) }),
    ]

    @Test(
        "A mistake is named in the cloud's words, in the caller's language, whatever the signature", arguments: mistakes
    )
    func named(mistake: Mistake) async throws {
        for language in Language.allCases {
            let words = LocalizedText(zh: mistake.zh, en: mistake.en)[language]
            var tc3 = Door.Call()
            tc3.headers["X-TC-Language"] = language.rawValue
            if let change = mistake.tc3 {
                change(&tc3)
                try await check(tc3.request(), code: mistake.code, words)
            }
            var v1 = Door.V1Call()
            v1.set("Language", language.rawValue)
            if let change = mistake.v1 {
                change(&v1)
                try await check(v1.request(), code: mistake.code, words)
            }
        }
    }

    @Test("What v1 cannot be: too large, or in no readable form")
    func formsOfV1() async throws {
        var large = Door.V1Call()
        large.set("ClientContext", String(repeating: "1", count: 1_048_576))
        try await check(
            large.request(), code: "AuthFailure.SignatureFailure",
            "The provided credentials could not be validated because of exceeding request size limit, please use new "
                + "signature method `TC3-HMAC-SHA256`")
        var query = Door.V1Call(method: .get)
        query.set("ClientContext", String(repeating: "1", count: 32_768))
        try await check(
            query.request(), code: "RequestSizeLimitExceeded", "Your current request size exceed  max 32768B")
        for (form, code, words) in [
            ("&a", "InvalidParameter", "Url key and value should be splited by `=`."),
            ("&a=%", "InvalidParameter", "Two hexadecimal digits"),
            ("&Action=Invoke", "InvalidParameterValue", "Action is given more than once"),
            ("&%41ction=Invoke", "InvalidParameterValue", "Action is given more than once"),
        ] {
            var call = Door.V1Call()
            call.tamper = { $0 + form }
            try await check(call.request(), code: code, words)
        }
    }

    @Test("The largest v1 form that is allowed is taken")
    func largestForm() async throws {
        var call = Door.V1Call()
        call.set("ClientContext", "1")
        let size = call.request().body.count
        call.set("ClientContext", String(repeating: "1", count: 1_048_576 - size + 1 - 12))
        // The signature may be encoded a little longer or shorter; spaces around it fill what is left.
        call.tamper = { $0 + String(repeating: "&", count: 1_048_576 - $0.utf8.count) }
        let request = call.request()
        #expect(request.body.count == 1_048_576)
        #expect(await Door.router(FakeInvoker()).answer(request).body == FakeInvoker.hello.envelope)
    }

    @Test("A body that the server does not even read is answered in the same words")
    func notRead() {
        let router = Door.router(FakeInvoker())
        let tc3 = Door.changed { $0.headers["X-TC-Language"] = "zh-CN" }.request()
        let refusal = Refusal.bodyTooLarge(announced: 24_320_473, limit: 10_485_760)
        #expect(router.answer(refusal, tc3.parameters).text.contains("最大 10485760B，实际 24320473B。"))
        let v1 = router.answer(refusal, Door.V1Call().request().parameters)
        #expect(v1.text.contains("please use new signature method `TC3-HMAC-SHA256`"))
    }

    private func check(_ request: FastCGI.Request, code: String, _ words: String) async throws {
        let cloud = FakeInvoker()
        let response = await Door.router(cloud).answer(request)
        #expect(response.status == .ok)
        #expect(response.type == "application/json")
        let error = try Door.error(in: response)
        #expect(error.code.rawValue == code)
        #expect(error.message.hasPrefix(words), "\(error.message)")
        #expect(error.upstreamRequestId == response.requestId)
        #expect(cloud.calls.isEmpty)
    }
}
