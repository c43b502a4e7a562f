// SPDX-License-Identifier: Apache-2.0

/// What a process that stays is doing, and when an event is done: no clock, no process, no thread.
///
/// ```
/// idle ── begin ──▶ busy ── answer and end of its log ──▶ idle, or leaving where the answer was the last
///   │                 │
///   └──── ended ──────┴──── ended ──▶ gone
/// ```
struct WarmProcessState: Sendable {
    enum Phase: Sendable, Equatable {
        case idle
        case busy
        /// It is being killed, or has said that it takes no further event.
        case leaving
        case gone
    }

    /// How an event ended.
    enum Completion: Sendable {
        case answered(RunnerAnswer, LogTail)
        case died(ProcessEnding, LogTail)
        case stopped(StopReason, LogTail)
    }

    private(set) var phase = Phase.idle
    private var isUnderWay = false
    private var answer: RunnerAnswer?
    private var log: LogTail?
    private var stopReason: StopReason?
    private var completion: Completion?

    /// Takes an event on.
    ///
    /// - Returns: Whether it can.
    mutating func begin() -> Bool {
        guard phase == .idle else { return false }
        (phase, isUnderWay) = (.busy, true)
        return true
    }

    /// The process has answered.
    ///
    /// - Returns: Whether there was something to answer.
    mutating func answered(_ answer: RunnerAnswer) -> Bool {
        guard isUnderWay, self.answer == nil else { return false }
        self.answer = answer
        completeIfAnswered()
        return true
    }

    /// The event's part of the log has ended.
    mutating func logEnded(_ log: LogTail) {
        guard isUnderWay, self.log == nil else { return }
        self.log = log
        completeIfAnswered()
    }

    /// The process is about to be killed; the first reason is the one that counts.
    ///
    /// - Returns: Whether there is a process to kill.
    mutating func stop(_ reason: StopReason) -> Bool {
        guard phase != .gone else { return false }
        stopReason = stopReason ?? reason
        phase = .leaving
        return true
    }

    /// The process has ended; `log` is what it wrote since the last event's part ended.
    mutating func ended(_ ending: ProcessEnding, log: LogTail) {
        phase = .gone
        guard isUnderWay else { return }
        isUnderWay = false
        completion = stopReason.map { .stopped($0, log) } ?? .died(ending, log)
    }

    /// How the event ended, once it has.
    mutating func takeCompletion() -> Completion? {
        defer { completion = nil }
        return completion
    }

    private mutating func completeIfAnswered() {
        // An answer that comes while the process is being killed comes too late.
        guard phase == .busy, let answer, let log else { return }
        completion = .answered(answer, log)
        (isUnderWay, self.answer, self.log) = (false, nil, nil)
        phase = answer.isLast ? .leaving : .idle
    }
}
