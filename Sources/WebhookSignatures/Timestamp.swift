// SPDX-License-Identifier: Apache-2.0

/// When a message was signed, as its header says it.
struct Timestamp {
    let seconds: Int

    /// Reads UNIX seconds: digits and nothing else. `NaN`, `1e9`, `-1`, `+1`, ` 1` and the like have fooled verifiers that
    /// left it to a number parser: a comparison with NaN is never "too old".
    init(_ text: some StringProtocol, header: String) throws(WebhookRefusal) {
        let isCanonical = text.utf8.first != UInt8(ascii: "0") && (1...12).contains(text.utf8.count)
        guard isCanonical, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int(text) else {
            throw .malformed(header, expected: "a number of UNIX seconds")
        }
        self.seconds = seconds
    }

    /// Checks that it is within `window` seconds of now, on either side; a window of 0 checks nothing.
    ///
    /// - Throws: `tooOld` or `tooNew`.
    func check(now: Int, window: Int) throws(WebhookRefusal) {
        guard window > 0 else { return }
        let age = now - seconds
        if age > window { throw .tooOld(seconds: age, window: window) }
        if age < -window { throw .tooNew(seconds: -age, window: window) }
    }
}
