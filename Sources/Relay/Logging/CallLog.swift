// SPDX-License-Identifier: Apache-2.0

import Invocation
import StrictJSON

/// One line for each call: never a payload, never a key.
struct CallLog: CallObserver {
    let writer: LogWriter
    let now: @Sendable () -> Int

    func callEnded(_ record: CallRecord) {
        var line = LogLine(
            time: now(), level: record.code == "OK" ? "info" : record.status >= 500 ? "error" : "warning",
            format: writer.format)
        line.add("message", "call")
        line.add("requestId", record.requestId)
        line.add("traceId", record.trace.traceId)
        line.add("door", record.door)
        line.add("caller", record.caller)
        line.addIfAny("secretId", record.secretId)
        if let key = record.key { line.add("key", key) }
        line.addIfAny("algorithm", record.algorithm)
        line.addIfAny("action", record.action)
        line.addIfAny("hook", record.hook)
        line.addIfAny("hookSecret", record.hookSecret)
        line.addIfAny("call", record.deliveryId)
        line.add("method", record.method)
        line.add("path", record.path)
        if let request = record.request {
            line.add("function", (request.namespace ?? "default") + "/" + request.functionName)
            line.add("invocationType", request.invocationType.rawValue)
        }
        line.add("status", record.status)
        line.add("code", record.code)
        line.addIfAny("error", record.message)
        line.addIfAny("detail", record.detail)
        line.addIfAny("note", record.note)
        line.addIfAny("cloudRequestId", record.cloudRequestId)
        if let result = record.result {
            line.add("functionFailed", record.functionFailed)
            line.add("functionRequestId", result.functionRequestId)
            line.add("billDurationMilliseconds", result.billDuration)
            line.add("memoryBytes", result.memUsage)
        }
        line.add("bytesIn", record.bytesIn)
        line.add("bytesOut", record.bytesOut)
        line.add("microseconds", Int(record.elapsed / .microseconds(1)))
        writer.write(line.finished())
    }
}
