// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FastCGI

/// A queue whose links are in its connections: against an array that does the same.
@Suite struct ConnectionQueueTests {
    private static func connections(_ count: Int) -> [Connection] {
        let budget = ByteBudget(limit: 1)
        return (0..<count).map { number in
            Connection(
                id: UInt64(number), descriptor: -1,
                reader: RequestReader(limits: .init(parameterBytes: 1, bodyBytes: 1), budget: budget))
        }
    }

    /// Whoever came first is first, whoever leaves from where.
    @Test(arguments: 0..<20)
    func isInTheOrderOfComing(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let all = Self.connections(8)
        var queue = ConnectionQueue()
        var model: [Connection] = []
        for _ in 0..<400 {
            if let connection = all.randomElement(using: &random) {
                if let place = model.firstIndex(where: { $0 === connection }) {
                    model.remove(at: place)
                    queue.remove(connection)
                } else {
                    model.append(connection)
                    queue.append(connection)
                }
            }
            #expect(queue.first === model.first)
        }
        while let first = queue.first {
            #expect(first === model.removeFirst())
            queue.remove(first)
        }
        #expect(model.isEmpty)
    }

    @Test func holdsNobodyWhoHasLeft() {
        weak var left: Connection?
        var queue = ConnectionQueue()
        do {
            let all = Self.connections(3)
            for connection in all { queue.append(connection) }
            queue.remove(all[1])
            left = all[1]
        }
        #expect(left == nil)
        #expect(queue.first?.id == 0)
    }
}
