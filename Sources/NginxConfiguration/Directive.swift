// SPDX-License-Identifier: Apache-2.0

/// A directive of nginx with what stands behind it: `listen 80;` or `server { … }`.
public struct Directive: Sendable, Equatable {
    /// Where something stands.
    public struct Place: Sendable, Hashable, CustomStringConvertible {
        /// The file, as it was named.
        public let file: String
        /// The line, from 1.
        public let line: Int

        /// Names a place.
        public init(file: String, line: Int) {
            self.file = file
            self.line = line
        }

        /// `nginx.conf:12`.
        public var description: String { "\(file):\(line)" }
    }

    /// Its name, such as `listen`.
    public let name: String
    /// What follows, without the quotes. Variables are left as they are written.
    public let arguments: [String]
    /// Where its name stands.
    public let place: Place
    /// What stands between its braces; `nil` where it has none and ends with `;`.
    public let block: [Directive]?

    /// Creates a directive.
    public init(name: String, arguments: [String], place: Place, block: [Directive]? = nil) {
        self.name = name
        self.arguments = arguments
        self.place = place
        self.block = block
    }
}

/// Why a text is no configuration of nginx.
public struct SyntaxError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where.
    public let place: Directive.Place
    /// What is wrong there.
    public let message: String

    /// `nginx.conf:12: …`.
    public var description: String { "\(place): \(message)" }
}
