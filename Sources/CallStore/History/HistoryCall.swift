// SPDX-License-Identifier: Apache-2.0

/// How a call went, in one word.
public enum HistoryOutcome: String, Sendable, CaseIterable {
    /// The function ran and succeeded.
    case ok
    /// The function ran and failed.
    case failed
    /// The call was taken and runs later, or elsewhere: an accepted webhook, an `Event` call.
    case accepted
    /// An earlier call with the same id was answered already; its answer was given again and nothing ran.
    case repeated
    /// Nothing ran.
    case refused
    /// It may have run, and nobody knows.
    case unknown
    /// It is under way.
    case running

    /// Whether the time that such a call took says something about functions.
    public var isTimed: Bool { self == .ok || self == .failed || self == .unknown }
}

/// A call as the history lists it.
public struct HistoryCall: Sendable, Equatable {
    /// Its id in the history, and the end of its permalink: unique, and not to be guessed.
    public var id: String
    /// The way in: `invoke`, `hook`, `cloud-api` or `delivery`.
    public var door: String
    /// Who called, as far as that is known: a name or an address.
    public var caller: String
    /// FunctionName; empty where the call was refused before it was read.
    public var functionName = ""
    /// Namespace, written out.
    public var namespace = ""
    /// Qualifier; empty where the call named none.
    public var qualifier = ""
    /// Region; empty where the call named none.
    public var region = ""
    /// RoutingKey; empty where the call named none.
    public var routingKey = ""
    /// InvocationType.
    public var invocationType = ""
    /// LogType.
    public var logType = ""
    /// The webhook that was called; empty for other calls.
    public var hook = ""
    /// How it went.
    public var outcome = HistoryOutcome.running
    /// The HTTP status of the answer.
    public var status = 0
    /// `OK`, or the code of the error.
    public var code = ""
    /// The error in words; no payload.
    public var message = ""
    /// What was out of the ordinary about a call that went well.
    public var note = ""
    /// When it came, in UNIX milliseconds.
    public var beganAt: Int
    /// From the request to the answer; zero while it runs.
    public var microseconds = 0
    /// Duration: time the function ran, in milliseconds.
    public var duration = 0.0
    /// BillDuration, in milliseconds.
    public var billDuration = 0
    /// MemUsage, in bytes.
    public var memUsage = 0
    /// MemorySize, in MB, which is billed; `nil` where it is not known.
    public var memorySize: Int?
    /// The id in the answer and in the log. That of a delivery is the id of its webhook's call.
    public var requestId = ""
    /// The cloud's `RequestId`.
    public var cloudRequestId = ""
    /// FunctionRequestId.
    public var functionRequestId = ""
    /// Bytes of the request's body.
    public var bytesIn = 0
    /// Bytes of the answer's body.
    public var bytesOut = 0

    /// Creates a call that runs.
    public init(id: String, door: String, caller: String, beganAt: Int) {
        self.id = id
        self.door = door
        self.caller = caller
        self.beganAt = beganAt
    }
}

/// A text that is kept as far as it is allowed to be.
public struct KeptText: Sendable, Equatable {
    /// What is kept: all, the beginning, or nothing.
    public var text: [UInt8]
    /// Bytes that the whole has.
    public var byteCount: Int

    /// Creates a text.
    public init(text: [UInt8], byteCount: Int) {
        self.text = text
        self.byteCount = byteCount
    }

    /// Whether that is all of it.
    public var isWhole: Bool { text.count == byteCount }
}

/// What was sent and returned, where that is kept. Absent means there was none.
public struct HistoryPayload: Sendable, Equatable {
    /// ClientContext; whole or not at all, because half of it cannot be sent again.
    public var clientContext: KeptText?
    /// RetMsg.
    public var retMsg: KeptText?
    /// ErrMsg.
    public var errMsg: KeptText?
    /// Log.
    public var log: KeptText?

    /// Nothing.
    public init() {}

    /// Bytes that are kept.
    public var byteCount: Int {
        [clientContext, retMsg, errMsg, log].reduce(0) { $0 + ($1?.text.count ?? 0) }
    }
}

/// A call, whole.
public struct HistoryDetail: Sendable, Equatable {
    /// What a list shows.
    public var call: HistoryCall
    /// What was sent and returned; `nil` where that was not kept.
    public var payload: HistoryPayload?

    /// Creates a detail.
    public init(call: HistoryCall, payload: HistoryPayload? = nil) {
        self.call = call
        self.payload = payload
    }
}

/// Calls that the history lacks.
public struct HistoryGap: Sendable, Equatable {
    /// From when, in UNIX milliseconds.
    public var since: Int
    /// Until when.
    public var until: Int
    /// How many; `nil` where nobody counted them.
    public var calls: Int?
    /// Why.
    public var reason: String

    /// Creates a gap.
    public init(since: Int, until: Int, calls: Int?, reason: String) {
        self.since = since
        self.until = until
        self.calls = calls
        self.reason = reason
    }
}
