// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// The processes that wait for an event, of every function, version and region.
///
/// An event takes the one that was used last, if its code is still the code that lies in the folder. A process that
/// nobody has needed for a while ends, and so does the one that waited longest where there are too many.
actor ProcessPool {
    /// For whom a process may work: another version or another region would find the wrong environment in it.
    private struct Owner: Hashable {
        let namespace: String
        let name: String
        let version: FunctionVersion
        let region: String
    }

    private struct Idle {
        let owner: Owner
        let code: CodeState
        let process: WarmProcess
        /// Ends it when it has waited long enough.
        let timer: Task<Void, Never>
    }

    private let idleTime: Duration
    private let idleLimit: Int
    private let clock: any Clock<Duration>
    /// In the order in which they began to wait.
    private var idle: [Idle] = []
    /// The code that was last seen: what was started with an earlier one is not kept.
    private var newest: [Owner: CodeState] = [:]
    private var isClosed = false

    /// At most `idleLimit` processes wait, each at most for `idleTime`.
    init(idleTime: Duration, idleLimit: Int, clock: any Clock<Duration>) {
        self.idleTime = idleTime
        self.idleLimit = idleLimit
        self.clock = clock
        signal(SIGPIPE, SIG_IGN)  // a function that ends while its event is being written must not end this program
    }

    deinit {
        for waiting in idle {
            waiting.timer.cancel()
            Task { [process = waiting.process] in await process.end() }
        }
    }

    /// How many processes wait.
    var idleCount: Int { idle.count }

    /// Serves an event with a process that waits, or with a new one.
    ///
    /// - Throws: ``NotStarted`` or `SubprocessError` where none can be started, `CancellationError`.
    func run(
        _ function: Function, region: String, code: CodeState, limits: RunLimits,
        _ makeCall: @Sendable (_ mark: String) -> RunnerCall
    ) async throws -> WarmProcess.Outcome {
        let owner = Owner(
            namespace: function.namespace, name: function.name, version: function.version, region: region)
        newest[owner] = code
        while let process = take(owner, code) {
            do {
                return try await run(process, owner, code, limits, makeCall)
            } catch is WarmProcess.Gone {
                continue  // it ended while it waited
            }
        }
        let start = ProcessStart(of: function, region: region)
        let process = WarmProcess(start, resultBytes: limits.resultBytes, clock: clock)
        return try await run(process, owner, code, limits, makeCall)
    }

    /// Ends all that wait, and keeps none from now on.
    func close() async {
        isClosed = true
        let last = idle
        idle = []
        for waiting in last {
            waiting.timer.cancel()
            await waiting.process.end()
        }
    }

    private func run(
        _ process: WarmProcess, _ owner: Owner, _ code: CodeState, _ limits: RunLimits,
        _ makeCall: @Sendable (_ mark: String) -> RunnerCall
    ) async throws -> WarmProcess.Outcome {
        let outcome = try await process.run(makeCall, limits: limits)
        if outcome.isReusable, !isClosed, newest[owner] == code {
            keep(process, owner, code)
        } else {
            await process.end()
        }
        return outcome
    }

    /// The process that began to wait last; those with other code end.
    private func take(_ owner: Owner, _ code: CodeState) -> WarmProcess? {
        for waiting in idle where waiting.owner == owner && waiting.code != code { dismiss(waiting) }
        guard let index = idle.lastIndex(where: { $0.owner == owner }) else { return nil }
        let found = idle.remove(at: index)
        found.timer.cancel()
        return found.process
    }

    private func keep(_ process: WarmProcess, _ owner: Owner, _ code: CodeState) {
        let timer = Task { [weak self, clock, idleTime] in
            try? await clock.sleep(for: idleTime)
            guard !Task.isCancelled else { return }
            await self?.dismiss(process)
        }
        idle.append(Idle(owner: owner, code: code, process: process, timer: timer))
        if idle.count > idleLimit, let longest = idle.first { dismiss(longest) }
    }

    private func dismiss(_ process: WarmProcess) {
        guard let waiting = idle.first(where: { $0.process === process }) else { return }
        dismiss(waiting)
    }

    private func dismiss(_ waiting: Idle) {
        idle.removeAll { $0.process === waiting.process }
        waiting.timer.cancel()
        Task { await waiting.process.end() }
    }
}
