// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Invocation
import StrictJSON

/// One line of JSON for each call.
struct CallLog: Sendable {
    let writer: LogWriter
    let now: @Sendable () -> Int

    func write(_ record: CallRecord) {
        var line = LogLine(
            time: now(), level: record.code == "OK" ? "info" : record.status >= 500 ? "error" : "warning")
        line.add("message", "call")
        line.add("requestId", record.requestId)
        line.add("door", record.door)
        line.add("caller", record.caller)
        line.addIfAny("secretId", record.secretId)
        if let key = record.key { line.add("key", key) }
        line.addIfAny("algorithm", record.algorithm)
        line.add("method", record.method)
        line.add("path", record.path)
        line.addIfAny("function", record.function)
        line.addIfAny("invocationType", record.invocationType)
        line.add("status", record.status)
        line.add("code", record.code)
        line.addIfAny("error", record.message)
        line.addIfAny("detail", record.detail)
        line.addIfAny("cloudRequestId", record.cloudRequestId)
        if let result = record.result {
            line.add("functionFailed", record.functionFailed)
            line.add("functionRequestId", result.functionRequestId)
            line.add("billDurationMilliseconds", result.billDuration)
            line.add("memoryBytes", result.memUsage)
        }
        line.add("bytesIn", record.bytesIn)
        line.add("bytesOut", record.bytesOut)
        line.add("microseconds", Int((Monotonic.now.nanoseconds - record.started.nanoseconds) / 1000))
        writer.write(line.finished())
    }
}
