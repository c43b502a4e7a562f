// SPDX-License-Identifier: Apache-2.0

/// Where a call goes.
public enum CallTarget: Sendable, Equatable {
    /// Calls that are delivered alike.
    public enum Kind: Sendable {
        /// Calls of functions.
        case function
        /// Results on their way.
        case callback
    }

    /// A function is run; the payload is its event.
    case function(FunctionTarget)
    /// A result is sent to this address; the payload is the body.
    case callback(url: String)
}

/// The parameters of a call of a function, except its event. Names and meanings are the API's.
public struct FunctionTarget: Sendable, Equatable {
    /// FunctionName.
    public var functionName: String
    /// Namespace; `nil` leaves the choice to the cloud.
    public var namespace: String?
    /// Qualifier; `nil` leaves the choice to the cloud.
    public var qualifier: String?
    /// Region; `nil` means the configured one.
    public var region: String?
    /// RoutingKey.
    public var routingKey: String?
    /// InvocationType: `RequestResponse` or `Event`.
    public var invocationType: String

    /// Creates a target.
    public init(
        functionName: String, namespace: String? = nil, qualifier: String? = nil, region: String? = nil,
        routingKey: String? = nil, invocationType: String
    ) {
        self.functionName = functionName
        self.namespace = namespace
        self.qualifier = qualifier
        self.region = region
        self.routingKey = routingKey
        self.invocationType = invocationType
    }
}

/// A call to be stored.
public struct NewCall: Sendable, Equatable {
    /// Its id: unique, and not to be guessed.
    public var id: String
    /// The hook it came by.
    public var hook: String
    /// Where it goes.
    public var target: CallTarget
    /// What is sent there; `nil` for a function without an event.
    public var payload: [UInt8]?
    /// Whether delivering it twice does no harm.
    public var idempotent: Bool
    /// Calls with the same lane are delivered one after the other; `nil` for no order.
    public var lane: String?
    /// Where the result is sent; `nil` for nowhere.
    public var callback: String?
    /// The trace that it belongs to, as the header field `traceparent` says it.
    public var trace: String?

    /// Creates a call.
    public init(
        id: String, hook: String, target: CallTarget, payload: [UInt8]?, idempotent: Bool = false, lane: String? = nil,
        callback: String? = nil, trace: String? = nil
    ) {
        self.id = id
        self.hook = hook
        self.target = target
        self.payload = payload
        self.idempotent = idempotent
        self.lane = lane
        self.callback = callback
        self.trace = trace
    }
}

/// What is known about a stored call.
public enum CallState: String, Sendable, CaseIterable {
    /// It will be delivered, now or after a pause.
    case waiting
    /// It is being delivered.
    case running
    /// It was delivered.
    case done
    /// It was given up: it cannot be delivered as it is, or every attempt failed.
    case dead
    /// An attempt may have run the function; making another could run it twice, so a person decides.
    case unknown
}

/// A call that this relay delivers, and nobody else meanwhile.
public struct ClaimedCall: Sendable, Equatable {
    /// The call.
    public let call: NewCall
    /// Which attempt this is, from 1, counted from acceptance.
    public let attempt: Int
    /// Which attempt this is, from 1, counted from acceptance or from the last ``DeliveryStore/retry(_:)`` by hand.
    public let attemptInRow: Int
    /// Time since acceptance or since the last ``DeliveryStore/retry(_:)`` by hand.
    public let age: Duration
}

/// How an attempt went.
public struct AttemptOutcome: Sendable, Equatable {
    /// `OK`, `FunctionFailed`, or the code of the error.
    public var code: String
    /// In words; no payload.
    public var message: String
    /// The id under which the cloud ran the function; empty where it is not known.
    public var functionRequestId: String

    /// Creates an outcome.
    public init(code: String, message: String = "", functionRequestId: String = "") {
        self.code = code
        self.message = message
        self.functionRequestId = functionRequestId
    }
}

/// What becomes of a call after an attempt.
public enum AttemptEnding: Sendable, Equatable {
    /// It is delivered; its payload is no longer needed. What is to follow is stored in the same step.
    case done(AttemptOutcome, followedBy: NewCall? = nil)
    /// It waits for another attempt.
    case again(AttemptOutcome, after: Duration)
    /// It is given up.
    case dead(AttemptOutcome, followedBy: NewCall? = nil)
    /// It may have run.
    case unknown(AttemptOutcome)
}

/// A call whose relay is gone.
public struct Abandoned: Sendable, Equatable {
    /// The call.
    public let id: String
    /// What it is now: waiting again, or unknown.
    public let state: CallState
}
