// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Testing

@testable import Relay

/// The view "signature", without a browser.
@Suite struct SignatureDoorTests {
    private let relay = TestRelay()

    private func post(_ fields: [(String, String)]) async -> Response {
        let body = fields.map { "\($0)=\(Self.encoded($1))" }.joined(separator: "&")
        return await relay.send(
            "POST", "/signature?lang=en", contentType: "application/x-www-form-urlencoded", body: body.utf8)
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? String(UnicodeScalar(byte)) : percent(byte)
        }.joined()
    }

    private static func percent(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return byte < 16 ? "%0\(digits)" : "%\(digits)"
    }

    @Test func theStepsOfACallAreThoseOfTheExampleKeyAndNeverOfTheRelays() async {
        let response = await post([
            ("FunctionName", "hello"), ("ClientContext", #"{"a":1}"#), ("Timestamp", "1551113065"),
        ])
        #expect(response.status == .ok)
        #expect(response.part("stringToSign")?.contains("1551113065\n2019-02-25/scf/tc3_request") == true)
        #expect(response.part("authorization")?.contains("Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/") == true)
        #expect(response.text.contains("{&quot;FunctionName&quot;:&quot;hello&quot;,"))
    }

    @Test func withoutATimeTheStepsAreThoseOfNow() async {
        let response = await relay.send("GET", "/signature?lang=en")
        #expect(response.part("stringToSign")?.hasPrefix("\nTC3-HMAC-SHA256\n1551113065\n") == true)
    }

    @Test(arguments: [
        ([("FunctionName", "no name")], "FunctionName"), ([("FunctionName", "f"), ("ClientContext", "{")], "line 1"),
        ([("FunctionName", "f"), ("Timestamp", "tomorrow")], "UNIX seconds"),
        ([("Request", "POST / HTTP/1.1"), ("SentAt", "-1")], "UNIX seconds"),
        ([("FunctionName", "f"), ("FunctionName", "g")], "FunctionName"), ([("FunctionNane", "f")], "FunctionNane"),
        (Array(repeating: ("FunctionName", "f"), count: 40), "more than 32 fields"),
        ([("Request", String(repeating: "x", count: 300_000))], "262,144 bytes"),
    ])
    func whatCannotBeShownIsSaid(fields: [(String, String)], part: String) async {
        let response = await post(fields)
        #expect(response.status.code >= 400)
        #expect(response.text.contains(part))
    }

    @Test func theFormThatRunsCallsComesAsItIs() async {
        let fields = [
            ("FunctionName", "hello"), ("ClientContext", "{\n \"a\": 1}"), ("ClientContext", ""), ("LogType", "Tail"),
            ("Region", "ap-shanghai"), ("RoutingKey", #"{"k":"v"}"#), ("Namespace", ""),
        ]
        let parts = fields.map { "--x\r\nContent-Disposition: form-data; name=\"\($0)\"\r\n\r\n\($1)\r\n" }
        let response = await relay.send(
            "POST", "/signature?lang=en", contentType: "multipart/form-data; boundary=x",
            body: (parts.joined() + "--x--\r\n").utf8)
        #expect(response.status == .ok)
        #expect(response.text.contains("X-TC-Region: ap-shanghai"))
        #expect(response.text.contains(#"&quot;ClientContext&quot;:&quot;{\n \&quot;a\&quot;: 1}&quot;"#))
        #expect(response.text.contains(#"<input type="hidden" name="LogType" value="Tail">"#))
        #expect(response.text.contains(#"&quot;RoutingKey&quot;:&quot;{\&quot;k\&quot;:\&quot;v\&quot;}&quot;"#))
    }

    @Test func whatWasTypedStandsInTheFormsThatItsMistakeIsShownAbove() async {
        let call = await post([
            ("FunctionName", "f"), ("ClientContext", "{<b>"), ("Region", "ap-x"), ("Timestamp", "12"),
            ("Qualifier", "\"3"),
        ])
        #expect(call.status == .badRequest)
        #expect(call.text.contains("\n{&lt;b&gt;</textarea>"))
        #expect(call.text.contains(#"name="Region" value="ap-x""#))
        #expect(call.text.contains(#"name="Timestamp" value="12""#))
        #expect(call.text.contains(#"<input type="hidden" name="Qualifier" value="&quot;3">"#))
        #expect(call.part("stringToSign") == nil)
        let pasted = await post([("Request", "GET / HTTP/1.1"), ("Canonical", "GET\n/"), ("SentAt", "soon")])
        #expect(pasted.text.contains("\nGET / HTTP/1.1</textarea>"))
        #expect(pasted.text.contains("\nGET\n/</textarea>"))
        #expect(pasted.text.contains(#"name="SentAt" value="soon""#))
    }

    @Test func aRefusedRequestIsLookedAtAndShownInertAgain() async {
        let response = await post([("Request", "POST /<script>alert(1)</script> HTTP/1.1\nHost: \"><img src=x>\n\n")])
        #expect(response.status == .ok)
        #expect(response.text.contains("The API has one path."))
        #expect(!response.text.contains("<script>alert"))
        #expect(!response.text.contains("<img src=x"))
    }

    @Test func whatWasSignedIsComparedLineByLine() async {
        let request = """
            POST / HTTP/1.1
            Host: scf.tencentcloudapi.com
            Content-Type: application/json
            X-TC-Action: Invoke
            X-TC-Version: 2018-04-16
            X-TC-Timestamp: 1551113065
            Authorization: TC3-HMAC-SHA256 Credential=AKIDother/2019-02-25/scf/tc3_request, SignedHeaders=content-type;host, Signature=\(String(repeating: "0", count: 64))

            {}
            """
        let signed = "POST\n/\n\ncontent-type:application/json\nhost:scf.example.com\n\ncontent-type;host\n"
        let response = await post([("Request", request), ("Canonical", signed)])
        #expect(response.text.matches(of: /<tr class="different">/).count == 2)
        #expect(response.text.contains("host:scf.example.com"))
    }

    // MARK: For programs

    private func postForJSON(_ form: String, headers: [String: String] = [:]) async -> Response {
        await relay.send(
            "POST", "/signature", contentType: "application/x-www-form-urlencoded",
            headers: headers.merging(["Accept": "application/json"]) { $1 }, body: form.utf8)
    }

    @Test func programsGetTheStepsAsJSON() async {
        let response = await postForJSON("FunctionName=hello&Timestamp=1551113065")
        #expect((response.status, response.isJSON) == (.ok, true))
        #expect(response.text.contains(#""CredentialScope":"2019-02-25/scf/tc3_request""#))
        #expect(response.text.contains(#""StringToSign":"TC3-HMAC-SHA256\n1551113065\n2019-02-25/scf/tc3_request\n"#))
        #expect(
            response.text.contains(
                #""Authorization":"TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/"#))
        let example = await relay.send("GET", "/signature", headers: ["Accept": "application/json"])
        #expect(example.isJSON && example.text.contains(#"\"FunctionName\":\"hello\""#))
        // Nobody who did not ask for it.
        for accept in ["*/*", "text/html", "text/html,application/json;q=0.9"] {
            #expect(await relay.send("GET", "/signature", headers: ["Accept": accept]).isHTML)
        }
    }

    @Test func programsGetTheDiagnosisAsJSON() async {
        let response = await postForJSON(
            "Request=POST+%2Fx+HTTP%2F1.1%0AHost%3A+example.com%0A%0A%7B%7D&SentAt=1551113065")
        #expect((response.status, response.isJSON) == (.ok, true))
        #expect(response.text.contains(#"{"Mistake":"path","Text":""#))
        #expect(response.text.contains(#""Sent":"/x""#))
        #expect(response.text.contains(#""Suppositions":["#))
    }

    @Test(arguments: [
        ("FunctionName=f", ["Sec-Fetch-Site": "cross-site"], 403, "UnauthorizedOperation"),
        ("FunctionName=f&Timestamp=soon", [:], 400, "InvalidParameterValue"),
        ("FunctionNane=f", [:], 400, "UnknownParameter"),
        ("", [:], 400, "MissingParameter"),
    ])
    func programsGetErrorsAsJSON(form: String, headers: [String: String], status: Int, code: String) async {
        let response = await postForJSON(form, headers: headers)
        #expect((response.status.code, response.isJSON) == (status, true))
        #expect(response.text.hasPrefix(#"{"Response":{"Error":{"Code":"\#(code)"#), "\(response.text)")
    }

    @Test func anotherSitesFormIsRefused() async {
        let response = await relay.send(
            "POST", "/signature", contentType: "application/x-www-form-urlencoded",
            headers: ["Sec-Fetch-Site": "cross-site"], body: "FunctionName=f".utf8)
        #expect(response.status == .forbidden)
    }
}
