// SPDX-License-Identifier: Apache-2.0

import CallStore
import FastCGI
import HTTPTypes
import TencentCloud

/// Deliveries go to the store; the deliverer is told that there is something to do.
struct DurableInbox: HookInbox {
    let store: any DeliveryStore
    /// Called when a call has been stored.
    let wake: @Sendable () -> Void
    /// Makes ids that cannot be guessed.
    var makeId: @Sendable () -> String = RequestId.random

    func accept(_ delivery: HookDelivery) async throws(CloudError) -> HookAcceptance {
        let call = NewCall(delivery, id: makeId())
        let acceptance: Acceptance
        do throws(StoreError) {
            acceptance = try await store.accept(call, as: DeliveryKey(delivery))
        } catch {
            throw CloudError(error)
        }
        switch acceptance {
        case .stored:
            wake()
            return HookAcceptance(id: call.id)
        case .known(let id): return HookAcceptance(id: id, isRepeated: true)
        case .answeredAtOnce: throw .answeredAtOnce
        case .conflict: throw .deliveryIdReused
        }
    }

    func once(
        _ delivery: HookDelivery, run: @Sendable () async throws(CloudError) -> Response
    ) async throws(CloudError) -> OnceOutcome {
        guard let key = DeliveryKey(delivery) else { return .answered(try await run()) }
        let beginning: Beginning
        do throws(StoreError) {
            beginning = try await store.begin(key, idempotent: delivery.rules.idempotent)
        } catch {
            throw CloudError(error)
        }
        switch beginning {
        case .begun: return .answered(try await runAndRemember(key, idempotent: delivery.rules.idempotent, run))
        case .answered(let answer): return .repeated(Response(answer))
        case .running: return .stillRunning
        case .unknown: throw .outcomeStillUnknown
        case .stored(let id): throw .storedBefore(id)
        case .conflict: throw .deliveryIdReused
        }
    }

    private func runAndRemember(
        _ key: DeliveryKey, idempotent: Bool, _ run: @Sendable () async throws(CloudError) -> Response
    ) async throws(CloudError) -> Response {
        let response: Response
        do throws(CloudError) {
            response = try await run()
        } catch {
            await note(key, error.mayHaveRun && !idempotent ? .unknown : .forgotten)
            throw error
        }
        await note(key, .answered(StoredAnswer(response)))
        return response
    }

    /// The function has run, or has not: the sender hears so even where that cannot be noted. Until this process ends the
    /// same id then counts as running, and afterwards as unknown: it does not run twice.
    private func note(_ key: DeliveryKey, _ ending: AnswerEnding) async {
        try? await store.end(key, ending)
    }
}

extension DeliveryKey {
    /// Ids may be as long as a header allows; longer ones than this are known by their digest.
    private static let longestId = 200

    /// - Returns: `nil` where nothing is to be remembered.
    fileprivate init?(_ delivery: HookDelivery) {
        guard let id = delivery.deliveryId, delivery.rules.rememberSeconds > 0 else { return nil }
        let isLong = id.utf8.count > Self.longestId
        self.init(
            scope: delivery.hook, id: isLong ? "sha256:" + BodyDigest(of: Array(id.utf8)).hexadecimal : id,
            digest: delivery.body.bytes, rememberSeconds: delivery.rules.rememberSeconds)
    }
}

extension StoredAnswer {
    fileprivate init(_ response: Response) {
        self.init(
            status: response.status.code,
            headerLines: [response.status.reasonPhrase]
                + response.headerFields.map { "\($0.name.rawName): \($0.value)" },
            body: response.body)
    }
}

extension Response {
    fileprivate init(_ answer: StoredAnswer) {
        self.init(
            status: .init(code: answer.status, reasonPhrase: answer.headerLines.first ?? ""), body: answer.body)
        for line in answer.headerLines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), let name = HTTPField.Name(String(line[..<colon])) else {
                continue
            }
            headerFields.append(HTTPField(name: name, value: String(line[colon...].dropFirst(2))))
        }
    }
}

extension CloudError {
    /// What a sender is told when the store cannot take its delivery.
    init(_ error: StoreError) {
        switch error {
        case .full:
            self.init(
                "ResourceUnavailable.StoreFull",
                LocalizedText(
                    zh: "本中继的队列已满。该请求未被接收，请稍后重试。",
                    en: "The relay's store is full. Nothing was accepted; try again later."),
                httpStatus: 503, retryAfterSeconds: 60)
        case .unavailable(let reason):
            self.init(
                "ResourceUnavailable.Store",
                LocalizedText(
                    zh: "本中继暂时无法保存请求。该请求未被接收，请稍后重试。",
                    en: "The relay cannot store anything right now. Nothing was accepted; try again later."),
                httpStatus: 503, retryAfterSeconds: 10, operatorDetail: reason)
        }
    }

    static let deliveryIdReused = CloudError(
        "InvalidParameter.DeliveryIdReused",
        LocalizedText(
            zh: "该标识已用于另一个不同的请求体。", en: "This id was used before, with another body."),
        httpStatus: 422)

    fileprivate static let answeredAtOnce = CloudError(
        "InvalidParameter.DeliveryIdReused",
        LocalizedText(
            zh: "该请求此前已收到，当时该地址直接返回函数的结果；为避免重复运行，现不再保存。",
            en:
                "This came before, when this address answered with what the function returned. It is not stored now, so that "
                + "it does not run twice."),
        httpStatus: 422)

    fileprivate static func storedBefore(_ id: String) -> CloudError {
        CloudError(
            "InvalidParameter.DeliveryIdReused",
            LocalizedText(
                zh: "该请求此前已收到并保存，其状态见 /deliveries/\(id)；不会再次运行。",
                en:
                    "This came before, when this address stored what it got: /deliveries/\(id) tells what became of it. It is "
                    + "not run again."),
            httpStatus: 422)
    }

    fileprivate static let outcomeStillUnknown = CloudError(
        "ClientError.Timeout",
        LocalizedText(
            zh: "该请求此前已收到，其结果未知：函数可能已运行，因此不会再次运行。",
            en: "This came before, and its outcome is unknown: the function may have run, so it is not run again."))
}
