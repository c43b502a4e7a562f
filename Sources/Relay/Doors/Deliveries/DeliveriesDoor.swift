// SPDX-License-Identifier: Apache-2.0

import CallStore
import FastCGI
import HTTPTypes
import TencentCloud

/// `/deliveries`, for whoever looks after the relay: accepted webhooks listed (`GET`), one of them shown (`GET ?id=ID`),
/// delivered now or dropped (`POST id=ID&action=retry`). The same as `scf-relay queue`.
///
/// What a sender may see is at `/deliveries/ID`, see ``DeliveryDoor``: the web server lets other people in there.
struct DeliveriesDoor: Door {
    let deliveries: DeliveryService
    let page: PageRendering

    var methods: [HTTPRequest.Method] { [.get, .head, .post] }

    /// Calls of an answer, where its address does not say.
    private static let answerLength = 100
    private static let parameters = ["id", "state", "limit", "after", "format", "done"]
    private static let states = CallState.allCases.map(\.rawValue).joined(separator: ", ")

    func answer(_ call: HTTPCall) async -> Response {
        do throws(CloudError) {
            if call.method == .post { return try await act(call) }
            let query = try ViewQuery(call, Self.parameters)
            if let id = query["id"] { return try await show(id, query, call) }
            return try await list(query, call)
        } catch {
            return page.response(.deliveries, to: call, orJSON: error)
        }
    }

    // MARK: Looking

    private func list(_ query: ViewQuery, _ call: HTTPCall) async throws(CloudError) -> Response {
        let format = try query.format(for: call)
        let state = try query.value("state", Self.states) { CallState(rawValue: $0) }
        let after = try query.value("after", "the 'Next' of an earlier answer") { text in
            Int64(text).flatMap { $0 >= 0 ? $0 : nil }
        }
        let asked = try query.limit() ?? Self.answerLength
        let limit = format == .html ? min(asked, ViewQuery.pageLimit) : asked
        let states = state.map { [$0] } ?? CallState.allCases.filter { $0 != .done }
        let found = try await deliveries.store.wrapped { store throws(StoreError) in
            try await store.calls(in: states, after: after ?? 0, limit: limit + 1)
        }
        let calls = Array(found.prefix(limit))
        let next = found.count > calls.count ? calls.last?.place : nil
        guard format == .html else { return Self.json(calls, next: next, limit: limit, query) }
        let first = "/deliveries?" + query.text(keeping: ["state", "limit"])
        return page.response(
            .deliveries, to: call,
            showing: DeliveryContext(for: call).list(
                calls, state: state, first: (after ?? 0) > 0 ? first : nil,
                more: next.map { "/deliveries?" + query.text(keeping: ["state", "limit"], [("after", String($0))]) },
                notice: notice(query, call)))
    }

    /// Where there is more, a link says where (RFC 8288).
    private static func json(_ calls: [CallSummary], next: Int64?, limit: Int, _ query: ViewQuery) -> Response {
        let objects = calls.map(QueueListing.json).joined(separator: ",")
        var fields = AnswerFields.json
        var more = ""
        if let next {
            more = ",\"Next\":\"\(next)\""
            let address = query.text(
                keeping: ["state"], [("format", "json"), ("limit", String(limit)), ("after", String(next))])
            fields[.link] = "</deliveries?\(address)>; rel=\"next\""
        }
        return Response(status: .ok, headerFields: fields, body: Array("{\"Calls\":[\(objects)]\(more)}".utf8))
    }

    private func show(_ id: String, _ query: ViewQuery, _ call: HTTPCall) async throws(CloudError) -> Response {
        let format = try query.format(for: call)
        let detail = try await deliveries.store.wrapped { store throws(StoreError) in try await store.call(id) }
        guard let detail else { throw .noSuchDelivery }
        guard format == .html else {
            return Response(
                status: .ok, headerFields: AnswerFields.json, body: Array(QueueListing.json(detail).utf8))
        }
        return page.response(
            .delivery, to: call,
            showing: DeliveryContext(for: call).detail(detail, notice: notice(query, call)))
    }

    private func notice(_ query: ViewQuery, _ call: HTTPCall) -> String? {
        let strings = PageStrings.table(PageLanguage.of(call))
        switch query["done"] {
        case "retry": return strings["deliveryRetried"]
        case "drop": return strings["deliveryDropped"]
        case "nothing": return strings["deliveryNotPossible"]
        default: return nil
        }
    }

    // MARK: Doing

    private enum Action: String, CaseIterable {
        case retry, drop

        static let names = allCases.map(\.rawValue).joined(separator: ", ")
    }

    private static let formParameters = ["id", "action"]

    private func act(_ call: HTTPCall) async throws(CloudError) -> Response {
        try SameSite.check(call)
        let format = try ViewQuery(call, ["format"]).format(for: call)
        guard MediaType(call.contentType)?.essence == FormParameters.mediaType else {
            throw CloudError("UnsupportedProtocol", "The Content-Type must be \(FormParameters.mediaType).")
        }
        let form = try FormParameters(call.request.body[...])
        if let other = form.all.first(where: { !Self.formParameters.contains($0.name) }) {
            throw .unknownParameter(other.name, known: Self.formParameters)
        }
        guard let id = form["id"], let text = form["action"] else {
            throw CloudError("MissingParameter", "A form with 'id' and 'action', 'retry' or 'drop', is needed.")
        }
        guard let action = Action(rawValue: text) else { throw .wrongValue(of: "action", Action.names) }
        let result = try await deliveries.store.wrapped { store throws(StoreError) in
            switch action {
            case .retry: try await store.retry(id)
            case .drop: try await store.drop(id)
            }
        }
        if result == .done, action == .retry { deliveries.inbox.wake() }
        return try answer(call, id, action, result, format)
    }

    /// A browser is led to a page that it can load again; a program is told.
    private func answer(
        _ call: HTTPCall, _ id: String, _ action: Action, _ result: HandResult, _ format: AnswerFormat
    ) throws(CloudError) -> Response {
        if case .noSuchCall = result { throw .noSuchDelivery }
        if case .notPossible(let state) = result, format == .json {
            throw CloudError(
                "FailedOperation", "The delivery is \(state.rawValue): nothing was done.", httpStatus: 409)
        }
        guard format == .html else {
            var text = JSONText()
            text.object { text in
                text.member("Id", id)
                text.member("Done", action.rawValue)
            }
            return Response(status: .ok, headerFields: AnswerFields.json, body: text.bytes)
        }
        let done = result == .done ? action.rawValue : "nothing"
        let place = done == Action.drop.rawValue ? "" : "id=\(QueryText.encoded(id))&"
        let language = PageStrings.table(PageLanguage.of(call))["lang"] ?? ""
        var fields = AnswerFields.html
        fields[.location] = "/deliveries?\(place)done=\(done)&lang=\(language)"
        return Response(status: .seeOther, headerFields: fields)
    }
}

extension DeliveryStore {
    /// Does something, with the error that a caller is told.
    func wrapped<Value>(
        _ body: (any DeliveryStore) async throws(StoreError) -> Value
    ) async throws(CloudError) -> Value {
        do throws(StoreError) {
            return try await body(self)
        } catch {
            throw CloudError(error)
        }
    }
}

extension CloudError {
    /// There is no such call in the store.
    static let noSuchDelivery = CloudError(
        "ResourceNotFound",
        LocalizedText(zh: "没有此标识的请求，或已过保存期限。", en: "There is no delivery with this id, or not any more."))
}

/// Stands at the address of a view that this relay is not configured for, and says so.
struct AbsentDoor: Door {
    let view: PageView
    let page: PageRendering
    let error: CloudError

    var methods: [HTTPRequest.Method] { [.get, .head] }

    func answer(_ call: HTTPCall) async -> Response {
        page.response(view, to: call, orJSON: error)
    }

    static func history(_ view: PageView, _ page: PageRendering) -> AbsentDoor {
        AbsentDoor(
            view: view, page: page,
            error: CloudError(
                "ResourceNotFound.History",
                LocalizedText(
                    zh: "本服务未保存调用历史。请在 relay.yaml 中设置 history。",
                    en: "This relay keeps no history. 'history' in relay.yaml makes it keep one."), httpStatus: 404))
    }

    static func deliveries(_ page: PageRendering) -> AbsentDoor {
        AbsentDoor(
            view: .deliveries, page: page,
            error: CloudError(
                "ResourceNotFound.Store",
                LocalizedText(
                    zh: "本服务没有投递队列。请在 relay.yaml 中设置 store。",
                    en: "This relay has no store of deliveries. 'store' in relay.yaml gives it one."), httpStatus: 404))
    }
}
