// SPDX-License-Identifier: Apache-2.0

extension NginxConfiguration {
    /// What holds for all servers: the block `http`, or the top of a file that is meant to be included there.
    public var http: Scope {
        let top = Scope(top: directives)
        guard let http = directives.first(where: { $0.name == "http" }) else { return top }
        return top.inside(http)
    }

    /// The servers, in their order.
    public var servers: [ServerBlock] {
        let http = http
        return http.own.filter { $0.name == "server" && $0.block != nil }.map { ServerBlock(scope: http.inside($0)) }
    }

    /// The group of servers that `fastcgi_pass NAME` leads to.
    public func upstream(_ name: String) -> Directive? {
        http.own.first { $0.name == "upstream" && $0.arguments.first == name }
    }
}

/// A `server` block.
public struct ServerBlock: Sendable {
    /// What holds in it where no location says otherwise.
    public let scope: Scope

    /// All its locations, those in other locations included.
    public var locations: [Scope] { Self.locations(in: scope) }

    /// Where a request for a path ends up, by nginx's rules: `=` first, then the longest prefix, unless a regular
    /// expression matches and the prefix does not forbid that with `^~`.
    public func location(for path: String) -> Scope {
        Self.location(for: path, in: scope) ?? scope
    }

    /// Folders such as `/a/` that requests for are passed on, where nginx itself answers `/a` with a redirect (301) to `/a/`,
    /// whatever the method, and before it looks at regular expressions: it does that unless another location, exact or a
    /// prefix, is there for `/a` (nginx.org, ngx_http_core_module, "location").
    public var redirectedFolders: [RedirectedFolder] { Self.redirectedFolders(in: scope, besides: []) }

    /// The paths of `outer` have locations around this scope, which come first.
    private static func redirectedFolders(in scope: Scope, besides outer: Set<String>) -> [RedirectedFolder] {
        let locations = scope.own.filter { $0.name == "location" && $0.block != nil }
        let own = locations.compactMap { Pattern($0.arguments) }.filter { !$0.isExpression }.map(\.text)
        let paths = outer.union(own)
        return locations.flatMap { directive -> [RedirectedFolder] in
            let location = scope.inside(directive)
            let nested = redirectedFolders(in: location, besides: paths)
            guard let pattern = Pattern(directive.arguments), pattern.isPrefix, pattern.text.hasSuffix("/"),
                let target = location.ownDirective("fastcgi_pass")?.arguments.first,
                !paths.contains(String(pattern.text.dropLast()))
            else { return nested }
            return [RedirectedFolder(path: String(pattern.text.dropLast()), location: location, target: target)]
                + nested
        }
    }

    private static func locations(in scope: Scope) -> [Scope] {
        scope.own.filter { $0.name == "location" }.flatMap { directive in
            let location = scope.inside(directive)
            return [location] + locations(in: location)
        }
    }

    private static func location(for path: String, in scope: Scope) -> Scope? {
        var prefix: (length: Int, pattern: Pattern, directive: Directive)?
        var expressions: [(Pattern, Directive)] = []
        for directive in scope.own where directive.name == "location" {
            guard let pattern = Pattern(directive.arguments) else { continue }
            switch pattern.kind {
            case .exact where pattern.text == path: return scope.inside(directive)
            case .exact: break
            case .prefix, .decisivePrefix:
                let length = pattern.text.utf8.count
                if path.hasPrefix(pattern.text), length > prefix?.length ?? -1 {
                    prefix = (length, pattern, directive)
                }
            case .expression: expressions.append((pattern, directive))
            }
        }
        if let prefix, let nested = location(for: path, in: scope.inside(prefix.directive)) { return nested }
        if prefix?.pattern.kind != .decisivePrefix,
            let match = expressions.first(where: { $0.0.matches(path) })
        {
            let location = scope.inside(match.1)
            return self.location(for: path, in: location) ?? location
        }
        return prefix.map { scope.inside($0.directive) }
    }
}

/// A folder that is passed on, without a location for its own name.
public struct RedirectedFolder: Sendable {
    /// The path without the slash at its end, which nginx redirects.
    public let path: String
    /// The location with the slash.
    public let location: Scope
    /// Where it passes requests on to.
    public let target: String
}

/// What a location is for: `= /a`, `/a/`, `^~ /a/`, `~ ^/a`, `~* ^/a`.
private struct Pattern {
    enum Kind: Equatable {
        case exact, prefix, decisivePrefix
        case expression(ignoresCase: Bool)
    }

    let kind: Kind
    let text: String

    var isPrefix: Bool { kind == .prefix || kind == .decisivePrefix }

    var isExpression: Bool { if case .expression = kind { true } else { false } }

    /// - Returns: `nil` for a named location, which no path leads to.
    init?(_ arguments: [String]) {
        switch (arguments.first, arguments.count) {
        case (let text?, 1):
            guard !text.hasPrefix("@") else { return nil }
            (kind, self.text) = text.hasPrefix("=") ? (.exact, String(text.dropFirst())) : (.prefix, text)
        case ("=", 2): (kind, text) = (.exact, arguments[1])
        case ("^~", 2): (kind, text) = (.decisivePrefix, arguments[1])
        case ("~", 2): (kind, text) = (.expression(ignoresCase: false), arguments[1])
        case ("~*", 2): (kind, text) = (.expression(ignoresCase: true), arguments[1])
        default: return nil
        }
    }

    /// nginx's expressions are PCRE's; one that Swift does not know matches nothing here.
    func matches(_ path: String) -> Bool {
        guard case .expression(let ignoresCase) = kind, let expression = try? Regex(text) else { return false }
        return path.firstMatch(of: expression.ignoresCase(ignoresCase)) != nil
    }
}
