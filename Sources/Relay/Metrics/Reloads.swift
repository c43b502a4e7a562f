// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How often the configuration was read anew, and whether it was taken.
final class Reloads: MetricSource {
    private struct Known {
        var taken = 0
        var refused = 0
        var last: (time: Int, wasTaken: Bool)
    }

    private let known: Mutex<Known>

    /// - Parameter time: When the process took its first configuration, in UNIX seconds.
    init(at time: Int) {
        known = Mutex(Known(last: (time, true)))
    }

    /// Notes that a configuration was read anew.
    ///
    /// - Parameters:
    ///   - taken: Whether it holds from now on; otherwise something is wrong with it, and the old one goes on.
    ///   - time: Now, in UNIX seconds.
    func note(taken: Bool, at time: Int) {
        known.withLock { known in
            if taken { known.taken += 1 } else { known.refused += 1 }
            known.last = (time, taken)
        }
    }

    func write(to text: inout MetricsText) async {
        let (taken, refused, last) = known.withLock { ($0.taken, $0.refused, $0.last) }
        text.begin(
            "scf_relay_config_reloads_total", .counter, "Times that relay.yaml was read anew, by whether it was taken.")
        text.sample(["result": "ok"], taken)
        text.sample(["result": "refused"], refused)
        text.single(
            "scf_relay_config_last_reload_successful", .gauge,
            "Whether relay.yaml was taken when it was last read: 1, or 0 where the old configuration goes on.",
            last.wasTaken ? 1 : 0)
        text.single(
            "scf_relay_config_last_reload_timestamp_seconds", .gauge,
            "When relay.yaml was last read, in UNIX seconds.", last.time)
    }
}
