// SPDX-License-Identifier: Apache-2.0

import FastCGI
import Invocation
import Synchronization
import TencentCloud

// `Idempotency-Key` on /invoke (draft-ietf-httpapi-idempotency-key-header): a caller who does not know whether its call
// came through may send it again, and gets the answer of the first time.

extension InvokeDoor {
    /// How long a key is remembered.
    private static let rememberSeconds = 86_400

    /// Runs a call, or gives the answer again that its key has got.
    ///
    /// - Throws: HTTP 400 for what cannot be a key, 422 where the key came with another body, 409 where the first call still runs, 504 where that may
    ///   have run and nobody knows; and what `run` throws.
    func once(
        _ call: HTTPCall, _ request: InvokeRequest, _ record: inout CallRecord,
        run: @escaping @Sendable (InvokeAnswer) -> Response
    ) async throws(CloudError) -> Response {
        guard let key = try Self.idempotencyKey(of: call) else {
            let answer = try await invoker.invoke(request, for: record.context)
            record.succeeded(answer)
            return run(answer)
        }
        return try await once(call, request, &record, key: key, run: run)
    }

    /// Out of line, or calls without a key would hold what this needs, too, while they wait.
    @inline(never)
    private func once(
        _ call: HTTPCall, _ request: InvokeRequest, _ record: inout CallRecord, key: String,
        run: @escaping @Sendable (InvokeAnswer) -> Response
    ) async throws(CloudError) -> Response {
        let known = Mutex<InvokeAnswer?>(nil)
        let context = record.context
        let outcome = try await inbox.once(Self.delivery(call, request, key: key)) { () async throws(CloudError) in
            let answer = try await invoker.invoke(request, for: context)
            known.withLock { $0 = answer }
            return run(answer)
        }
        if let answer = known.withLock({ $0 }) { record.succeeded(answer) }
        switch outcome {
        case .answered(let response): return response
        case .repeated(let response):
            record.note = "sent again; this is the answer of the first time"
            return response
        case .stillRunning:
            throw CloudError(
                "RequestLimitExceeded.StillRunning",
                LocalizedText(
                    zh: "带有相同 Idempotency-Key 的请求仍在运行，请稍后重试以获取其结果。",
                    en: "A call with this Idempotency-Key still runs. Ask again later for its result."),
                httpStatus: 409, retryAfterSeconds: 1)
        }
    }

    /// The draft makes the key a string in quotes; most senders leave them out.
    private static func idempotencyKey(of call: HTTPCall) throws(CloudError) -> String? {
        let values = call.request.parameters.values(named: "HTTP_IDEMPOTENCY_KEY")
        guard values.count <= 1 else {
            throw CloudError("InvalidParameter", "Idempotency-Key is given more than once.")
        }
        guard let key = values.first?.trimming("\""), !key.isEmpty else { return nil }
        guard DeliveryId.isRight(key) else {
            throw CloudError(
                "InvalidParameter",
                "Idempotency-Key is not of at most \(DeliveryId.maximumBytes) visible ASCII characters.")
        }
        return key
    }

    /// Keys of one caller mean nothing to another. The digest of a large body costs as much as signing it does: only a
    /// call with a key pays for that.
    private static func delivery(_ call: HTTPCall, _ request: InvokeRequest, key: String) -> HookDelivery {
        let caller = call.user.map { "user \($0)" } ?? "address \(call.caller)"
        var rules = DeliveryRules()
        rules.rememberSeconds = rememberSeconds
        return HookDelivery(
            hook: "/invoke \(caller)", request: request, deliveryId: key,
            body: BodyDigest(of: call.request.body), rules: rules)
    }
}

extension String {
    /// The text between these, where it has both.
    fileprivate func trimming(_ quote: Character) -> String {
        count >= 2 && first == quote && last == quote ? String(dropFirst().dropLast()) : self
    }
}
