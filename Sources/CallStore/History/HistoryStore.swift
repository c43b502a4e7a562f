// SPDX-License-Identifier: Apache-2.0

/// Calls that were made, kept for people to look at: a list, details, statistics.
///
/// It is a record, not a promise: what the last moments before a crash brought may be missing, and calls go on without it.
/// Whatever looks things up answers in a time that depends on what is shown, not on how much is kept.
///
/// All methods throw ``StoreError``, in which case nothing was changed.
public protocol HistoryStore: Sendable {
    // MARK: Writing

    /// Adds calls, oldest first, and removes older ones where there would be more than may be kept.
    ///
    /// A call may be added twice: while it runs, and when it has ended.
    ///
    /// - Parameters:
    ///   - calls: The calls.
    ///   - gap: What could not be added before; `nil` where nothing is missing.
    /// - Throws: ``StoreError/unavailable(_:)``.
    func add(_ calls: [HistoryDetail], missing gap: HistoryGap?) async throws(StoreError)

    /// Holds no more than that from now on.
    func hold(to limits: HistoryLimits)

    /// Removes what is too old, and settles calls that ran in a relay which is gone: their outcome is unknown.
    func expire() async throws(StoreError)

    /// This relay ends: calls of its own that still run have an unknown outcome.
    func close() async throws(StoreError)

    // MARK: Looking

    /// Calls, the newest first.
    ///
    /// - Parameters:
    ///   - filter: Only these.
    ///   - place: Only calls behind this one.
    ///   - limit: At most so many.
    /// - Returns: The calls, and where to go on; `nil` at the end.
    /// - Throws: ``StoreError/unavailable(_:)``.
    func calls(_ filter: HistoryFilter, after place: HistoryPlace?, limit: Int) async throws(StoreError) -> HistoryPage

    /// A call; `nil` where there is none with this id. Where no call has it, the latest whose request had it.
    func call(_ id: String) async throws(StoreError) -> HistoryDetail?

    /// What calls have in common.
    ///
    /// - Parameters:
    ///   - filter: Only these; times and ids are not looked at.
    ///   - window: From when to when, and how finely.
    /// - Returns: The figures.
    /// - Throws: ``StoreError/unavailable(_:)``.
    func statistics(_ filter: HistoryFilter, in window: HistoryWindow) async throws(StoreError) -> HistoryStatistics

    /// What is missing, the latest first, a few at most.
    func gaps() async throws(StoreError) -> [HistoryGap]

    /// What can be filtered by: names that occur.
    func names() async throws(StoreError) -> HistoryNames
}

/// What a history may hold.
public struct HistoryLimits: Sendable, Equatable {
    /// Calls.
    public var calls = 100_000
    /// Bytes of the file that are in use.
    public var bytes = 1 << 30
    /// Days that a call is kept.
    public var keepDays = 30

    /// The defaults.
    public init() {}
}

/// Which calls are meant. What is `nil` does not matter.
public struct HistoryFilter: Sendable, Equatable {
    /// FunctionName.
    public var functionName: String?
    /// Namespace.
    public var namespace: String?
    /// Who called.
    public var caller: String?
    /// The way in.
    public var door: String?
    /// How it went.
    public var outcome: HistoryOutcome?
    /// The code of the answer.
    public var code: String?
    /// From this time on, in UNIX milliseconds.
    public var from: Int?
    /// Before this time.
    public var to: Int?
    /// The beginning of any of the call's ids.
    public var idPrefix: String?

    /// All calls.
    public init() {}
}

/// A call's place in the order of time.
public struct HistoryPlace: Sendable, Equatable {
    /// When it came, in UNIX milliseconds.
    public var beganAt: Int
    /// Tells apart what came in the same millisecond.
    public var number: Int64

    /// Creates a place.
    public init(beganAt: Int, number: Int64) {
        self.beganAt = beganAt
        self.number = number
    }
}

/// Some calls of a list.
public struct HistoryPage: Sendable, Equatable {
    /// The calls, the newest first.
    public var calls: [HistoryCall]
    /// Where to go on; `nil` at the end.
    public var next: HistoryPlace?

    /// Creates a page.
    public init(calls: [HistoryCall], next: HistoryPlace? = nil) {
        self.calls = calls
        self.next = next
    }
}

/// Names that occur in the history.
public struct HistoryNames: Sendable, Equatable {
    /// `NAMESPACE/FUNCTION`, sorted.
    public var functions: [String] = []
    /// Callers, sorted.
    public var callers: [String] = []
    /// Codes, sorted.
    public var codes: [String] = []

    /// None.
    public init() {}
}
