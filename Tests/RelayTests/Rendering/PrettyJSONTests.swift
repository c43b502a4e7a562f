// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Relay

/// `Tests/Page/json-format.test.mjs` holds the page's script to the same table.
@Suite("Pretty JSON")
struct PrettyJSONTests {
    @Test(
        "only white space between tokens changes",
        arguments: [
            ("12345678901234567890.10e+02", "12345678901234567890.10e+02"),
            (
                #"{"n":12345678901234567890.10e+02,"z":-0.0,"e":1E400}"#,
                "{\n  \"n\": 12345678901234567890.10e+02,\n  \"z\": -0.0,\n  \"e\": 1E400\n}"
            ),
            ("[]", "[]"),
            ("{ }", "{}"),
            ("[ [ ] , { } ]", "[\n  [],\n  {}\n]"),
            (#"{"a":1,"a":2}"#, "{\n  \"a\": 1,\n  \"a\": 2\n}"),
            (#"["\u4e2d\/ {[:,]}  \"", "\\"]"#, "[\n  \"\\u4e2d\\/ {[:,]}  \\\"\",\n  \"\\\\\"\n]"),
            (" \r\n\t\"上海 🚚\" ", "\"上海 🚚\""),
            ("[true,false,null]", "[\n  true,\n  false,\n  null\n]"),
        ])
    func format(json: String, pretty: String) {
        #expect(PrettyJSON.format(json) == pretty)
    }

    @Test("formatting again changes nothing")
    func again() {
        let pretty = PrettyJSON.format(#"{"a":[1,{},{"b":[[2]]}],"c":"x"}"#)
        #expect(pretty != nil && pretty.flatMap { PrettyJSON.format($0) } == pretty)
    }

    @Test("deep nesting, whose indentation would fill the memory, is left alone")
    func deep() {
        let open = String(repeating: "[", count: 500)
        let close = String(repeating: "]", count: 500)
        #expect(PrettyJSON.format(open + String(repeating: "1,", count: 2000) + "1" + close) == nil)
    }

    @Test("what is not JSON does no harm", arguments: ["", "]]]}", "\"", "\"\\", "{,:"])
    func notJSON(text: String) {
        _ = PrettyJSON.format(text)
    }
}
