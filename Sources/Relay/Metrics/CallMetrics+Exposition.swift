// SPDX-License-Identifier: Apache-2.0

extension CallMetrics: MetricSource {
    func write(to text: inout MetricsText) async {
        let total = total
        writeCalls(total, to: &text)
        writeDoors(total, to: &text)
        writeBilled(total, to: &text)
    }

    private func writeCalls(_ total: CallTable, to text: inout MetricsText) {
        let labels = total.labels
        text.begin(
            "scf_relay_calls_total", .counter,
            "Calls that have ended, by the door they came through, who called, the function and the code of the answer."
        )
        let rows = total.calls.map { series, count in
            (
                door: CallLabels.doors[series.door], caller: labels.callers.texts[series.caller],
                function: labels.functions.texts[series.function], code: labels.codes.texts[series.code], count: count
            )
        }
        for row in rows.sorted(by: {
            ($0.door, $0.caller, $0.function, $0.code) < ($1.door, $1.caller, $1.function, $1.code)
        }) {
            text.sample(
                ["door": row.door, "caller": row.caller, "function": row.function, "code": row.code], row.count)
        }
    }

    private func writeDoors(_ total: CallTable, to text: inout MetricsText) {
        let doors = zip(CallLabels.doors, total.doors).filter { $0.0 != "other" || $0.1.durations.count > 0 }
        text.begin(
            "scf_relay_call_duration_seconds", .histogram,
            "Time from a request to its answer, by the door it came through.")
        for (door, totals) in doors { text.histogram((name: "door", value: door), totals.durations) }
        text.begin("scf_relay_received_bytes_total", .counter, "Bytes of the bodies of requests.")
        for (door, totals) in doors { text.sample(["door": door], totals.bytesIn) }
        text.begin("scf_relay_sent_bytes_total", .counter, "Bytes of the bodies of answers.")
        for (door, totals) in doors { text.sample(["door": door], totals.bytesOut) }
    }

    private func writeBilled(_ total: CallTable, to text: inout MetricsText) {
        let billed = zip(total.labels.functions.texts, total.billedMilliseconds).filter { $0.1 > 0 }
            .sorted { $0.0 < $1.0 }
        text.begin(
            "scf_relay_billed_seconds_total", .counter, "Run time that the cloud has billed, by function.")
        for (function, milliseconds) in billed {
            text.sample(["function": function], Double(milliseconds) / 1000)
        }
        let memory = functionMemory
        text.begin(
            "scf_relay_billed_gigabyte_seconds_total", .counter,
            "Run time that the cloud has billed, times the memory that relay.yaml gives for the function.")
        for (function, milliseconds) in billed {
            guard let megabytes = memory[function] else { continue }
            text.sample(["function": function], Double(milliseconds) / 1000 * Double(megabytes) / 1024)
        }
    }
}
