// SPDX-License-Identifier: Apache-2.0

import StrictJSON

// Prints how fast 1 MB of JSON is validated, plain and quoted in a string: best of many, in MB of text a second.

let row = #"{"id":12345,"name":"some name","ok":true,"v":1.5},"#
let text = Array((#"{"items":["# + String(repeating: row, count: 1_000_000 / row.utf8.count) + "1]}").utf8)
var quoted: [UInt8] = []
JSONString.appendQuoted(text[...], to: &quoted)

func megabytesPerSecond(_ check: () throws -> Void) rethrows -> Int {
    let clock = ContinuousClock()
    var best = Duration.seconds(1)
    for _ in 0..<100 { best = min(best, try clock.measure(check)) }
    return Int(Double(text.count) / (best / .microseconds(1)))
}

print("validate, plain:  \(try megabytesPerSecond { try JSONValidator.validate(text[...]) }) MB/s")
print("validate, quoted: \(try megabytesPerSecond { _ = try QuotedJSON(startOf: quoted[...]) }) MB/s")
