// SPDX-License-Identifier: Apache-2.0

/// The header field `tracestate`: a list of `key=value` that tracing systems add to and everybody else passes on
/// (<https://www.w3.org/TR/trace-context/#tracestate-header>).
enum Tracestate {
    /// Bytes that are passed on at the most; the specification asks for at least so many.
    static let maximumBytes = 512
    /// Members that a list may have.
    static let maximumMembers = 32
    /// Members longer than this go first where a list is too long.
    private static let longMember = 128

    /// What is passed on of the fields of a request: all of it, or, where it is too long, what fits.
    ///
    /// - Returns: Nothing where the list breaks the rules.
    static func passedOn(_ fields: [String]) -> String {
        guard !fields.isEmpty else { return "" }
        let all = fields.joined(separator: ",")
        guard all.utf8.count <= 16 * maximumBytes else { return "" }
        var members = all.utf8.split(separator: UInt8(ascii: ",")).map(trimmed).filter { !$0.isEmpty }
        guard members.count <= maximumMembers, members.allSatisfy(isMember) else { return "" }
        guard Set(members.map { String(Substring($0.prefix { $0 != equals })) }).count == members.count else {
            return ""
        }
        if bytes(members) > maximumBytes { members.removeAll { $0.count > longMember } }
        while bytes(members) > maximumBytes { members.removeLast() }
        return members.map { String(Substring($0)) }.joined(separator: ",")
    }

    private typealias Member = Substring.UTF8View
    private static let equals = UInt8(ascii: "=")

    private static func bytes(_ members: [Member]) -> Int {
        members.reduce(members.count - 1) { $0 + $1.count }
    }

    private static func trimmed(_ text: Member) -> Member {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        guard let end = text.lastIndex(where: { !isSpace($0) }) else { return text.prefix(0) }
        return text[...end].drop(while: isSpace)
    }

    private static func isMember(_ member: Member) -> Bool {
        guard let place = member.firstIndex(of: equals) else { return false }
        return isKey(member[..<place]) && isValue(member[member.index(after: place)...])
    }

    /// `key` or `tenant@system`.
    private static func isKey(_ key: Member) -> Bool {
        let parts = key.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        switch parts.count {
        case 1: return isName(parts[0], upTo: 256, beginsWithDigit: false)
        case 2:
            return isName(parts[0], upTo: 241, beginsWithDigit: true)
                && isName(parts[1], upTo: 14, beginsWithDigit: false)
        default: return false
        }
    }

    private static func isName(_ name: Member, upTo length: Int, beginsWithDigit: Bool) -> Bool {
        guard let first = name.first, name.count <= length else { return false }
        let isLetter = { (byte: UInt8) in (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
        let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        guard isLetter(first) || (beginsWithDigit && isDigit(first)) else { return false }
        return name.allSatisfy { isLetter($0) || isDigit($0) || "_-*/".utf8.contains($0) }
    }

    /// 1 to 256 printable characters without `,` and `=`. White space at its end has been taken away.
    private static func isValue(_ value: Member) -> Bool {
        !value.isEmpty && value.count <= 256
            && value.allSatisfy { (0x20...0x7E).contains($0) && $0 != equals && $0 != UInt8(ascii: ",") }
    }
}
