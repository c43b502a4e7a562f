// SPDX-License-Identifier: Apache-2.0

import CCurl
import EventLoop

/// A curl multi handle in the epoll set of one loop: curl says which descriptors and which time it waits for, the loop
/// waits, and tells curl.
actor CurlEngine {
    private let loop: EventLoop
    private let settings: HTTPClient.Settings
    let counts = EngineCounts()
    private var multi: MultiHandle?
    private var timer: LoopTimer?
    private var transfers: [UInt64: Transfer] = [:]
    private var lastId: UInt64 = 0
    private var idleHandles: [EasyHandle] = []
    private var idleLargeHandles: [EasyHandle] = []
    private var isClosing = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(loop: EventLoop, settings: HTTPClient.Settings) {
        self.loop = loop
        self.settings = settings
    }

    /// Sends a request once and waits for what comes of it.
    func perform(_ request: HTTPClient.Request) async -> Transfer.Outcome {
        guard !Task.isCancelled else { return .failure(.cancelled) }
        guard request.timeout > .zero else { return .failure(.timedOut(wasSent: false)) }
        guard request.hasSafeHeader else {
            return .failure(.neverSent(reason: "a header field contains a control character"))
        }
        lastId += 1
        let id = lastId
        return await withTaskCancellationHandler {
            await withCheckedContinuation { start(id, request, $0) }
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.cancel(id) } }
        }
    }

    private func start(
        _ id: UInt64, _ request: HTTPClient.Request, _ continuation: CheckedContinuation<Transfer.Outcome, Never>
    ) {
        guard let multi = openedMulti(), let handle = takeHandle(for: request, of: multi) else {
            return continuation.resume(returning: .failure(.neverSent(reason: "out of memory")))
        }
        let transfer = Transfer(
            id: id, handle: handle, request: request, settings: settings, continuation: continuation)
        transfers[id] = transfer
        transfer.begin()
        guard curl_multi_add_handle(multi.pointer, handle.pointer) == CURLM_OK else {
            return end(transfer, .failure(.neverSent(reason: "libcurl does not take the request")))
        }
        // Now, not in the next turn of the loop: on a kept connection this writes the request.
        act(CURL_SOCKET_TIMEOUT, 0)
    }

    private func cancel(_ id: UInt64) {
        guard let transfer = transfers[id] else { return }
        end(transfer, .failure(.cancelled))
    }

    private func end(_ transfer: Transfer, _ outcome: Transfer.Outcome) {
        transfers[transfer.id] = nil
        if let multi { curl_multi_remove_handle(multi.pointer, transfer.handle.pointer) }
        giveBack(transfer.handle)
        transfer.finish(outcome)
        closeIfDone()
    }

    /// Nobody will ask for another transfer: closes all connections as soon as none is under way.
    func close() {
        isClosing = true
        closeIfDone()
    }

    private func closeIfDone() {
        guard isClosing, transfers.isEmpty else { return }
        idleHandles = []
        idleLargeHandles = []
        if let timer { loop.drop(timer) }
        timer = nil
        multi = nil
    }
}

// MARK: - Easy handles

extension CurlEngine {
    /// Handles kept for later. One for small bodies holds some 20 KB, one for large bodies a buffer of 256 KB.
    private static let keptHandles = 128
    private static let keptLargeHandles = 8

    private func takeHandle(for request: HTTPClient.Request, of multi: MultiHandle) -> EasyHandle? {
        let isLarge = request.bodyBytes > Transfer.copiedBodyBytes
        if let idle = isLarge ? idleLargeHandles.popLast() : idleHandles.popLast() { return idle }
        let handle = EasyHandle(settings: settings, isForLargeBodies: isLarge)
        if let handle { multi.sockets.attach(to: handle) }
        return handle
    }

    private func giveBack(_ handle: EasyHandle) {
        if handle.isForLargeBodies {
            if idleLargeHandles.count < Self.keptLargeHandles { idleLargeHandles.append(handle) }
        } else if idleHandles.count < Self.keptHandles {
            idleHandles.append(handle)
        }
    }
}

// MARK: - curl and the loop

extension CurlEngine {
    private func openedMulti() -> MultiHandle? {
        if let multi { return multi }
        guard let new = MultiHandle(loop: loop, settings: settings, counts: counts) else { return nil }
        // curl calls back only from within the calls below, hence on the loop and while this actor lives.
        let engine = Unmanaged.passUnretained(self).toOpaque()
        curl_shim_multi_set_pointer(new.pointer, CURLMOPT_SOCKETDATA, engine)
        curl_shim_multi_set_socket_callback(new.pointer) { easy, socket, action, engine, _ in
            var version = 0
            curl_shim_easy_get_long(easy, CURLINFO_HTTP_VERSION, &version)
            CurlEngine.from(engine).assumeIsolated { $0.watch(socket, action, httpVersion: version) }
            return 0
        }
        curl_shim_multi_set_pointer(new.pointer, CURLMOPT_TIMERDATA, engine)
        curl_shim_multi_set_timer_callback(new.pointer) { _, milliseconds, engine in
            CurlEngine.from(engine).assumeIsolated { $0.setTimer(milliseconds) }
            return 0
        }
        timer = loop.makeTimer { self.assumeIsolated { $0.act(CURL_SOCKET_TIMEOUT, 0) } }
        multi = new
        return new
    }

    private static func from(_ pointer: UnsafeMutableRawPointer?) -> CurlEngine {
        guard let pointer else { preconditionFailure("curl calls back without its argument") }
        // Passed unretained by the engine itself, which lives while it calls curl.
        return Unmanaged<CurlEngine>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// Lets curl go on, and ends the transfers that are through.
    private func act(_ socket: Int32, _ events: Int32) {
        guard let multi else { return }
        var running: Int32 = 0
        curl_multi_socket_action(multi.pointer, socket, events, &running)
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi.pointer, &left) {
            guard message.pointee.msg == CURLMSG_DONE else { continue }
            var pointer: UnsafeMutableRawPointer?
            curl_shim_easy_get_pointer(message.pointee.easy_handle, CURLINFO_PRIVATE, &pointer)
            let transfer = Transfer.from(pointer)
            if transfer.handle.hasStartedSending {
                counts.noteRequest(connectionsMade: transfer.handle.connectionsMade)
            }
            end(transfer, transfer.outcome(of: message.pointee.data.result))
        }
    }

    private func setTimer(_ milliseconds: Int) {
        timer?.deadline = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
    }

    private func watch(_ socket: Int32, _ action: Int32, httpVersion: Int) {
        guard let sockets = multi?.sockets else { return }
        if action == CURL_POLL_REMOVE {
            let isMute = httpVersion == CURL_HTTP_VERSION_1_1 || httpVersion == CURL_HTTP_VERSION_1_0
            guard sockets.markCached(socket, isMute: isMute) else { return loop.unwatch(socket) }
            // Where the answer came before all of the body was sent, writing was what curl waited for last. A connection
            // at rest can always be written to, which would be taken for the other side speaking up.
            return loop.setInterest(.readable, of: socket)
        }
        var interest: Readiness = []
        if action & CURL_POLL_IN != 0 { interest.insert(.readable) }
        if action & CURL_POLL_OUT != 0 { interest.insert(.writable) }
        sockets.markInUse(socket)
        if loop.isWatching(socket) { return loop.setInterest(interest, of: socket) }
        do {
            try loop.watch(socket, for: interest) { readiness in
                self.assumeIsolated { $0.ready(socket, readiness) }
            }
        } catch {
            // Without its events the transfer ends at its timeout, which is the honest outcome.
        }
    }

    private func ready(_ socket: Int32, _ readiness: Readiness) {
        guard let sockets = multi?.sockets else { return }
        guard sockets.isWanted(socket) else {
            loop.unwatch(socket)
            return sockets.retire(socket)
        }
        var events: Int32 = 0
        if readiness.contains(.readable) { events |= CURL_CSELECT_IN }
        if readiness.contains(.writable) { events |= CURL_CSELECT_OUT }
        if readiness.contains(.hungUp) { events |= CURL_CSELECT_ERR }
        act(socket, events)
    }
}
