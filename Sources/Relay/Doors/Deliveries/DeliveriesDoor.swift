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

    private static let pageLength = 100

    func answer(_ call: HTTPCall) async -> Response {
        do throws(CloudError) {
            if call.method == .post { return try await act(call) }
            let query = Query(call)
            if let id = query["id"] { return try await show(id, query, call) }
            return try await list(query, call)
        } catch {
            return page.response(.deliveries, to: call, orJSON: error)
        }
    }

    /// The parameters of the address.
    private struct Query {
        private let pairs: [(name: String, value: String)]

        init(_ call: HTTPCall) {
            pairs = QueryText.pairs(Array(call.query.utf8)[...], maximumCount: 16) ?? []
        }

        subscript(name: String) -> String? {
            pairs.first { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
        }
    }

    private static func isHTML(_ call: HTTPCall, _ query: Query) -> Bool {
        if query["format"] == "json" { return false }
        return ContentNegotiation.format(accept: call.accept, fallback: .json) == .html
    }

    // MARK: Looking

    private func list(_ query: Query, _ call: HTTPCall) async throws(CloudError) -> Response {
        let state = try query["state"].map { (text) throws(CloudError) in
            guard let state = CallState(rawValue: text) else {
                throw CloudError("InvalidParameterValue", "There is no state of this name.")
            }
            return state
        }
        let after = query["after"].flatMap { Int64($0) } ?? 0
        let states = state.map { [$0] } ?? CallState.allCases.filter { $0 != .done }
        let found = try await deliveries.store.wrapped { store throws(StoreError) in
            try await store.calls(in: states, after: after, limit: Self.pageLength + 1)
        }
        let calls = Array(found.prefix(Self.pageLength))
        guard Self.isHTML(call, query) else {
            let objects = calls.map(QueueListing.json).joined(separator: ",")
            let next = found.count > calls.count ? ",\"Next\":\"\(calls.last?.place ?? 0)\"" : ""
            return Response(
                status: .ok, headerFields: AnswerFields.json, body: Array("{\"Calls\":[\(objects)]\(next)}".utf8))
        }
        let context = DeliveryContext(for: call)
        return page.response(
            .deliveries, to: call,
            showing: context.list(
                calls, state: state, isBehindFirst: after > 0,
                more: found.count > calls.count ? calls.last?.place : nil, notice: notice(query, call)))
    }

    private func show(_ id: String, _ query: Query, _ call: HTTPCall) async throws(CloudError) -> Response {
        let detail = try await deliveries.store.wrapped { store throws(StoreError) in try await store.call(id) }
        guard let detail else { throw .noSuchDelivery }
        guard Self.isHTML(call, query) else {
            return Response(
                status: .ok, headerFields: AnswerFields.json, body: Array(QueueListing.json(detail).utf8))
        }
        return page.response(
            .delivery, to: call,
            showing: DeliveryContext(for: call).detail(detail, notice: notice(query, call)))
    }

    private func notice(_ query: Query, _ call: HTTPCall) -> String? {
        let strings = PageStrings.table(PageLanguage.of(call))
        switch query["done"] {
        case "retry": return strings["deliveryRetried"]
        case "drop": return strings["deliveryDropped"]
        case "nothing": return strings["deliveryNotPossible"]
        default: return nil
        }
    }

    // MARK: Doing

    private enum Action: String {
        case retry, drop
    }

    private func act(_ call: HTTPCall) async throws(CloudError) -> Response {
        try SameSite.check(call)
        guard MediaType(call.contentType)?.essence == FormParameters.mediaType else {
            throw CloudError("UnsupportedProtocol", "The Content-Type must be \(FormParameters.mediaType).")
        }
        let form = try FormParameters(call.request.body[...])
        guard let id = form["id"], let action = form["action"].flatMap(Action.init) else {
            throw CloudError("MissingParameter", "A form with 'id' and 'action', 'retry' or 'drop', is needed.")
        }
        let result = try await deliveries.store.wrapped { store throws(StoreError) in
            switch action {
            case .retry: try await store.retry(id)
            case .drop: try await store.drop(id)
            }
        }
        if result == .done, action == .retry { deliveries.inbox.wake() }
        return try answer(call, id, action, result)
    }

    /// A browser is led to a page that it can load again; a program is told.
    private func answer(
        _ call: HTTPCall, _ id: String, _ action: Action, _ result: HandResult
    ) throws(CloudError) -> Response {
        if case .noSuchCall = result { throw .noSuchDelivery }
        let isHTML = Self.isHTML(call, Query(call))
        if case .notPossible(let state) = result, !isHTML {
            throw CloudError(
                "FailedOperation", "The delivery is \(state.rawValue): nothing was done.", httpStatus: 409)
        }
        guard isHTML else {
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
