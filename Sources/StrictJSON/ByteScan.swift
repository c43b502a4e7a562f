// SPDX-License-Identifier: Apache-2.0

// Looks at many bytes at once: eight of them lie in a 64-bit word, and each test sets the top bit of the bytes it finds.
// A borrow or carry may set bits *above* the first find, so only the lowest set bit says something exact; that is all
// that is asked for. Bytes are read through raw pointers because a bounds check per byte costs more than the grammar.

/// Eight copies of a byte.
@inline(__always)
private func eight(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

/// Eight bytes, the first in the lowest place. The caller has checked that they are there.
@inline(__always)
func word(at pointer: UnsafeRawPointer) -> UInt64 {
    UInt64(littleEndian: pointer.loadUnaligned(as: UInt64.self))
}

/// Two bytes, the first in the lower place. The caller has checked that they are there.
@inline(__always)
func twoBytes(at pointer: UnsafeRawPointer) -> UInt16 {
    UInt16(littleEndian: pointer.loadUnaligned(as: UInt16.self))
}

/// Marks quotes, backslashes, control characters and bytes over 0x7F: all that matters inside a string.
@inline(__always)
func specialsOfString(_ word: UInt64) -> UInt64 {
    let quotes = (word ^ eight(.quote)) &- eight(1)
    let backslashes = (word ^ eight(.backslash)) &- eight(1)
    let controls = word &- eight(0x20)
    return (quotes | backslashes | controls | word) & eight(0x80)
}

/// Marks quotes, backslashes and control characters, and leaves out bytes over 0x7F: what quoting must escape.
@inline(__always)
func specialsOfQuoting(_ word: UInt64) -> UInt64 {
    let quotes = (word ^ eight(.quote)) &- eight(1)
    let backslashes = (word ^ eight(.backslash)) &- eight(1)
    let controls = word &- eight(0x20)
    return (quotes | backslashes | controls) & ~word & eight(0x80)
}

/// Marks quotes and backslashes, each exactly: no find disturbs the bytes above it.
@inline(__always)
func quotesAndBackslashes(_ word: UInt64) -> UInt64 {
    let notQuotes = ((word ^ eight(.quote)) & eight(0x7F)) &+ eight(0x7F)
    let notBackslashes = ((word ^ eight(.backslash)) & eight(0x7F)) &+ eight(0x7F)
    return ~((notQuotes & notBackslashes) | word) & eight(0x80)
}

/// Marks control characters, each exactly.
@inline(__always)
func controlBytes(_ word: UInt64) -> UInt64 {
    ~(((word & eight(0x7F)) &+ eight(0x60)) | word) & eight(0x80)
}

/// Marks bytes that have a short escape (`\b \t \n \f \r`), each exactly.
@inline(__always)
func controlsWithShortEscape(_ word: UInt64) -> UInt64 {
    let low = word & eight(0x7F)
    let from8To13 = (low &+ eight(0x78)) & ~(low &+ eight(0x72))
    let not11 = (low ^ eight(0x0B)) &+ eight(0x7F)
    return from8To13 & not11 & ~word & eight(0x80)
}

/// The sum of eight bytes.
@inline(__always)
func sumOfBytes(_ word: UInt64) -> Int {
    let pairs = (word & 0x00FF_00FF_00FF_00FF) &+ (word &>> 8 & 0x00FF_00FF_00FF_00FF)
    return Int((pairs &* 0x0001_0001_0001_0001) &>> 48)
}

/// How many bytes lie before the first mark.
@inline(__always)
func bytesBeforeMark(_ marks: UInt64) -> Int { marks.trailingZeroBitCount &>> 3 }

/// Whether all eight bytes are spaces.
@inline(__always)
func isAllSpaces(_ word: UInt64) -> Bool { word == eight(.space) }

/// The first byte from `pointer` on that matters inside a string, or `end`.
@inline(__always)
func skipPlainText(from pointer: UnsafeRawPointer, to end: UnsafeRawPointer) -> UnsafeRawPointer {
    var pointer = pointer
    while end - pointer >= 8 {
        let marks = specialsOfString(word(at: pointer))
        if marks != 0 { return pointer + bytesBeforeMark(marks) }
        pointer += 8
    }
    while pointer < end {
        let byte = pointer.load(as: UInt8.self)
        if byte == .quote || byte == .backslash || byte < 0x20 || byte >= 0x80 { break }
        pointer += 1
    }
    return pointer
}

/// The same for the name of a member; near the end, where eight bytes cannot be read at once, it may stop before.
///
/// Names repeat, so the processor foresees where the inner loop ends and goes on; the mark's place above it has to wait for.
@inline(__always)
func skipText(ofName pointer: UnsafeRawPointer, to end: UnsafeRawPointer) -> UnsafeRawPointer {
    var pointer = pointer
    while end - pointer >= 8 {
        var marks = specialsOfString(word(at: pointer))
        if marks == 0 {
            pointer += 8
            continue
        }
        while marks & 0x80 == 0 {
            pointer += 1
            marks &>>= 8
        }
        break
    }
    return pointer
}

/// The length, 2 to 4, of the well-formed UTF-8 sequence that begins at `pointer` with a byte over 0x7F; 0 where it is
/// ill-formed: overlong, a surrogate, over U+10FFFF, cut off (Unicode, table 3-7).
@inline(__always)
func lengthOfUTF8Sequence(at pointer: UnsafeRawPointer, to end: UnsafeRawPointer) -> Int {
    guard end - pointer >= 4 else { return lengthOfLastUTF8Sequence(at: pointer, to: end) }
    return lengthOfUTF8Sequence(UInt32(littleEndian: pointer.loadUnaligned(as: UInt32.self)))
}

/// The same near the end, where four bytes cannot be read at once: what is missing is taken as NUL.
@inline(never)
private func lengthOfLastUTF8Sequence(at pointer: UnsafeRawPointer, to end: UnsafeRawPointer) -> Int {
    var bytes: UInt32 = 0
    for index in 0..<(end - pointer) {
        bytes |= UInt32((pointer + index).load(as: UInt8.self)) &<< UInt32(8 &* index)
    }
    return lengthOfUTF8Sequence(bytes)
}

@inline(__always)
private func lengthOfUTF8Sequence(_ bytes: UInt32) -> Int {
    if bytes & 0x00C0_C0F0 == 0x0080_80E0 {
        let high = bytes & 0x200F
        return high == 0 || high == 0x200D ? 0 : 3
    }
    if bytes & 0x0000_C0E0 == 0x0000_80C0 {
        return bytes & 0x1E == 0 ? 0 : 2
    }
    if bytes & 0xC0C0_C0F8 == 0x8080_80F0 {
        let overlong = bytes & 0x3007 == 0
        let lead = bytes & 0x07
        let tooHigh = lead > 4 || (lead == 4 && bytes & 0x3000 != 0)
        return overlong || tooHigh ? 0 : 4
    }
    return 0
}

/// The value of four hexadecimal digits; `nil` where one is none or the input ends before.
@inline(__always)
func hexQuad(at pointer: UnsafeRawPointer, to end: UnsafeRawPointer) -> UInt32? {
    guard end - pointer >= 4 else { return nil }
    var value: UInt32 = 0
    var bad: UInt8 = 0
    for index in 0..<4 {
        let digit = hexDigit((pointer + index).load(as: UInt8.self))
        bad |= digit
        value = value &<< 4 | UInt32(digit & 0x0F)
    }
    return bad > 0x0F ? nil : value
}

/// The value of a hexadecimal digit, or 0xFF. Nothing branches: digits and letters come in no order one could guess.
@inline(__always)
func hexDigit(_ byte: UInt8) -> UInt8 {
    let isDigit: UInt8 = byte &- 0x30 < 10 ? 1 : 0
    let isLetter: UInt8 = (byte | 0x20) &- 0x61 < 6 ? 1 : 0
    return (byte & 0x0F) &+ 9 &* isLetter | ((isDigit | isLetter) &- 1)
}
