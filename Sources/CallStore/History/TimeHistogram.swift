// SPDX-License-Identifier: Apache-2.0

/// How long calls took, counted in bins, eight for each doubling: what lies in one differs by less than an eighth.
struct TimeHistogram: Equatable {
    /// Calls of one bin.
    struct Bin: Equatable {
        var calls: Int
        /// Microseconds.
        var longest: Int
    }

    /// Never an empty bin.
    private(set) var bins: [Int: Bin] = [:]

    /// Counts a call that took so long.
    mutating func count(microseconds: Int) {
        add(Bin(calls: 1, longest: microseconds), at: Self.bin(of: microseconds))
    }

    /// Counts all that another has counted.
    mutating func merge(_ other: TimeHistogram) {
        for (number, bin) in other.bins { add(bin, at: number) }
    }

    private mutating func add(_ bin: Bin, at number: Int) {
        let before = bins[number] ?? Bin(calls: 0, longest: 0)
        bins[number] = Bin(calls: before.calls + bin.calls, longest: max(before.longest, bin.longest))
    }

    /// The bin of a time in microseconds.
    static func bin(of microseconds: Int) -> Int {
        let value = max(microseconds, 1)
        let octave = Int.bitWidth - 1 - value.leadingZeroBitCount
        guard octave >= 3 else { return value - 1 }
        return octave * 8 - 17 + ((value >> (octave - 3)) & 7)
    }
}

// MARK: - As bytes

extension TimeHistogram {
    private static let entryBytes = 18

    /// Of each bin its number, its calls and its longest time, in 2, 8 and 8 bytes, the least significant first.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(bins.count * Self.entryBytes)
        for (number, bin) in bins {
            for (value, count) in [(number, 2), (bin.calls, 8), (bin.longest, 8)] {
                for byte in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
            }
        }
        return bytes
    }

    /// Reads what ``bytes`` gives.
    init(bytes: [UInt8]) {
        func value(at index: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(bytes[index + $1]) << (8 * $1) }
        }
        for start in stride(from: 0, through: bytes.count - Self.entryBytes, by: Self.entryBytes) {
            add(Bin(calls: value(at: start + 2, 8), longest: value(at: start + 10, 8)), at: value(at: start, 2))
        }
    }
}

// MARK: - What it tells

extension HistoryStatistics.Times {
    /// - Returns: `nil` where nothing was counted.
    init?(_ histogram: TimeHistogram) {
        let bins = histogram.bins.sorted { $0.key < $1.key }.map(\.value)
        let calls = bins.reduce(0) { $0 + $1.calls }
        guard calls > 0 else { return nil }
        /// The longest time of the bin in which the call with this place lies: at most an eighth too high, and never a
        /// time that did not occur.
        func time(of place: Int) -> Int {
            var before = 0
            for bin in bins {
                before += bin.calls
                if before >= place { return bin.longest }
            }
            return 0
        }
        self.init(
            calls: calls, half: time(of: (calls + 1) / 2), nineteenOfTwenty: time(of: (calls * 19 + 19) / 20),
            longest: bins.last?.longest ?? 0)
    }
}
