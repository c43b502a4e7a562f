// SPDX-License-Identifier: Apache-2.0

import Invocation

/// What is counted of the calls of one loop.
struct CallTable: Sendable {
    /// What is known of the calls of one door.
    struct DoorTotals: Sendable {
        var durations = DurationHistogram()
        var bytesIn = 0
        var bytesOut = 0
    }

    /// A combination of labels; four numbers of ``CallLabels`` in one.
    struct Series: Hashable, Sendable {
        private let packed: UInt64

        init(door: Int, caller: Int, function: Int, code: Int) {
            packed = UInt64(door) << 48 | UInt64(caller) << 32 | UInt64(function) << 16 | UInt64(code)
        }

        var door: Int { Int(packed >> 48) }
        var caller: Int { Int(packed >> 32 & 0xFFFF) }
        var function: Int { Int(packed >> 16 & 0xFFFF) }
        var code: Int { Int(packed & 0xFFFF) }
    }

    var labels = CallLabels()
    /// Calls of each combination that has occurred.
    private(set) var calls: [Series: Int] = [:]
    private(set) var doors = [DoorTotals](repeating: DoorTotals(), count: CallLabels.doors.count)
    /// Milliseconds that the cloud bills, by the number of the function.
    private(set) var billedMilliseconds: [Int] = []

    mutating func note(_ record: CallRecord) {
        let door = CallLabels.door(record.door)
        let function = labels.function(of: record)
        let series = Series(
            door: door, caller: labels.caller(of: record), function: function, code: labels.code(of: record))
        calls[series, default: 0] += 1
        doors[door].durations.note(record.elapsed)
        doors[door].bytesIn += record.bytesIn
        doors[door].bytesOut += record.bytesOut
        if let billed = record.result?.billDuration { bill(function, billed) }
    }

    /// Adds what another loop has counted, whose labels have the same numbers.
    mutating func add(_ other: CallTable) {
        calls.merge(other.calls, uniquingKeysWith: +)
        for (function, billed) in other.billedMilliseconds.enumerated() { bill(function, billed) }
        for door in doors.indices {
            doors[door].durations += other.doors[door].durations
            doors[door].bytesIn += other.doors[door].bytesIn
            doors[door].bytesOut += other.doors[door].bytesOut
        }
    }

    private mutating func bill(_ function: Int, _ milliseconds: Int) {
        while billedMilliseconds.count <= function { billedMilliseconds.append(0) }
        billedMilliseconds[function] += milliseconds
    }
}
