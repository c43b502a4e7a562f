// SPDX-License-Identifier: Apache-2.0

/// A stretch of time, cut into pieces of the same length.
public struct HistoryWindow: Sendable, Equatable {
    /// How finely calls are counted up when they are written. Coarser pieces are put together from these.
    public enum Level: Int, Sendable, CaseIterable {
        /// 5 minutes.
        case minutes = 300_000
        /// 1 hour.
        case hour = 3_600_000
        /// 1 day, by UTC.
        case day = 86_400_000

        /// Length in milliseconds.
        public var length: Int { rawValue }
    }

    /// What the pieces are made of.
    public var level: Level
    /// Length of a piece in milliseconds: a multiple of the level's.
    public var pieceLength: Int
    /// Pieces.
    public var pieces: Int
    /// Beginning of the first piece, in UNIX milliseconds: a multiple of the piece's length.
    public var start: Int

    /// The stretch of so many pieces that ends with the one in which `now` lies.
    public init(_ level: Level, levelsAPiece: Int = 1, pieces: Int, endingAt now: Int) {
        self.level = level
        pieceLength = level.length * levelsAPiece
        self.pieces = pieces
        start = (now / pieceLength - pieces + 1) * pieceLength
    }

    /// The first millisecond behind it.
    public var end: Int { start + pieces * pieceLength }
}

/// What calls of a stretch of time have in common.
public struct HistoryStatistics: Sendable, Equatable {
    /// One piece of the time.
    public struct Piece: Sendable, Equatable {
        /// When it begins, in UNIX milliseconds.
        public var start: Int
        /// Calls by outcome.
        public var outcomes: [HistoryOutcome: Int] = [:]
        /// How long calls took, from the request to the answer; `nil` where none ran.
        public var times: Times?

        /// Creates a piece.
        public init(start: Int, outcomes: [HistoryOutcome: Int] = [:], times: Times? = nil) {
            self.start = start
            self.outcomes = outcomes
            self.times = times
        }
    }

    /// How long calls took, in microseconds. Half and nineteen of twenty are at most an eighth too high.
    public struct Times: Sendable, Equatable {
        /// Calls that are meant: those that ran, or may have.
        public var calls: Int
        /// Half of them took at most so long.
        public var half: Int
        /// Nineteen of twenty took at most so long.
        public var nineteenOfTwenty: Int
        /// None took longer.
        public var longest: Int

        /// Creates times.
        public init(calls: Int, half: Int, nineteenOfTwenty: Int, longest: Int) {
            self.calls = calls
            self.half = half
            self.nineteenOfTwenty = nineteenOfTwenty
            self.longest = longest
        }
    }

    /// What one function, or one caller, has used.
    public struct Share: Sendable, Equatable {
        /// `NAMESPACE/FUNCTION`, or the caller.
        public var name: String
        /// Calls that ran, or may have.
        public var calls = 0
        /// Those of them that failed.
        public var failed = 0
        /// BillDuration of all, in milliseconds.
        public var billDuration = 0
        /// BillDuration times MemorySize, in MB·ms, of calls whose MemorySize is known.
        public var bySize = 0
        /// BillDuration times MemUsage, in MB·ms, of all others.
        public var byUsage = 0

        /// Creates a share.
        public init(
            name: String, calls: Int = 0, failed: Int = 0, billDuration: Int = 0, bySize: Int = 0, byUsage: Int = 0
        ) {
            self.name = name
            self.calls = calls
            self.failed = failed
            self.billDuration = billDuration
            self.bySize = bySize
            self.byUsage = byUsage
        }

        /// What is billed, as far as that is known: GB·s.
        public var gigabyteSeconds: Double { Double(bySize + byUsage) / 1024 / 1000 }
    }

    /// All pieces, in order, also those without calls.
    public var pieces: [Piece]
    /// Functions, the dearest first.
    public var functions: [Share]
    /// Callers, the dearest first.
    public var callers: [Share]

    /// Creates statistics.
    public init(pieces: [Piece], functions: [Share], callers: [Share]) {
        self.pieces = pieces
        self.functions = functions
        self.callers = callers
    }

    /// Calls by outcome, in all pieces.
    public var outcomes: [HistoryOutcome: Int] {
        pieces.reduce(into: [:]) { sum, piece in sum.merge(piece.outcomes) { $0 + $1 } }
    }
}
