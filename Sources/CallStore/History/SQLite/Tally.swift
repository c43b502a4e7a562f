// SPDX-License-Identifier: Apache-2.0

import GRDB

/// Calls of a transaction, counted up in memory, so that many of them cost a few rows.
struct Tally {
    private struct Key: Hashable {
        let level: Int
        let start: Int
        let kind: Int64
    }

    private struct Sums {
        var calls = 0
        var billDuration = 0
        var bySize = 0
        var byUsage = 0
        var times = TimeHistogram()
    }

    private static let megabyte = 1 << 20
    /// What a sum may be: so little that two of them can be added. SQLite makes a floating-point number of what does not fit.
    static let most = 1 << 58

    private var sums: [Key: Sums] = [:]

    mutating func count(_ call: HistoryCall, kind: Int64) {
        for level in HistoryWindow.Level.allCases {
            let start = call.beganAt / level.length * level.length
            let key = Key(level: level.length, start: start, kind: kind)
            var sum = sums[key] ?? Sums()
            sum.calls += 1
            Self.add(call.billDuration, times: 1, to: &sum.billDuration)
            if let size = call.memorySize {
                Self.add(call.billDuration, times: size, to: &sum.bySize)
            } else {
                Self.add(call.billDuration, times: (max(1, call.memUsage) - 1) / Self.megabyte + 1, to: &sum.byUsage)
            }
            if call.outcome.isTimed, call.microseconds > 0 { sum.times.count(microseconds: call.microseconds) }
            sums[key] = sum
        }
    }

    /// Whatever a call says of itself, sums stay between zero and the most.
    private static func add(_ duration: Int, times memory: Int, to sum: inout Int) {
        sum = Int(min(Double(sum) + Double(max(0, duration)) * Double(max(0, memory)), Double(most)))
    }

    func add(to database: Database) throws {
        let known = try database.cachedStatement(
            sql: "SELECT times FROM tallies WHERE level = ? AND start = ? AND kind = ?")
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO tallies (level, start, kind, calls, billDuration, bySize, byUsage, times)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET calls = calls + excluded.calls,
                    billDuration = min(billDuration + excluded.billDuration, \(Self.most)),
                    bySize = min(bySize + excluded.bySize, \(Self.most)),
                    byUsage = min(byUsage + excluded.byUsage, \(Self.most)), times = excluded.times
                """)
        for (key, sum) in sums {
            let place: StatementArguments = [key.level, key.start, key.kind]
            var times = sum.times
            if let before = try Blob.fetchOne(known, arguments: place) {
                times.merge(TimeHistogram(bytes: Array(before.data)))
            }
            try statement.execute(
                arguments: place + [sum.calls, sum.billDuration, sum.bySize, sum.byUsage, Blob(times.bytes)])
        }
    }
}
