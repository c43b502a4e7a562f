// SPDX-License-Identifier: Apache-2.0

/// What is kept across restarts: the queue of accepted calls with their attempts, and the ids of senders with the answers
/// they got.
///
/// Whatever a method has returned is on disk. Everything above this line counts on that and on nothing else: not on a file,
/// not on being the only process. A relay claims a call before it delivers it; a claim ends with ``finish(_:_:)``, or when
/// the store finds that its relay is gone (``settleAbandoned()``).
///
/// All methods throw ``StoreError``, in which case nothing was changed.
public protocol DeliveryStore: Sendable {
    // MARK: Accepting

    /// Stores a call.
    ///
    /// - Parameters:
    ///   - call: The call, with a new id.
    ///   - key: The sender's id, where it gave one.
    /// - Returns: Whether it is stored now or was already.
    /// - Throws: ``StoreError/full``, and nothing is stored.
    func accept(_ call: NewCall, as key: DeliveryKey?) async throws(StoreError) -> Acceptance

    // MARK: Delivering

    /// Claims calls that are due, the oldest first, and notes for each that an attempt begins.
    ///
    /// Of calls in the same lane only the oldest that is not settled is given out.
    ///
    /// - Parameters:
    ///   - kind: Only calls that go there.
    ///   - count: At most so many.
    /// - Returns: The calls.
    /// - Throws: ``StoreError/unavailable(_:)``.
    func claim(_ kind: CallTarget.Kind, upTo count: Int) async throws(StoreError) -> [ClaimedCall]

    /// Ends a claim with what came of the attempt.
    func finish(_ claim: ClaimedCall, _ ending: AttemptEnding) async throws(StoreError)

    /// Finds claims, and ids that are being answered, whose relay is gone, and settles them: what is idempotent waits
    /// again, everything else is unknown from now on.
    ///
    /// - Returns: The calls that were settled.
    func settleAbandoned() async throws(StoreError) -> [Abandoned]

    // MARK: Once

    /// Begins to answer a delivery, unless one with the same key was or is being answered.
    ///
    /// - Throws: ``StoreError/full``, and nothing may be run.
    func begin(_ key: DeliveryKey, idempotent: Bool) async throws(StoreError) -> Beginning

    /// Notes how a delivery was answered that ``begin(_:idempotent:)`` let begin.
    func end(_ key: DeliveryKey, _ ending: AnswerEnding) async throws(StoreError)

    // MARK: By hand

    /// Calls, the oldest first.
    ///
    /// - Parameters:
    ///   - states: Only calls in one of these.
    ///   - place: Only calls that were accepted after the one with this ``CallSummary/place``.
    ///   - limit: At most so many.
    /// - Returns: The calls, without payloads.
    /// - Throws: ``StoreError/unavailable(_:)``.
    func calls(in states: [CallState], after place: Int64, limit: Int) async throws(StoreError) -> [CallSummary]

    /// A call with its attempts; `nil` where there is none with this id.
    func call(_ id: String) async throws(StoreError) -> CallDetail?

    /// Makes a call due now: one that waits, was given up or is unknown.
    func retry(_ id: String) async throws(StoreError) -> HandResult

    /// Removes a call, with its payload, that is not being delivered right now.
    func drop(_ id: String) async throws(StoreError) -> HandResult

    // MARK: Watching

    /// How much there is. Cheap enough to be asked every few seconds.
    func counts() async throws(StoreError) -> QueueCounts

    // MARK: Upkeep

    /// Holds no more than that from now on. What is there already stays until its time is over.
    func hold(to limits: StoreLimits)

    /// Forgets ids whose time is over and calls that nothing has happened to for longer than the store keeps them. A call
    /// that still waits is never forgotten.
    ///
    /// - Returns: The calls among them that were never delivered.
    func expire() async throws(StoreError) -> [CallSummary]
}

/// What a store of deliveries may hold.
public struct StoreLimits: Sendable, Equatable {
    /// Calls that are not delivered: waiting, running, given up or unknown.
    public var calls = 100_000
    /// Bytes of payloads, remembered answers and what is noted about them.
    public var bytes = 1 << 30
    /// Days that calls which were delivered, given up or are unknown are kept.
    public var keepDays = 14

    /// The defaults.
    public init() {}
}
