// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import StrictJSON
import TencentCloud

/// The view "run" of a browser without script: the answer, and the form again with what was sent.
extension PageRendering {
    /// What is shown again of ClientContext at the most; more would make the page slow and the answer hard to find.
    static let formEchoBytes = 64 << 10
    /// A longer RetMsg is shown as it is.
    private static let prettyBytes = 256 << 10

    /// The page for a function that ran.
    func response(to call: HTTPCall, _ request: InvokeRequest, _ answer: InvokeAnswer) -> Response {
        let result = Self.result(answer, of: request, PageLanguage.of(call))
        let isTooLong = (request.clientContext?.byteCount ?? 0) > Self.formEchoBytes
        var content = RunContext.base(
            PageLanguage.of(call), form: Self.form(request), contextLeftOut: isTooLong)
        content["result"] = result
        return response(.run, to: call, showing: content, title: result["title"] as? String)
    }

    /// The page for a call that could not be made.
    func response(to call: HTTPCall, _ error: CloudError) -> Response {
        let language = PageLanguage.of(call)
        let form = FormEcho.fields(of: call, maximumBytes: Self.formEchoBytes)
        var content = RunContext.base(language, form: form.values, contextLeftOut: form.contextLeftOut)
        content["error"] = ErrorContext.of(error, requestId: call.requestId, language)
        var answer = response(
            .run, to: call, showing: content, status: error.status, title: PageStrings.table(language)["titleError"])
        if let seconds = error.retryAfterSeconds { answer.headerFields[.retryAfter] = String(seconds) }
        return answer
    }

    static func form(_ request: InvokeRequest) -> [String: String] {
        var form = ["FunctionName": request.functionName]
        form["InvocationType"] = request.invocationType.rawValue
        form["LogType"] = request.logType.rawValue
        form["Qualifier"] = request.qualifier
        form["Namespace"] = request.namespace
        form["Region"] = request.region
        form["RoutingKey"] = request.routingKey
        if let context = request.clientContext, context.byteCount <= formEchoBytes {
            form["ClientContext"] = String(decoding: context.text, as: UTF8.self)
        }
        return form
    }

    private static func result(
        _ answer: InvokeAnswer, of request: InvokeRequest, _ language: Language
    ) -> [String: any Sendable] {
        let result = answer.result
        let isEvent = request.invocationType == .event
        let strings = PageStrings.table(language)
        let state = isEvent ? "accepted" : result.failed ? "failed" : "success"
        let title = isEvent ? "titleAccepted" : result.failed ? "titleFailed" : "titleSuccess"
        var context: [String: any Sendable] = [
            "state": state,
            "title": strings[title] ?? "",
            "FunctionName": request.functionName,
            "httpStatus": "200",
            "accepted": isEvent,
            "timed": !isEvent,
            "Duration": ReadableUnits.duration(milliseconds: result.duration),
            "DurationExact": "\(result.duration) ms",
            "BillDuration": ReadableUnits.duration(milliseconds: Double(result.billDuration)),
            "BillDurationExact": "\(result.billDuration) ms",
            "MemUsage": ReadableUnits.size(bytes: result.memUsage),
            "MemUsageExact": "\(result.memUsage.grouped) bytes",
            "FunctionRequestId": result.functionRequestId,
            "RequestId": answer.requestId,
        ]
        if !result.errMsg.isEmpty { context["ErrMsg"] = result.errMsg }
        if !result.log.isEmpty { context["Log"] = result.log }
        if !isEvent { addRetMsg(of: result, to: &context) }
        return context
    }

    private static func addRetMsg(of result: InvokeResult, to context: inout [String: any Sendable]) {
        let retMsg = result.retMsg
        context["RetMsg"] = retMsg
        context["RetMsgPretty"] = false
        let bytes = ArraySlice(retMsg.utf8)
        guard bytes.count <= prettyBytes, retMsg.hasPrefix("{") || retMsg.hasPrefix("["),
            (try? JSONValidator.validate(bytes)) != nil
        else { return }
        if let pretty = PrettyJSON.format(retMsg) { context["RetMsgPretty"] = pretty }
        // Where ErrMsg has it already, once is enough.
        if let trace = stackTrace(bytes), !result.errMsg.contains(trace) { context["StackTrace"] = trace }
    }

    /// The `stackTrace` of a failed function's RetMsg, with its line breaks.
    private static func stackTrace(_ retMsg: ArraySlice<UInt8>) -> String? {
        guard retMsg.first == UInt8(ascii: "{"), var reader = try? JSONObjectReader(retMsg) else { return nil }
        while let member = try? reader.nextMember() {
            guard member.name == "stackTrace", member.kind == .string else { continue }
            return try? reader.readString()
        }
        return nil
    }
}
