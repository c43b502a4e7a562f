// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import EventLoop
import Foundation
import Glibc
import Testing

/// A client on loops of its own.
struct TestClient: Sendable {
    typealias Outcome = Result<HTTPClient.Response, HTTPClientError>

    /// So long that a busy machine is none of the things that are tested: under the thread sanitizer five hundred
    /// connections at once slow all tests down that run beside them.
    private static let patience = Duration.seconds(500)

    let loops: EventLoopGroup
    let client: HTTPClient

    init(loops count: Int = 1, _ change: (inout HTTPClient.Settings) -> Void = { _ in }) throws {
        loops = try EventLoopGroup(count: count)
        var settings = HTTPClient.Settings()
        settings.allowsPlainHTTP = true
        settings.connectTimeout = Self.patience
        change(&settings)
        client = HTTPClient(loops: loops, settings: settings)
    }

    /// Sends from a task on one of the loops.
    func post(
        _ url: String, _ fields: [(name: String, value: String)] = [], body: [UInt8] = [],
        timeout: Duration = patience,
        loop: Int = 0
    ) async -> Outcome {
        await send(
            HTTPClient.Request(url: url, headerFields: fields, body: Self.pieces(of: body), timeout: timeout),
            loop: loop)
    }

    /// Sends from a task on one of the loops.
    func get(_ url: String, _ fields: [(name: String, value: String)] = []) async -> Outcome {
        await send(HTTPClient.Request(getting: url, headerFields: fields, timeout: Self.patience))
    }

    private func send(_ request: HTTPClient.Request, loop: Int = 0) async -> Outcome {
        await Task(executorPreference: loops.loops[loop]) { [client] in
            await Self.outcome { () async throws(HTTPClientError) in try await client.send(request) }
        }.value
    }

    /// The body in three pieces, the middle one of which holds most.
    static func pieces(of body: [UInt8]) -> [ArraySlice<UInt8>] {
        guard body.count > 2 else { return [body[...]] }
        return [body.prefix(1), body.dropFirst().dropLast(), body.suffix(1)]
    }

    static func outcome(_ body: () async throws(HTTPClientError) -> HTTPClient.Response) async -> Outcome {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }
}

/// What kind of outcome it was, without its words.
enum Kind: Equatable, Sendable {
    case answer(Int), neverSent, outcomeUnknown, timedOut(wasSent: Bool), tooLarge(limit: Int)
    case headerTooLarge(limit: Int), cancelled
}

extension Result where Success == HTTPClient.Response, Failure == HTTPClientError {
    var kind: Kind {
        switch self {
        case .success(let response): .answer(response.status)
        case .failure(.neverSent): .neverSent
        case .failure(.outcomeUnknown): .outcomeUnknown
        case .failure(.timedOut(let wasSent)): .timedOut(wasSent: wasSent)
        case .failure(.responseTooLarge(let limit)): .tooLarge(limit: limit)
        case .failure(.responseHeaderTooLarge(let limit)): .headerTooLarge(limit: limit)
        case .failure(.cancelled): .cancelled
        }
    }

    var body: [UInt8]? { try? get().body }
}

/// Waits for something that is bound to happen; the bound is for what never does.
func eventually(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: @Sendable () -> Bool
) async {
    let end = Monotonic.now + .seconds(60)
    while !condition() {
        guard Monotonic.now < end else {
            Issue.record(what, sourceLocation: sourceLocation)
            return
        }
        try? await Task.sleep(for: .milliseconds(2))
    }
}

private let block = (0..<10_007).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }

/// Bytes of which no two neighbourhoods are alike.
func pattern(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + block.count)
    while bytes.count < count { bytes += block }
    bytes.removeLast(bytes.count - count)
    return bytes
}
