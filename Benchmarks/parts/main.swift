// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import TencentCloud

// Prints how fast single parts of the relay are, each the best of many tries: bytes a second over 1 MB, and the time for
// a small call where the length hardly matters.

let text = sampleEvent(bytes: 1_000_000)
var quoted: [UInt8] = []
JSONString.appendQuoted(text[...], to: &quoted)
let encoded = percentEncoded(text)

try report("validate JSON, plain", bytes: text.count) { try JSONValidator.validate(text[...]) }
try report("validate JSON, quoted in a string", bytes: text.count) { _ = try QuotedJSON(startOf: quoted[...]) }
report("quote as a JSON string", bytes: text.count) {
    var output: [UInt8] = []
    JSONString.appendQuoted(text[...], to: &output)
}
try report("unquote a JSON string", bytes: quoted.count) { _ = try JSONString.unquoted(quoted[...]) }
report("decode a form's value", bytes: encoded.count) { _ = percentDecoded(encoded[...]) }

let credential = Credential(secretId: "AKIDLOCAL", secretKey: Secret("local-secret"))
let signer = TC3Signer(credential: credential, host: "scf.tencentcloudapi.com")
let small = sampleEvent(bytes: 100)
report("sign, 1 MB", bytes: text.count) { sign(text) }
report("sign, 100 B") { sign(small) }

func sign(_ body: [UInt8]) {
    _ = signer.sign(contentType: "application/json", pieces: [body[...]], timestamp: 1_700_000_000)
}

func report(_ part: String, bytes: Int, _ work: () throws -> Void) rethrows {
    print("\(part): \(Int(Double(bytes) / (try bestTime(of: 1, work) / .microseconds(1)))) MB/s")
}

/// For what is over before a clock can tell: a thousand times, divided.
func report(_ part: String, _ work: () throws -> Void) rethrows {
    let microseconds = try bestTime(of: 1000, work) / .microseconds(1000)
    print("\(part): \(Double(Int(microseconds * 100)) / 100) µs")
}

func bestTime(of times: Int, _ work: () throws -> Void) rethrows -> Duration {
    let clock = ContinuousClock()
    var best = Duration.seconds(60)
    for _ in 0..<100 {
        best = min(best, try clock.measure { for _ in 0..<times { try work() } })
    }
    return best
}

/// A JSON document of about that many bytes: records, with quotes to escape in every name and text.
func sampleEvent(bytes: Int) -> [UInt8] {
    let row = #"{"id":12345,"name":"some name","ok":true,"v":1.5},"#
    return Array((#"{"items":["# + String(repeating: row, count: bytes / row.utf8.count) + "1]}").utf8)
}

/// As a browser sends it in a form.
func percentEncoded(_ text: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    var output: [UInt8] = []
    for byte in text {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            output.append(byte)
        case UInt8(ascii: " "): output.append(UInt8(ascii: "+"))
        default: output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return output
}
