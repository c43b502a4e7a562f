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
    ///   - now: The time, in UNIX seconds.
    ///   - pause: Waits between tries; ``sleep`` unless there is more to wait for.
    public init(
        endpoint: CloudEndpoint, region: String, actions: ActionChoice = ActionChoice(),
        credentials: any CredentialProvider, client: HTTPClient, timeout: Duration, limits: Limits,
        now: @escaping @Sendable () -> Int,
        pause: @escaping Pause = Self.sleep
    ) {
        self.endpoint = endpoint
        self.region = region
        self.actions = actions
        self.client = client
        self.timeout = timeout
        self.limits = limits
        self.pause = pause
        signer = CurrentSigner(credentials: credentials, host: endpoint.host)
        clock = CloudClock(now: now)
    }

    /// Runs a function once. What provably did not start is tried again; nothing else ever is.
    ///
    /// - Throws: The cloud's own codes; `ClientError.NetworkError` and `ClientError.Timeout` where there is no answer;
    ///   `InvalidCredential` where there is nothing to sign with.
    public func invoke(_ request: InvokeRequest, requestId: String) async throws(CloudError) -> InvokeAnswer {
        let action = actions.action(for: request)
        let body = request.wirePieces(for: action)
        var attempt = 1
        var correction: CloudClock.Correction?
        while true {
            let timestamp = clock.now(correction)
            let failure: CallFailure
            do throws(CallFailure) {
                let answer = try await call(action, body, region: request.region ?? region, timestamp: timestamp)
                clock.adopt(correction)
                return answer
            } catch {
                failure = error
            }
            if failure.acceptsTime { clock.adopt(correction) }
            if correction == nil {
                correction = clock.correction(after: failure, signedAt: timestamp)
                if correction != nil { continue }
            }
            guard let time = retries.pause(after: failure.kind, attempt: attempt) else { throw failure.error }
            try await pause(time, action)
            attempt += 1
        }
    }

    /// Waits.
    ///
    /// - Throws: `ClientError.Cancelled` where the caller leaves meanwhile.
    public static let sleep: Pause = { (time, _) throws(CloudError) in
        do { try await Task.sleep(for: time) } catch { throw CallFailure.cancelled.error }
    }

    private func call(
        _ action: InvokeAction, _ body: [ArraySlice<UInt8>], region: String, timestamp: Int
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
                signedRequest(action, body, region: region, timestamp: timestamp, by: signer))
        } catch {
            throw CallFailure(error)
        }
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

    private func signedRequest(
        _ action: InvokeAction, _ body: [ArraySlice<UInt8>], region: String, timestamp: Int, by signer: TC3Signer
    ) -> HTTPClient.Request {
        let contentType = "application/json"
        let signature = signer.sign(
            contentType: contentType, pieces: body, timestamp: timestamp,
            // Without it, whoever sees a signed call could use it for another action.
            extraHeaders: [TC3Header("x-tc-action", action.rawValue)])
        var fields = [
            ("Authorization", signature.authorization), ("Content-Type", contentType), ("Host", endpoint.host),
            ("X-TC-Action", action.rawValue), ("X-TC-Version", "2018-04-16"), ("X-TC-Timestamp", signature.timestamp),
            ("X-TC-Region", region), ("X-TC-Language", "en-US"),
        ]
        if let token = signer.credential.token { fields.append(("X-TC-Token", token.reveal())) }
        return HTTPClient.Request(url: endpoint.url, headerFields: fields, body: body, timeout: timeout)
    }
}
