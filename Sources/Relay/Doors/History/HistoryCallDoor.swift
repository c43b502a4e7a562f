// SPDX-License-Identifier: Apache-2.0

import CallStore
import FastCGI
import HTTPTypes
import TencentCloud

/// `GET /history/ID`: one call, as a page or as JSON.
struct HistoryCallDoor: Door {
    let history: CallHistory
    let page: PageRendering

    var methods: [HTTPRequest.Method] { [.get, .head] }

    func answer(_ call: HTTPCall) async -> Response {
        do throws(CloudError) {
            let question = try HistoryQuestion(call, .call)
            let id = call.path.split(separator: "/").last.map(String.init) ?? ""
            let detail = try await history.call(id)
            if question.format(for: call) != .html {
                return Response(status: .ok, headerFields: AnswerFields.json, body: HistoryExport.json(detail))
            }
            let content = HistoryContext(
                language: PageLanguage.of(call), times: PageTime(for: call), keepsPayloads: history.keepsPayloads)
            return page.response(.call, to: call, showing: content.detail(detail))
        } catch {
            return page.response(.call, to: call, orJSON: error)
        }
    }
}

/// `GET /history/again?id=ID`: the form, filled with what a call was made with. Nothing runs before it is sent.
struct HistoryAgainDoor: Door {
    let history: CallHistory
    let page: PageRendering

    var methods: [HTTPRequest.Method] { [.get, .head] }

    func answer(_ call: HTTPCall) async -> Response {
        do throws(CloudError) {
            let pairs = QueryText.pairs(Array(call.query.utf8)[...], maximumCount: 8) ?? []
            let detail = try await history.call(pairs.first { $0.name == "id" }?.value ?? "")
            return page.response(.run, to: call, showing: Self.form(detail, PageLanguage.of(call)))
        } catch {
            return page.response(.call, to: call, orJSON: error)
        }
    }

    private static func form(_ detail: HistoryDetail, _ language: Language) -> [String: any Sendable] {
        let call = detail.call
        var form = [
            "FunctionName": call.functionName, "Namespace": call.namespace == "default" ? "" : call.namespace,
            "Qualifier": call.qualifier, "Region": call.region, "RoutingKey": call.routingKey,
            "InvocationType": call.invocationType, "LogType": call.logType,
        ]
        let event = detail.payload?.clientContext
        if let event, event.isWhole { form["ClientContext"] = String(decoding: event.text, as: UTF8.self) }
        return RunContext.base(language, form: form, contextLeftOut: event?.isWhole == false)
    }
}

extension CallHistory {
    /// A call of the history.
    ///
    /// - Throws: `ResourceNotFound`; `ResourceUnavailable.History`.
    func call(_ id: String) async throws(CloudError) -> HistoryDetail {
        await settled()
        do throws(StoreError) {
            if let detail = try await store.call(id) { return detail }
        } catch {
            throw .historyUnavailable(error)
        }
        throw .noSuchCall
    }
}
