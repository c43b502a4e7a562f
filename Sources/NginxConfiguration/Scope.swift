// SPDX-License-Identifier: Apache-2.0

/// A block and the blocks around it: what holds there, by nginx's rule that a level which says nothing takes what the one
/// around it says.
public struct Scope: Sendable {
    /// The block that it is: a `location`, a `server`; `nil` for the top.
    public let opening: Directive?
    /// What the blocks hold, the innermost first.
    private let levels: [[Directive]]

    init(top: [Directive]) {
        opening = nil
        levels = [top]
    }

    private init(opening: Directive, levels: [[Directive]]) {
        self.opening = opening
        self.levels = levels
    }

    /// A block of this one.
    func inside(_ directive: Directive) -> Scope {
        Scope(opening: directive, levels: [directive.block ?? []] + levels)
    }

    /// What stands in the block itself.
    var own: [Directive] { levels[0] }

    /// The directive that holds here: the nearest one, and in a block the last one.
    public func directive(_ name: String) -> Directive? { all(name).last }

    /// All directives of a name on the nearest level that has any. `fastcgi_param` and `add_header` are such: a level with
    /// one of its own takes none from around it.
    public func all(_ name: String) -> [Directive] {
        for level in levels {
            let found = level.filter { $0.name == name }
            if !found.isEmpty { return found }
        }
        return []
    }

    /// The directive of a name that the block itself has: `fastcgi_pass` is not taken from around it.
    public func ownDirective(_ name: String) -> Directive? { own.last { $0.name == name } }
}
