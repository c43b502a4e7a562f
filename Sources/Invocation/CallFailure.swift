// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import TencentCloud

/// Why a call to the cloud brought no result: what the caller is told, and what may be done about it.
struct CallFailure: Error {
    let error: CloudError
    let kind: RetryRule.Failure
    /// The `Date` of the cloud's answer, where there was one.
    var date: String?

    /// There was no answer of the API.
    init(_ failure: HTTPClientError) {
        switch failure {
        case .neverSent, .timedOut(wasSent: false):
            kind = .neverSent
            error = CloudError(
                "ClientError.NetworkError", "The cloud cannot be reached. The function was not run.",
                operatorDetail: "\(failure)")
        case .timedOut(wasSent: true):
            kind = .other
            error =
                CloudError(
                    "ClientError.Timeout",
                    "The cloud did not answer in time. The outcome is unknown: the function may have run."
                ).withUnknownOutcome
        case .cancelled:
            self = .cancelled
        case .outcomeUnknown, .responseTooLarge, .responseHeaderTooLarge:
            self = .noAnswer("\(failure)")
        }
    }

    /// There was an answer, and it says no.
    init(refusal: CloudError, date: String?) {
        kind = .refused(refusal.code)
        self.date = date
        error = Self.forCaller(refusal)
    }

    private init(_ error: CloudError) {
        self.error = error
        kind = .other
    }

    /// There was nothing to sign with.
    static func noCredential(_ error: CloudError) -> CallFailure {
        CallFailure(error)
    }

    /// Whether the cloud found that its clock and ours disagree.
    var callsSignatureExpired: Bool { kind == .refused("AuthFailure.SignatureExpire") }

    /// Whether the cloud has answered without finding that: the time was right, whatever else was not.
    var acceptsTime: Bool {
        if case .refused = kind { !callsSignatureExpired } else { false }
    }

    /// The connection broke, or what came is not what the API promises.
    static func noAnswer(_ detail: String) -> CallFailure {
        CallFailure(
            CloudError(
                "ClientError.NetworkError",
                "The cloud broke off or did not answer as its API promises. The outcome is unknown: the function may have run.",
                operatorDetail: detail
            ).withUnknownOutcome)
    }

    /// Whoever called has gone.
    static let cancelled = CallFailure(
        CloudError("ClientError.Cancelled", "The caller went away before the answer came.", httpStatus: 499)
            .withUnknownOutcome)

    /// What the caller is told. Where the cloud refuses this relay's credential, that is for operators alone.
    private static func forCaller(_ refusal: CloudError) -> CloudError {
        var error = refusal
        if refusal.code.belongs(to: "AuthFailure") || refusal.code.belongs(to: "UnauthorizedOperation") {
            error.message =
                "The cloud refuses the relay's own credentials. Whoever runs the relay finds the reason in its log."
            error.httpStatus = 502
            error.operatorDetail = refusal.message
        }
        if refusal.code.belongs(to: "RequestLimitExceeded") { error.retryAfterSeconds = 1 }
        error.mayHaveRun = !refusedBeforeRunning.contains { refusal.code.belongs(to: $0) }
        return error
    }

    /// Families of codes by which the cloud says no before it looks for a place to run. After any other, `InternalError`
    /// above all, the function may have run.
    private static let refusedBeforeRunning = [
        "AuthFailure", "UnauthorizedOperation", "ResourceNotFound", "MissingParameter", "UnknownParameter",
        "InvalidParameter", "InvalidParameterValue", "InvalidAction", "NoSuchVersion", "UnsupportedRegion",
        "UnsupportedOperation", "UnsupportedProtocol", "RequestLimitExceeded", "RequestSizeLimitExceeded",
        "ResourceUnavailable", "ResourceInsufficient", "LimitExceeded",
    ]
}

extension CloudError {
    fileprivate var withUnknownOutcome: CloudError {
        var error = self
        error.mayHaveRun = true
        return error
    }
}
