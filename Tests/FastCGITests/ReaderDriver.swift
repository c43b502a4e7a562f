// SPDX-License-Identifier: Apache-2.0

@testable import FastCGI

/// What came out of a reader, in a form that can be compared.
enum Outcome: Equatable, CustomStringConvertible {
    case request([String], body: [UInt8], id: UInt16, keep: Bool)
    case refused(Refusal, [String])
    case reply([WireRecord])
    case aborted
    case failed(ProtocolError)

    var description: String {
        switch self {
        case .request(let pairs, let body, let id, let keep): "request \(pairs) \(body.count) bytes, id \(id), \(keep)"
        case .refused(let refusal, let pairs): "refused \(refusal) \(pairs)"
        case .reply(let records): "reply \(records)"
        case .aborted: "aborted"
        case .failed(let error): "failed \(error)"
        }
    }
}

/// Feeds a reader and notes what comes out.
struct ReaderDriver {
    let budget: ByteBudget
    var reader: RequestReader
    var outcomes: [Outcome] = []
    /// What the server does with a request; without it the request stays at work.
    var finishesAtOnce = true

    init(parameterBytes: Int = 65_536, bodyBytes: Int = 100_000, discardedBytes: Int = 1 << 20, budget: Int = 1 << 20) {
        self.budget = ByteBudget(limit: budget)
        reader = RequestReader(
            limits: .init(parameterBytes: parameterBytes, bodyBytes: bodyBytes, discardedBytes: discardedBytes),
            budget: self.budget)
    }

    mutating func feed(_ bytes: [UInt8]) {
        var offset = 0
        while offset < bytes.count {
            do {
                guard let event = try reader.next(bytes.span, &offset) else { return }
                note(event)
            } catch {
                outcomes.append(.failed(error))
                reader.finishRequest()
                return
            }
        }
    }

    private mutating func note(_ event: RequestReader.Event) {
        switch event {
        case .request(let request):
            outcomes.append(
                .request(
                    Self.lines(request.parameters), body: request.body, id: reader.requestId,
                    keep: reader.keepConnection))
            if finishesAtOnce { reader.finishRequest() }
        case .refused(let refusal, let parameters):
            outcomes.append(.refused(refusal, Self.lines(parameters)))
            reader.finishRequest()
        case .reply(let bytes), .abandoned(let bytes):
            var bytes = bytes
            outcomes.append(.reply(WireRecord.take(from: &bytes)))
            if !bytes.isEmpty { outcomes.append(.failed(.managementRecordTooLong)) }
        case .aborted:
            outcomes.append(.aborted)
            reader.finishRequest()
        }
    }

    static func lines(_ parameters: Parameters) -> [String] { parameters.pairs.map { "\($0.name)=\($0.value)" } }

    var failed: Bool {
        if case .failed = outcomes.last { true } else { false }
    }

    /// Feeds `bytes` whole, and says what came out and what is still held.
    static func run(_ bytes: [UInt8], _ driver: ReaderDriver = ReaderDriver()) -> [Outcome] {
        var driver = driver
        driver.feed(bytes)
        return driver.outcomes
    }
}
