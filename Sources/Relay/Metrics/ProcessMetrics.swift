// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The process itself, under the names that Prometheus has for every process.
struct ProcessMetrics: MetricSource {
    let writer: LogWriter

    func write(to text: inout MetricsText) async {
        text.begin("scf_relay_build_info", .gauge, "Always 1; the version is the label's.")
        text.sample(["version": Version.current], 1)
        text.single(
            "scf_relay_log_lines_dropped_total", .counter,
            "Lines of the log that were lost: it is read too slowly, or its disk is full.", writer.droppedLines)
        guard let process = ProcessFacts.now() else { return }
        text.single(
            "process_cpu_seconds_total", .counter, "Total user and system CPU time spent in seconds.",
            process.cpuSeconds)
        text.single(
            "process_resident_memory_bytes", .gauge, "Resident memory size in bytes.", process.residentBytes)
        text.single("process_virtual_memory_bytes", .gauge, "Virtual memory size in bytes.", process.virtualBytes)
        text.single(
            "process_start_time_seconds", .gauge, "Start time of the process since unix epoch in seconds.",
            process.startTime)
        text.single("process_threads", .gauge, "Number of OS threads in the process.", process.threads)
        if let open = process.openDescriptors {
            text.single("process_open_fds", .gauge, "Number of open file descriptors.", open)
        }
        text.single(
            "process_max_fds", .gauge, "Maximum number of open file descriptors.", process.maximumDescriptors)
    }
}
