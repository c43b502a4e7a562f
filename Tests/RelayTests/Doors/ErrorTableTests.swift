// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import TencentCloud
import Testing

@testable import Relay

/// What went wrong, the code and the HTTP status: the table of docs/http.md, row by row, in both formats.
@Suite("Errors")
struct ErrorTableTests {
    enum Format: String, CaseIterable {
        case html = "text/html"
        case json = "application/json"
    }

    struct Caused: CustomTestStringConvertible {
        let what: String
        var contentType = "application/json"
        let body: String
        let code: String
        let status: Int
        var words: [String] = []

        var testDescription: String { what }
    }

    private static let form = "application/x-www-form-urlencoded"

    static let caller = [
        Caused(
            what: "FunctionName is missing", body: "{}", code: "MissingParameter", status: 400, words: ["FunctionName"]),
        Caused(
            what: "a parameter is unknown", body: #"{"FunctionName":"hello","Bogus":"1"}"#, code: "UnknownParameter",
            status: 400, words: ["Bogus", "ClientContext"]),
        Caused(
            what: "a bad value", body: #"{"FunctionName":"hello","LogType":"All"}"#, code: "InvalidParameterValue",
            status: 400, words: ["LogType", "None", "Tail"]),
        Caused(
            what: "ClientContext is not JSON, in a form", contentType: form,
            body: "FunctionName=hello&ClientContext=%7B%22a%22%3A1%2C%0A%20%22b%22%202%7D",
            code: "InvalidParameterValue.Param", status: 400, words: ["line 2, column 6"]),
        Caused(
            what: "ClientContext is not JSON, in JSON", body: #"{"FunctionName":"hello","ClientContext":"[1,]"}"#,
            code: "InvalidParameterValue.Param", status: 400, words: ["line 1, column 4"]),
        Caused(
            what: "ClientContext is too long",
            body: #"{"FunctionName":"hello","ClientContext":""# + String(repeating: "1", count: 101) + #""}"#,
            code: "RequestSizeLimitExceeded", status: 413, words: ["101", "100"]),
        Caused(
            what: "the body is too long", body: String(repeating: " ", count: 401), code: "RequestSizeLimitExceeded",
            status: 413, words: ["401", "400"]),
        Caused(
            what: "another Content-Type", contentType: "text/plain", body: "{}", code: "UnsupportedProtocol",
            status: 415, words: ["application/json", "multipart/form-data"]),
        Caused(
            what: "a body that is no JSON", body: "{", code: "InvalidParameter", status: 400,
            words: ["line 1, column 2"]),
        Caused(
            what: "a form with a broken escape", contentType: form, body: "FunctionName=hello%4",
            code: "InvalidParameter",
            status: 400, words: ["byte 19", "%25"]),
        Caused(
            what: "a multipart form without boundary", contentType: "multipart/form-data", body: "--x",
            code: "InvalidParameter",
            status: 400, words: ["boundary"]),
    ]

    @Test("What the caller did wrong is named, and nothing is run", arguments: caller, Format.allCases)
    func mistakeOfTheCaller(row: Caused, format: Format) async throws {
        var limits = Limits()
        limits.clientContextBytes = 100
        let cloud = FakeInvoker()
        let response = await TestRelay(cloud, limits: limits).send(
            "POST", "/invoke", contentType: row.contentType, headers: ["Accept": format.rawValue], body: row.body.utf8)
        let message = try Self.check(response, format, code: row.code, status: row.status)
        for word in row.words { #expect(message.contains(word)) }
        #expect(cloud.calls.isEmpty)
    }

    static let thrown: [(error: CloudError, status: Int)] = [
        (CloudError("UnauthorizedOperation", "m"), 403), (CloudError("UnauthorizedOperation.CAM", "m"), 403),
        (CloudError("AuthFailure.SignatureFailure", "m"), 401),
        (CloudError("AuthFailure.SignatureFailure", "m", httpStatus: 502, operatorDetail: "secret reason"), 502),
        (CloudError("ResourceNotFound.FunctionName", "m", upstreamRequestId: "from-the-cloud"), 404),
        (CloudError("ResourceNotFound.Function", "m"), 404),
        (CloudError("RequestLimitExceeded", "m", retryAfterSeconds: 7), 429),
        (CloudError("RequestLimitExceeded.InFlight", "m", retryAfterSeconds: 1), 503),
        (CloudError("ResourceUnavailable.InsufficientBalance", "m"), 503),
        (CloudError("ClientError.NetworkError", "m", operatorDetail: "secret reason"), 502),
        (CloudError("ClientError.Timeout", "m"), 504), (CloudError("ClientError.Cancelled", "m", httpStatus: 499), 499),
        (CloudError("InternalError", "m"), 502), (CloudError("InternalError.System", "m"), 502),
        (CloudError("FailedOperation.Whatever", "m"), 502), (CloudError("Never.Seen.Before", "m"), 502),
        (CloudError("<b>\"'&\u{0}\u{0600}<i>", "<script>alert(1)</script>"), 502),
    ]

    @Test("What an invoker throws gets its status and its code", arguments: thrown.indices, Format.allCases)
    func thrownByTheInvoker(index: Int, format: Format) async throws {
        let (error, status) = Self.thrown[index]
        let log = try CapturedLog()
        let response = await TestRelay(FakeInvoker(error), observer: log.log).sendJSON(
            #"{"FunctionName":"hello"}"#, headers: ["Accept": format.rawValue])
        if error.message == "m" {
            #expect(try Self.check(response, format, code: error.code.rawValue, status: status) == "m")
        }
        #expect(response.status.code == status)
        #expect(response.headerFields[.retryAfter] == error.retryAfterSeconds.map(String.init))
        if let seconds = error.retryAfterSeconds, format == .html {
            #expect(response.part("retryAfter-seconds") == "\(seconds)")
        }
        // Operators alone see what is theirs; the id of the answer is this call's, the cloud's is in the log.
        #expect(!response.text.contains("secret reason"))
        #expect(!response.text.contains("from-the-cloud"))
        let line = try #require(log.lines().first)
        #expect(line.contains("secret reason") == (error.operatorDetail != nil))
        #expect(line.contains("from-the-cloud") == (error.upstreamRequestId != nil))
    }

    @Test("An error in JSON is the envelope, byte for byte")
    func envelope() async {
        let error = CloudError("ResourceNotFound.FunctionName", "no \"such\"\n\u{1F680}")
        let response = await TestRelay(FakeInvoker(error)).sendJSON(#"{"FunctionName":"hello"}"#)
        #expect(
            response.text
                == #"{"Response":{"Error":{"Code":"ResourceNotFound.FunctionName","Message":"no \"such\"\n🚀"},"#
                + #""RequestId":"\#(response.requestId ?? "")"}}"#)
    }

    @Test("A page explains an error in the reader's language", arguments: Language.allCases)
    func advice(language: Language) async throws {
        let entry = try #require(ErrorCatalogue.meaning(of: "ResourceNotFound.FunctionName"))
        let response = await TestRelay(FakeInvoker(CloudError("ResourceNotFound.FunctionName", "m"))).sendForm(
            "FunctionName=hello", headers: ["Accept-Language": language.rawValue])
        #expect(response.part("meaning") == StrictHTML().escapeText(entry.meaning[language]))
        #expect(response.part("advice-text") == StrictHTML().escapeText(entry.advice[language]))
    }

    /// Checks an error answer, and returns its message.
    private static func check(
        _ response: Response, _ format: Format, code: String, status: Int
    ) throws -> String {
        #expect(response.status.code == status)
        let requestId = try #require(response.requestId)
        switch format {
        case .html:
            #expect(response.isHTML)
            #expect(response.part("Code") == code)
            #expect(response.part("httpStatus") == "\(status)")
            #expect(response.part("RequestId") == requestId)
            return try #require(response.part("Message"))
        case .json:
            #expect(response.isJSON)
            let answer = try ResponseEnvelope.read(response.body[...], maximumBytes: .max) { _ in }
            guard case .failure(let error) = answer else {
                Issue.record("no error: \(response.text)")
                return ""
            }
            #expect(error.code.rawValue == code)
            #expect(error.upstreamRequestId == requestId)
            return error.message
        }
    }
}
