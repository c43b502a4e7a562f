// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import Synchronization
import TencentCloud
import WebhookSignatures

/// `POST /hooks/NAME`: one hook.
///
/// The order of the checks: size (the server's), address, signature over the raw bytes, and only then what is in them.
struct HookDoor: Door {
    let hook: Hook
    let verifier: HookVerifier
    let invoker: any Invoker
    let inbox: any HookInbox
    let limits: Limits
    let observer: any CallObserver

    /// One door for each hook of the configuration. What the doors before them know of secrets is kept.
    static func doors(
        _ hooks: [Hook], succeeding previous: [HookDoor] = [], invoker: any Invoker, inbox: any HookInbox,
        limits: Limits, observer: any CallObserver, now: @escaping @Sendable () -> Int
    ) -> [HookDoor] {
        hooks.map { hook in
            let uses = previous.first { $0.hook.name == hook.name }?.verifier.uses ?? SecretUses([])
            uses.change(to: hook.verification.secrets.map(\.id))
            let verifier = HookVerifier(verification: hook.verification, uses: uses, now: now)
            return HookDoor(
                hook: hook, verifier: verifier, invoker: invoker, inbox: inbox, limits: limits, observer: observer)
        }
    }

    var methods: [HTTPRequest.Method] { [.post] }

    func answer(_ call: HTTPCall) async -> Response {
        var record = CallRecord(call, door: "hook")
        record.hook = hook.name
        var response: Response
        do throws(CloudError) {
            response = try await accepted(call, &record)
            record.status = response.status.code
        } catch {
            response = errors.response(error, requestId: call.requestId)
            if error.code.belongs(to: "AuthFailure") { challenge(&response) }
            record.fail(error, status: response.status.code)
        }
        record.end(bytesOut: response.body.count)
        observer.callEnded(record)
        return response
    }

    private func accepted(_ call: HTTPCall, _ record: inout CallRecord) async throws(CloudError) -> Response {
        // A browser may know a password, or come from an address that is let in: no other site may use that.
        try SameSite.check(call)
        record.hookSecret = try verifier.verify(call)
        let request = HookRequest(call: call, sender: hook.verification.sender)
        if let (response, note) = Greeting.answer(to: request) {
            record.note = note
            return response
        }
        let delivery = try delivery(of: request, record.trace)
        record.describe(delivery.request)
        switch hook.answer {
        case .accepted: return Self.answer(try await inbox.accept(delivery), &record)
        case .result: return try await result(of: delivery, &record)
        }
    }

    private func delivery(of request: HookRequest, _ trace: TraceContext) throws(CloudError) -> HookDelivery {
        let event = try hook.context.event(of: request, limits: limits)
        return HookDelivery(
            hook: hook.name, request: try hook.function.request(event, limits: limits),
            deliveryId: try DeliveryId.of(request, at: hook.deliveryId, limits: limits),
            body: BodyDigest(of: request.call.request.body), rules: hook.rules, trace: trace)
    }

    private var errors: HookErrors {
        HookErrors(
            sender: hook.verification.sender, isIdempotent: hook.rules.idempotent, failureStatus: hook.failureStatus)
    }

    /// A 401 names the scheme (RFC 9110, section 15.5.2): some programs wait for that before they send a password.
    private func challenge(_ response: inout Response) {
        guard let scheme = hook.verification.scheme as? AuthorizationScheme else { return }
        response.headerFields[.wwwAuthenticate] = scheme.challenge
    }
}

// MARK: - Answers

extension HookDoor {
    private static func answer(_ acceptance: HookAcceptance, _ record: inout CallRecord) -> Response {
        record.deliveryId = acceptance.id
        if acceptance.isRepeated { record.note = "sent again; accepted before" }
        var fields = AnswerFields.json
        fields[.location] = acceptance.location
        var body = JSONObjectText()
        body.add("DeliveryId", text: acceptance.id)
        return Response(status: .accepted, headerFields: fields, body: body.finished())
    }

    private func result(
        of delivery: HookDelivery, _ record: inout CallRecord
    ) async throws(CloudError) -> Response {
        let run = Run()
        let context = record.context
        let outcome: OnceOutcome
        do throws(CloudError) {
            outcome = try await inbox.once(delivery) { () async throws(CloudError) in
                try await answer(to: delivery, context, run)
            }
        } catch {
            run.describe(&record)
            throw error
        }
        run.describe(&record)
        switch outcome {
        case .answered(let response): return response
        case .repeated(let response):
            record.note = "sent again; this is the answer of the first time"
            return response
        case .stillRunning:
            record.note = "sent again; the first one is still running"
            var body = JSONObjectText()
            body.add("State", text: "running")
            return Response(status: .accepted, headerFields: AnswerFields.json, body: body.finished())
        }
    }

    /// Runs the function. What it answers with is remembered; what is thrown is not, so that the sender may try again.
    private func answer(
        to delivery: HookDelivery, _ context: CallContext, _ run: Run
    ) async throws(CloudError) -> Response {
        let answer = try await invoker.invoke(delivery.request, for: context)
        run.note(answer)
        do throws(CloudError) {
            guard !answer.result.failed else { throw errors.functionFailed(answer.result) }
            let rendered = try ResultAnswer(answer.result, of: delivery.request.invocationType)
            run.note(rendered.note)
            return rendered.response
        } catch {
            if hook.rules.idempotent { throw error }
            // A function that failed is told as such; that what it returned is no answer, only this error tells.
            if !answer.result.failed { run.note(error) }
            return errors.response(error, requestId: context.requestId)
        }
    }

    /// What is known of a run for the log: the store decides whether there is one.
    private final class Run: Sendable {
        private let known = Mutex<(answer: InvokeAnswer?, error: CloudError?, note: String)>((nil, nil, ""))

        func note(_ answer: InvokeAnswer) { known.withLock { $0.answer = answer } }
        func note(_ error: CloudError) { known.withLock { $0.error = error } }
        func note(_ text: String) { known.withLock { $0.note = text } }

        func describe(_ record: inout CallRecord) {
            let (answer, error, note) = known.withLock { $0 }
            if let error { record.fail(error, status: error.httpStatus) }
            if let answer { record.succeeded(answer) }
            if !note.isEmpty { record.note = note }
        }
    }
}
