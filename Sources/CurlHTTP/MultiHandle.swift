// SPDX-License-Identifier: Apache-2.0

import CCurl
import EventLoop

/// A curl multi handle, its connections, and their one owner.
final class MultiHandle {
    let pointer: UnsafeMutableRawPointer
    let sockets: ConnectionSockets

    /// - Returns: `nil` where memory is short.
    init?(loop: EventLoop, settings: HTTPClient.Settings, counts: EngineCounts) {
        guard let pointer = curl_multi_init() else { return nil }
        self.pointer = pointer
        sockets = ConnectionSockets(loop: loop, mayConnect: settings.mayConnect, counts: counts)
        curl_shim_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, settings.idleConnections)
    }

    deinit {
        // No engine is left to be called back.
        curl_shim_multi_set_socket_callback(pointer, nil)
        curl_shim_multi_set_timer_callback(pointer, nil)
        curl_multi_cleanup(pointer)
    }
}
