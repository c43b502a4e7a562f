// SPDX-License-Identifier: Apache-2.0

/// A code of the cloud's error catalogue, such as `ResourceNotFound.FunctionName`.
///
/// The set is open: a code that the catalogue does not know is kept and passed on as it came.
public struct ErrorCode: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The code as it stands in `Response.Error.Code`.
    public let rawValue: String

    /// Wraps a code as it stands in an answer.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Wraps a code written in the source.
    public init(stringLiteral value: String) {
        rawValue = value
    }

    /// The code itself.
    public var description: String { rawValue }

    /// Whether this is `family` or one of its members: `AuthFailure.SignatureFailure` belongs to `AuthFailure`.
    public func belongs(to family: String) -> Bool {
        rawValue == family || rawValue.hasPrefix(family + ".")
    }
}

/// The one error that travels through the program: what the caller is told, in the cloud's own terms.
///
/// Doors render it, as HTML, as JSON or as the cloud's envelope; nothing else builds an error answer.
public struct CloudError: Error, Sendable, Equatable {
    /// The cloud's code for what went wrong.
    public var code: ErrorCode
    /// What was wrong, where, and what would be right, in English. It goes to the caller: no payload, no secret.
    public var message: String
    /// The same in Chinese, where somebody has written it.
    public var chineseMessage: String?
    /// The HTTP status of the answer on `/invoke`; the cloud-API door always answers 200.
    public var httpStatus: Int
    /// Seconds after which another try makes sense: the `Retry-After` field of the answer.
    public var retryAfterSeconds: Int?
    /// What only operators may see: it goes to the log and to no answer.
    public var operatorDetail: String?
    /// The cloud's `RequestId`, where the error came from the cloud.
    public var upstreamRequestId: String?
    /// Whether the function may have run all the same: the outcome is unknown, and another try could run it twice.
    public var mayHaveRun = false

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The cloud's code for it.
    ///   - message: What was wrong, where, and what would be right.
    ///   - httpStatus: Defaults to the status that `ErrorCode.defaultHTTPStatus` gives.
    ///   - retryAfterSeconds: Seconds after which another try makes sense.
    ///   - operatorDetail: What only operators may see.
    ///   - upstreamRequestId: The cloud's `RequestId`.
    ///   - mayHaveRun: Whether the function may have run all the same.
    public init(
        _ code: ErrorCode, _ message: String, httpStatus: Int? = nil, retryAfterSeconds: Int? = nil,
        operatorDetail: String? = nil, upstreamRequestId: String? = nil, mayHaveRun: Bool = false
    ) {
        self.code = code
        self.message = message
        self.httpStatus = httpStatus ?? code.defaultHTTPStatus
        self.retryAfterSeconds = retryAfterSeconds
        self.operatorDetail = operatorDetail
        self.upstreamRequestId = upstreamRequestId
        self.mayHaveRun = mayHaveRun
    }

    /// Creates an error whose message exists in both languages; parameters as in the other initialiser.
    public init(
        _ code: ErrorCode, _ message: LocalizedText, httpStatus: Int? = nil, retryAfterSeconds: Int? = nil,
        operatorDetail: String? = nil
    ) {
        self.init(
            code, message.en, httpStatus: httpStatus, retryAfterSeconds: retryAfterSeconds,
            operatorDetail: operatorDetail)
        chineseMessage = message.zh
    }
}

extension CloudError {
    /// The message in a language: where nobody has written it in Chinese, what the code means, and the English text.
    public func message(in language: Language) -> String {
        guard language == .zh else { return message }
        if let chineseMessage { return chineseMessage }
        guard upstreamRequestId == nil, let meaning = ErrorCatalogue.meaning(of: code) else { return message }
        return "\(meaning.meaning.zh)\(message)"
    }

    /// The same error with its message in that language.
    public func translated(to language: Language) -> CloudError {
        var error = self
        error.message = message(in: language)
        return error
    }
}

extension ErrorCode {
    /// The status that `/invoke` answers with for an error that was found on this side of the cloud.
    public var defaultHTTPStatus: Int {
        switch rawValue {
        case "RequestLimitExceeded.StillRunning": 409
        case "RequestSizeLimitExceeded": 413
        case "UnsupportedProtocol": 415
        case "InvalidParameter.DeliveryIdReused": 422
        case "ClientError.Cancelled": 499
        case "UnauthorizedOperation", "UnauthorizedOperation.CAM": 403
        case "RequestLimitExceeded.InFlight", "ResourceUnavailable.InsufficientBalance", "ServiceUnavailable": 503
        case "ClientError.Timeout": 504
        case "ClientError.NetworkError": 502
        default: statusOfFamily
        }
    }

    private var statusOfFamily: Int {
        let families: [(String, Int)] = [
            ("AuthFailure", 401), ("UnauthorizedOperation", 403), ("ResourceNotFound", 404),
            ("MissingParameter", 400), ("UnknownParameter", 400), ("InvalidParameter", 400),
            ("InvalidParameterValue", 400), ("InvalidAction", 400), ("NoSuchVersion", 400), ("UnsupportedRegion", 400),
            ("RequestLimitExceeded", 429), ("ResourceUnavailable", 503),
        ]
        return families.first { belongs(to: $0.0) }?.1 ?? 502
    }
}
