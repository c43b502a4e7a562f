// SPDX-License-Identifier: Apache-2.0

/// Reads a configuration of nginx into directives, with the files that it includes in their places.
///
/// What directives mean is nobody's business here; the grammar is the same for all of them.
struct Parser {
    /// Blocks that may lie in one another, and files that may include one another.
    private static let maximumDepth = 64

    private let folder: String
    private let read: NginxConfiguration.Read
    private let find: NginxConfiguration.Find
    /// Includes of files that are not there: nginx would not start.
    private(set) var missing: [Directive] = []

    /// - Parameters:
    ///   - folder: Where relative paths begin: the folder of the first file.
    ///   - read: Gives the content of a file.
    ///   - find: Gives the files of a pattern.
    init(folder: String, read: @escaping NginxConfiguration.Read, find: @escaping NginxConfiguration.Find) {
        self.folder = folder
        self.read = read
        self.find = find
    }

    /// Reads a text.
    mutating func directives(of bytes: [UInt8], file: String, depth: Int = 0) throws(SyntaxError) -> [Directive] {
        var tokens = Tokens(bytes, file: file)
        return try directives(&tokens, isBlock: false, depth: depth)
    }

    private mutating func directives(
        _ tokens: inout Tokens, isBlock: Bool, depth: Int
    ) throws(SyntaxError) -> [Directive] {
        guard depth < Self.maximumDepth else {
            throw SyntaxError(place: tokens.place, message: "blocks or includes lie too deep in one another")
        }
        var all: [Directive] = []
        while let token = try tokens.next() {
            switch token {
            case .word(let name):
                all += try expanded(directive(name, &tokens, depth: depth), depth: depth)
            case .closingBrace where isBlock: return all
            case .closingBrace: throw SyntaxError(place: tokens.place, message: "a '}' that closes nothing")
            case .openingBrace, .semicolon:
                throw SyntaxError(place: tokens.place, message: "the name of a directive is missing")
            }
        }
        guard !isBlock else { throw SyntaxError(place: tokens.place, message: "a '}' is missing at the end") }
        return all
    }

    private mutating func directive(
        _ name: String, _ tokens: inout Tokens, depth: Int
    ) throws(SyntaxError) -> Directive {
        let place = tokens.place
        var arguments: [String] = []
        while let token = try tokens.next() {
            switch token {
            case .word(let argument): arguments.append(argument)
            case .semicolon: return Directive(name: name, arguments: arguments, place: place)
            case .openingBrace:
                let block = try directives(&tokens, isBlock: true, depth: depth + 1)
                return Directive(name: name, arguments: arguments, place: place, block: block)
            case .closingBrace:
                throw SyntaxError(place: tokens.place, message: "a ';' is missing before the '}'")
            }
        }
        throw SyntaxError(place: place, message: "'\(name)' does not end: a ';' or a block is missing")
    }

    private mutating func expanded(_ directive: Directive, depth: Int) throws(SyntaxError) -> [Directive] {
        guard directive.name == "include", directive.block == nil, let argument = directive.arguments.first else {
            return [directive]
        }
        let path = argument.hasPrefix("/") ? argument : folder + "/" + argument
        let isPattern = path.utf8.contains { "*?[".utf8.contains($0) }
        var all: [Directive] = []
        for file in isPattern ? find(path) : [path] {
            guard let bytes = read(file) else {
                missing.append(directive)
                continue
            }
            all += try directives(of: bytes, file: file, depth: depth + 1)
        }
        return all
    }
}
