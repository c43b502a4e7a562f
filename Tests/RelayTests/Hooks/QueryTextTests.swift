// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Relay

/// The names and values of a query.
@Suite struct QueryTextTests {
    @Test(arguments: [
        ("", []), ("a", ["a="]), ("a=1&b=2", ["a=1", "b=2"]), ("a=1=2", ["a=1=2"]), ("=1", ["=1"]), ("&&a&&", ["a="]),
        ("a+b=c+d%20e", ["a b=c d e"]), ("a%3D=%26", ["a==&"]), ("a=%zz&b=%", ["a=%zz", "b=%"]),
    ])
    func pairs(query: String, expected: [String]) throws {
        let pairs = try #require(QueryText.pairs(ArraySlice(query.utf8), maximumCount: 8))
        #expect(pairs.map { "\($0.name)=\($0.value)" } == expected)
    }

    /// Ampersands that nothing stands between are no parameters, wherever they are.
    @Test(arguments: ["", "&", "&&&&"])
    func asManyAsMayBe(surplus: String) {
        let three = ["a=1", "b=2", "c=3"].joined(separator: "&" + surplus)
        let query = ArraySlice((surplus + three + surplus).utf8)
        #expect(QueryText.pairs(query, maximumCount: 3)?.count == 3)
        #expect(QueryText.pairs(query, maximumCount: 2) == nil)
    }
}
