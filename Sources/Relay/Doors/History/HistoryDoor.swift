// SPDX-License-Identifier: Apache-2.0

import CallStore
import FastCGI
import HTTPTypes
import TencentCloud

/// `GET /history`: calls that were made, the newest first, as a page, JSON or CSV.
struct HistoryDoor: Door {
    let history: CallHistory
    let page: PageRendering

    var methods: [HTTPRequest.Method] { [.get, .head] }

    /// Calls of one page, and of one answer to a program that says nothing.
    static let pageLength = 50
    private static let exportLength = 1000

    func answer(_ call: HTTPCall) async -> Response {
        do throws(CloudError) {
            let question = try HistoryQuestion(call, .list)
            return try await answer(call, question)
        } catch {
            return page.response(.history, to: call, orJSON: error)
        }
    }

    private func answer(_ call: HTTPCall, _ question: HistoryQuestion) async throws(CloudError) -> Response {
        await history.settled()
        let format = question.format(for: call)
        let limit = question.limit ?? (format == .html ? Self.pageLength : Self.exportLength)
        do throws(StoreError) {
            let list = try await history.store.calls(
                question.filter, after: question.after,
                limit: format == .html ? min(limit, ViewQuery.pageLimit) : limit)
            switch format {
            case .csv:
                let body = HistoryExport.csv(list.calls)
                return export("text/csv; charset=utf-8; header=present", body, list, question)
            case .json:
                let gaps = try await history.store.gaps()
                let body = HistoryExport.json(list, missing: gaps, trouble: history.currentTrouble)
                return export("application/json", body, list, question)
            case .html: return try await html(list, question, call)
            }
        } catch {
            throw .historyUnavailable(error)
        }
    }

    /// Where there is more, a link says where (RFC 8288).
    private func export(
        _ type: String, _ body: [UInt8], _ list: HistoryPage, _ question: HistoryQuestion
    ) -> Response {
        var fields = AnswerFields.json
        fields[.contentType] = type
        if type.hasPrefix("text/csv") { fields[.contentDisposition] = "attachment; filename=\"history.csv\"" }
        if let next = list.next {
            let format = type.hasPrefix("text/csv") ? "csv" : "json"
            let query = question.query([
                ("format", format), ("limit", String(question.limit ?? Self.exportLength)), ("after", next.text),
            ])
            fields[.link] = "</history?\(query)>; rel=\"next\""
        }
        return Response(status: .ok, headerFields: fields, body: body)
    }

    private func html(
        _ list: HistoryPage, _ question: HistoryQuestion, _ call: HTTPCall
    ) async throws(StoreError) -> Response {
        let content = HistoryContext(
            language: PageLanguage.of(call), times: PageTime(for: call), keepsPayloads: history.keepsPayloads)
        return page.response(
            .history, to: call,
            showing: content.list(
                list, question, names: try await history.store.names(), gaps: try await history.store.gaps(),
                trouble: history.currentTrouble))
    }
}

extension HistoryQuestion {
    /// HTML, JSON or CSV: what the address says, else what `Accept` likes better, else JSON.
    func format(for call: HTTPCall) -> Format {
        if let format { return format }
        return ContentNegotiation.format(accept: call.accept, fallback: .json) == .html ? .html : .json
    }
}

extension CallHistory {
    /// Returns when what doors have told is written; at once while that cannot be done.
    func settled() async {
        if currentTrouble == nil { await flushed() }
    }
}

extension PageRendering {
    /// An error in place of a view, or as JSON for programs.
    func response(_ view: PageView, to call: HTTPCall, orJSON error: CloudError) -> Response {
        guard ContentNegotiation.format(accept: call.accept, fallback: .json) == .html else {
            return JSONRendering.response(error, requestId: call.requestId)
        }
        return response(view, to: call, failed: error.translated(to: PageLanguage.of(call)), isExplained: false)
    }
}

extension CloudError {
    /// The history cannot be read.
    static func historyUnavailable(_ error: StoreError) -> CloudError {
        CloudError(
            "ResourceUnavailable.History",
            LocalizedText(
                zh: "调用历史暂不可用：\(error)。函数调用不受影响。",
                en: "The history is not available: \(error). Calls of functions go on."),
            httpStatus: 503, retryAfterSeconds: 5)
    }

    /// There is no such call in the history.
    static let noSuchCall = CloudError(
        "ResourceNotFound",
        LocalizedText(
            zh: "历史中没有此调用，或已过保存期限。", en: "There is no call with this id in the history, or not any more."))
}
