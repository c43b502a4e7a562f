// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP
public import TencentCloud

/// Runs functions in the cloud: signs each call with the relay's own credential of the moment and sends it.
public struct CloudInvoker: Invoker {
    private let endpoint: CloudEndpoint
    private let region: String
    private let actions: ActionChoice
    private let signer: CurrentSigner
    private let client: HTTPClient
    private let timeout: Duration
    private let limits: Limits
    private let clock: CloudClock
    private let retries = RetryRule()
    private let furtherTries: FurtherTries
    private let pause: Pause

    /// Waits before a further try of a call that goes out as that action; what it throws ends the call.
    public typealias Pause = @Sendable (Duration, InvokeAction) async throws(CloudError) -> Void

    /// Creates an invoker.
    ///
    /// - Parameters:
    ///   - endpoint: Where the API is.
    ///   - region: The region of calls that name none.
    ///   - actions: Which action each call goes out as.
    ///   - credentials: What to sign with, asked at each try.
    ///   - client: Sends the calls; it has to allow plain HTTP where the endpoint does.
    ///   - timeout: Time for one call, run time of the function included.
    ///   - limits: Give the size and depth of answers.
    ///   - clock: The cloud's time; one for all invokers that call the same cloud.
    ///   - furtherTries: Counts what is made again.
    ///   - pause: Waits between tries; ``sleep`` unless there is more to wait for.
    public init(
        endpoint: CloudEndpoint, region: String, actions: ActionChoice = ActionChoice(),
        credentials: any CredentialProvider, client: HTTPClient, timeout: Duration, limits: Limits,
        clock: CloudClock, furtherTries: FurtherTries = FurtherTries(), pause: @escaping Pause = Self.sleep
    ) {
        self.endpoint = endpoint
        self.region = region
        self.actions = actions
        self.client = client
        self.timeout = timeout
        self.limits = limits
        self.clock = clock
        self.furtherTries = furtherTries
        self.pause = pause
        signer = CurrentSigner(credentials: credentials, host: endpoint.host)
    }

    /// Runs a function once. What provably did not start is tried again; nothing else ever is.
    ///
    /// - Throws: The cloud's own codes; `ClientError.NetworkError` and `ClientError.Timeout` where there is no answer;
    ///   `InvalidCredential` where there is nothing to sign with.
    public func invoke(_ request: InvokeRequest, for context: CallContext) async throws(CloudError) -> InvokeAnswer {
        let action = actions.action(for: request)
        let body = request.wirePieces(for: action)
        let region = request.region ?? region
        var attempt = 1
        var correction: CloudClock.Correction?
        while true {
            let timestamp = clock.now(correction)
            let failure: CallFailure
            do throws(CallFailure) {
                let answer = try await call(action, body, region: region, context.trace, timestamp: timestamp)
                clock.adopt(correction)
                return answer
            } catch {
                failure = error
            }
            if failure.acceptsTime { clock.adopt(correction) }
            if correction == nil {
                correction = clock.correction(after: failure, signedAt: timestamp)
                if correction != nil {
                    furtherTries.note(.clock)
                    continue
                }
            }
            guard let time = retries.pause(after: failure.kind, attempt: attempt) else { throw failure.error }
            try await pause(time, action)
            furtherTries.note(after: failure.kind)
            attempt += 1
        }
    }

    /// Waits.
    ///
    /// - Throws: `ClientError.Cancelled` where the caller leaves meanwhile.
    public static let sleep: Pause = { (time, _) throws(CloudError) in
        do {
            try await Task.sleep(for: time)
        } catch {
            var left = CallFailure.cancelled.error
            left.mayHaveRun = false
            throw left
        }
    }

    private func call(
        _ action: InvokeAction, _ body: [ArraySlice<UInt8>], region: String, _ trace: TraceContext, timestamp: Int
    ) async throws(CallFailure) -> InvokeAnswer {
        let signer: TC3Signer
        do throws(CloudError) {
            signer = try await self.signer.signer(at: timestamp)
        } catch {
            throw .noCredential(error)
        }
        let response: HTTPClient.Response
        do throws(HTTPClientError) {
            response = try await client.send(
                endpoint.request(
                    action: action.rawValue, body, region: region, trace: trace, timestamp: timestamp,
                    by: signer, timeout: timeout))
        } catch {
            throw CallFailure(error)
        }
        return try read(response)
    }

    /// Out of line: what reading needs would be part of what each call holds while it waits.
    @inline(never)
    private func read(_ response: HTTPClient.Response) throws(CallFailure) -> InvokeAnswer {
        guard response.status == 200 else { throw .noAnswer("the cloud answered with HTTP status \(response.status)") }
        let answer: Result<InvokeAnswer, CloudError>
        do throws(UnexpectedAnswer) {
            answer = try InvokeAnswer.read(response.body, limits: limits)
        } catch {
            throw .noAnswer(error.description)
        }
        switch answer {
        case .success(let answer): return answer
        case .failure(let refusal): throw CallFailure(refusal: refusal, date: response.date)
        }
    }
}
