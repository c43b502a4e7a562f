// SPDX-License-Identifier: Apache-2.0

import CallStore
import FastCGI
import HTTPTypes
import StrictJSON
import TencentCloud

/// `GET /deliveries/ID`: what became of a delivery. The id cannot be guessed, and whoever has it learns how the delivery
/// went, not what was sent or returned.
struct DeliveryDoor: Door {
    let store: any Store
    let errors: ErrorRendering
    let log: CallLog

    var methods: [HTTPRequest.Method] { [.get, .head] }

    func answer(_ call: HTTPCall) async -> Response {
        var record = CallRecord(call, door: "deliveries")
        let response: Response
        do throws(CloudError) {
            response = Response(
                status: .ok, headerFields: AnswerFields.json, body: Self.body(try await detail(at: call.path)))
        } catch {
            response = errors.response(to: call, error)
            record.fail(error, status: response.status.code)
        }
        record.bytesOut = response.body.count
        log.write(record)
        return response
    }

    private func detail(at path: String) async throws(CloudError) -> CallDetail {
        let id = path.split(separator: "/").last.map(String.init) ?? ""
        do throws(StoreError) {
            if let detail = try await store.call(id) { return detail }
        } catch {
            throw CloudError(error)
        }
        throw CloudError(
            "ResourceNotFound",
            LocalizedText(zh: "没有此标识的请求，或已过保存期限。", en: "There is no delivery with this id, or not any more."))
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
