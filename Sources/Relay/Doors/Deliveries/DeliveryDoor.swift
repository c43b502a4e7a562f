// SPDX-License-Identifier: Apache-2.0

import CallStore
import FastCGI
import HTTPTypes
import StrictJSON
import TencentCloud

/// `GET /deliveries/ID`: what became of a delivery, as JSON or as a page. The id cannot be guessed, and whoever has it learns how the delivery
/// went, not what was sent or returned.
struct DeliveryDoor: Door {
    let store: any DeliveryStore
    let page: PageRendering
    let observer: any CallObserver

    var methods: [HTTPRequest.Method] { [.get, .head] }

    func answer(_ call: HTTPCall) async -> Response {
        var record = CallRecord(call, door: "deliveries")
        let response: Response
        do throws(CloudError) {
            let detail = try await detail(at: call.path)
            if ContentNegotiation.format(accept: call.accept, fallback: .json) == .html {
                response = page.response(.deliverystate, to: call, showing: DeliveryContext(for: call).state(detail))
            } else {
                response = Response(status: .ok, headerFields: AnswerFields.json, body: Self.body(detail))
            }
        } catch {
            response = page.response(.deliverystate, to: call, orJSON: error)
            record.fail(error, status: response.status.code)
        }
        record.end(bytesOut: response.body.count)
        observer.callEnded(record)
        return response
    }

    private func detail(at path: String) async throws(CloudError) -> CallDetail {
        let id = path.split(separator: "/").last.map(String.init) ?? ""
        do throws(StoreError) {
            if let detail = try await store.call(id) { return detail }
        } catch {
            throw CloudError(error)
        }
        throw .noSuchDelivery
    }

    private static func body(_ detail: CallDetail) -> [UInt8] {
        var text = JSONText()
        text.object {
            $0.member("Id", detail.summary.id)
            $0.member("State", detail.summary.state.rawValue)
            $0.member("AcceptedAt", detail.summary.acceptedAt)
            $0.member("Attempts", detail.attempts.count)
            if let outcome = detail.summary.lastOutcome {
                $0.member("Code", outcome.code)
                $0.member("FunctionRequestId", outcome.functionRequestId)
            }
        }
        return text.bytes
    }
}
