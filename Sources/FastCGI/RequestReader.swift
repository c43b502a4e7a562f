// SPDX-License-Identifier: Apache-2.0

/// What a peer did that FastCGI does not allow. Its connection is closed; nobody else notices.
enum ProtocolError: Error, Equatable {
    case wrongVersion(UInt8)
    case unexpectedRecord(kind: UInt8)
    case malformedBeginRequest
    case malformedParameters
    case managementRecordTooLong
    case tooMuchToDiscard
}

/// Turns the bytes of one connection into requests: a state machine without any I/O.
///
/// Bytes may come in pieces of any size. Every bound is checked before memory is taken: parameters, body and
/// management records. A request that has to be refused is read to its end first.
struct RequestReader {
    struct Limits {
        var parameterBytes: Int
        var bodyBytes: Int
        /// What is thrown away between two requests, mostly of a refused one, before the connection is given up.
        var discardedBytes = 64 << 20
    }

    enum Event {
        /// A whole request. The reader waits for ``finishRequest()`` before it takes another.
        case request(Request)
        /// A whole request that may not be served.
        case refused(Refusal, Parameters)
        /// Bytes to send back at once: the answer to a management record, or to a request that cannot be taken.
        case reply([UInt8])
        /// The web server gave up a request that had not started: bytes to send back, with which the request is over.
        case abandoned([UInt8])
        /// The web server gave up the request that is being answered.
        case aborted
    }

    private enum Phase {
        case idle, parameters, body, discarding(Refusal), answering
    }

    /// Where the content of the current record goes.
    private enum Sink {
        case nowhere, collected, parameters, body
    }

    /// May change at any time: a request is held to what holds when its part of them is looked at.
    var limits: Limits
    private let budget: ByteBudget

    private var phase = Phase.idle
    private(set) var requestId: UInt16 = 0
    private(set) var keepConnection = false

    private var headerBytes: [UInt8] = []
    private var header = Record.Header(kind: 0, requestId: 0, contentLength: 0, paddingLength: 0)
    private var contentLeft = 0
    private var paddingLeft = 0
    private var sink = Sink.nowhere

    private var collected: [UInt8] = []
    private var encodedParameters: [UInt8] = []
    private var parameters = Parameters()
    private var announcedLength = 0
    private var body: [UInt8] = []
    private var discarded = 0
    private var bytesTaken = 0
    /// How many of them are the body's: what has come of it, or the whole once there is room for the whole.
    private var bodyBytesTaken = 0

    init(limits: Limits, budget: ByteBudget) {
        self.limits = limits
        self.budget = budget
    }

    /// Whether a request has begun and not come to its end yet.
    var isMidRequest: Bool {
        switch phase {
        case .idle: !headerBytes.isEmpty || contentLeft > 0
        case .parameters, .body, .discarding: true
        case .answering: false
        }
    }

    /// Leaves the bytes of the request that was handed out to whoever works on it.
    ///
    /// - Returns: How many bytes of the budget to give back when the work is done.
    mutating func handOverBytes() -> Int {
        defer { bytesTaken = 0 }
        return bytesTaken
    }

    /// To be called when the request has been answered or dropped: gives its bytes back and takes the next one.
    mutating func finishRequest() {
        budget.giveBack(bytesTaken)
        bytesTaken = 0
        bodyBytesTaken = 0
        encodedParameters = []
        parameters = Parameters()
        body = []
        discarded = 0
        phase = .idle
    }

    /// Reads on until something happens or the input ends.
    ///
    /// - Parameters:
    ///   - input: Bytes from the peer.
    ///   - offset: Where to go on; moved past what was read.
    /// - Returns: `nil` when the input is used up.
    /// - Throws: ``ProtocolError``, after which the connection is of no use any more.
    mutating func next(_ input: Span<UInt8>, _ offset: inout Int) throws(ProtocolError) -> Event? {
        while offset < input.count {
            if contentLeft > 0 {
                let count = min(contentLeft, input.count - offset)
                try take(input.extracting(offset..<offset + count))
                offset += count
                contentLeft -= count
                guard contentLeft == 0, let event = try endRecord() else { continue }
                return event
            }
            if paddingLeft > 0 {
                let count = min(paddingLeft, input.count - offset)
                offset += count
                paddingLeft -= count
                continue
            }
            if headerBytes.isEmpty, input.count - offset >= Record.headerLength {
                // The usual case: the header is all there.
                try beginRecord(input.extracting(offset..<offset + Record.headerLength))
                offset += Record.headerLength
            } else {
                headerBytes.append(input[offset])
                offset += 1
                guard headerBytes.count == Record.headerLength else { continue }
                let bytes = headerBytes
                headerBytes = []
                try beginRecord(bytes.span)
            }
            guard contentLeft == 0, let event = try endRecord() else { continue }
            return event
        }
        return nil
    }
}

// MARK: - Records

extension RequestReader {
    private mutating func beginRecord(_ bytes: Span<UInt8>) throws(ProtocolError) {
        guard bytes[0] == Record.version else { throw .wrongVersion(bytes[0]) }
        header = Record.Header(
            kind: bytes[1], requestId: UInt16(bytes[2]) << 8 | UInt16(bytes[3]),
            contentLength: Int(bytes[4]) << 8 | Int(bytes[5]), paddingLength: Int(bytes[6]))
        contentLeft = header.contentLength
        paddingLeft = header.paddingLength
        collected.removeAll(keepingCapacity: true)
        sink = try chooseSink()
    }

    private func chooseSink() throws(ProtocolError) -> Sink {
        if header.requestId == Record.managementId {
            guard header.kind == Record.Kind.getValues else { return .nowhere }
            guard header.contentLength <= ManagementRecord.maximumLength else { throw .managementRecordTooLong }
            return .collected
        }
        if header.kind == Record.Kind.beginRequest {
            guard header.contentLength == 8 else { throw .malformedBeginRequest }
            // Refusing it would end the active request, which has the same id, in the eyes of the web server.
            guard header.requestId != requestId || isIdle else { throw .unexpectedRecord(kind: header.kind) }
            return .collected
        }
        if header.kind == Record.Kind.abortRequest { return .nowhere }
        // Records of a request that is not active are to be ignored (section 3.3).
        guard header.requestId == requestId, !isIdle else { return .nowhere }
        switch (phase, header.kind) {
        case (.parameters, Record.Kind.parameters): return .parameters
        case (.body, Record.Kind.standardInput): return .body
        case (.discarding, Record.Kind.parameters), (.discarding, Record.Kind.standardInput): return .nowhere
        default: throw .unexpectedRecord(kind: header.kind)
        }
    }

    private var isIdle: Bool {
        if case .idle = phase { true } else { false }
    }

    private mutating func take(_ content: Span<UInt8>) throws(ProtocolError) {
        switch sink {
        case .nowhere: try discard(content.count)
        case .collected: content.withUnsafeBufferPointer { collected.append(contentsOf: $0) }
        case .parameters: takeParameters(content)
        case .body: takeBody(content)
        }
    }

    private mutating func takeParameters(_ content: Span<UInt8>) {
        if case .discarding = phase { return }
        guard encodedParameters.count + content.count <= limits.parameterBytes else {
            return refuse(.parametersTooLarge(limit: limits.parameterBytes))
        }
        guard charge(content.count) else { return }
        content.withUnsafeBufferPointer { encodedParameters.append(contentsOf: $0) }
    }

    private mutating func takeBody(_ content: Span<UInt8>) {
        if case .discarding = phase { return }
        guard body.count + content.count <= announcedLength else {
            return refuse(.bodyTooLong(announced: announcedLength))
        }
        guard makeRoom(forBody: body.count + content.count) else { return }
        content.withUnsafeBufferPointer { body.append(contentsOf: $0) }
    }

    /// An announcement alone takes nothing. Once a sixteenth has come, room for the whole is made, and counted, so that a
    /// long body is not copied again and again as it grows.
    ///
    /// - Returns: Whether the budget has that many bytes; where not, the request is refused.
    private mutating func makeRoom(forBody count: Int) -> Bool {
        guard count > bodyBytesTaken else { return true }
        let isWhole = 16 * count >= announcedLength
        let room = isWhole ? announcedLength : count
        guard charge(room - bodyBytesTaken) else { return false }
        bodyBytesTaken = room
        if isWhole { body.reserveCapacity(room) }
        return true
    }

    private mutating func charge(_ count: Int) -> Bool {
        guard budget.take(count) else {
            refuse(.overloaded(limit: budget.limit))
            return false
        }
        bytesTaken += count
        return true
    }

    private mutating func refuse(_ refusal: Refusal) {
        phase = .discarding(refusal)
        budget.giveBack(bodyBytesTaken)
        bytesTaken -= bodyBytesTaken
        bodyBytesTaken = 0
        body = []
    }

    /// Counts what no request takes, be it the rest of a refused one or records of requests that are not active.
    private mutating func discard(_ count: Int) throws(ProtocolError) {
        discarded += count
        guard discarded <= limits.discardedBytes else { throw .tooMuchToDiscard }
    }

    private mutating func endRecord() throws(ProtocolError) -> Event? {
        if header.requestId == Record.managementId {
            return .reply(ManagementRecord.reply(to: header.kind, content: collected))
        }
        switch header.kind {
        case Record.Kind.beginRequest: return beginRequest()
        case Record.Kind.abortRequest: return abortRequest()
        case Record.Kind.parameters where header.contentLength == 0 && header.requestId == requestId:
            return try endParameters()
        case Record.Kind.standardInput where header.contentLength == 0 && header.requestId == requestId:
            return endBody()
        default: return nil
        }
    }
}

// MARK: - Requests

extension RequestReader {
    private mutating func beginRequest() -> Event? {
        var reply: [UInt8] = []
        guard isIdle else {
            // One request at a time on a connection; FCGI_MPXS_CONNS says so.
            Record.appendEndRequest(.cannotMultiplex, requestId: header.requestId, to: &reply)
            return .reply(reply)
        }
        guard UInt16(collected[0]) << 8 | UInt16(collected[1]) == Record.responderRole else {
            Record.appendEndRequest(.unknownRole, requestId: header.requestId, to: &reply)
            return .reply(reply)
        }
        requestId = header.requestId
        keepConnection = collected[2] & Record.keepConnectionFlag != 0
        phase = .parameters
        return nil
    }

    private mutating func abortRequest() -> Event? {
        guard header.requestId == requestId, !isIdle else { return nil }
        if case .answering = phase { return .aborted }
        // Nothing has started: drop what there is, and say that the request is over (section 5.4).
        finishRequest()
        var reply: [UInt8] = []
        Record.appendEndRequest(.requestComplete, requestId: requestId, to: &reply)
        return .abandoned(reply)
    }

    private mutating func endParameters() throws(ProtocolError) -> Event? {
        guard case .parameters = phase else { return nil }
        guard let parameters = Parameters(encoded: encodedParameters) else { throw .malformedParameters }
        self.parameters = parameters
        phase = .body
        guard let text = parameters.bytes("CONTENT_LENGTH"), !text.isEmpty else {
            announcedLength = 0
            return nil
        }
        guard let length = Self.parseLength(text) else {
            refuse(.malformedContentLength)
            return nil
        }
        guard length <= limits.bodyBytes else {
            refuse(.bodyTooLarge(announced: length, limit: limits.bodyBytes))
            return nil
        }
        announcedLength = length
        return nil
    }

    private mutating func endBody() -> Event? {
        switch phase {
        case .body where body.count < announcedLength:
            let refusal = Refusal.bodyTooShort(received: body.count, announced: announcedLength)
            phase = .answering
            return .refused(refusal, parameters)
        case .body:
            phase = .answering
            defer { body = [] }
            return .request(Request(parameters: parameters, body: body))
        case .discarding(let refusal):
            phase = .answering
            return .refused(refusal, parameters)
        case .idle, .parameters, .answering:
            return nil
        }
    }

    /// Decimal digits only, few enough not to overflow.
    private static func parseLength(_ text: ArraySlice<UInt8>) -> Int? {
        guard text.count <= 18 else { return nil }
        var value = 0
        for byte in text {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }
}
