// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import EventLoop
import Testing

/// A client that nobody has any more leaves nothing behind.
@Suite(.timeLimit(.minutes(10)))
struct ClosingTests {
    private static func client(on loops: EventLoopGroup) -> HTTPClient {
        var settings = HTTPClient.Settings()
        settings.allowsPlainHTTP = true
        return HTTPClient(loops: loops, settings: settings)
    }

    private static func request(_ url: String) -> HTTPClient.Request {
        HTTPClient.Request(url: url, headerFields: [], body: [], timeout: .seconds(20))
    }

    @Test func keptConnectionsAreClosedWithTheClient() async throws {
        let upstream = try Upstream.echo()
        defer { upstream.stop() }
        let loops = try EventLoopGroup(count: 2)
        defer { loops.stop() }
        for round in 1...20 {
            let client = Self.client(on: loops)
            for loop in loops.loops {
                let outcome = await Task(executorPreference: loop) {
                    await TestClient.outcome { () async throws(HTTPClientError) in
                        try await client.send(Self.request(upstream.url))
                    }
                }.value
                #expect(outcome.kind == .answer(200))
            }
            #expect(upstream.connections == 2 * round)
        }
        await eventually("all connections are closed") { upstream.closedConnections == 40 }
    }

    @Test func whatIsUnderWayIsFinishedFirst() async throws {
        let upstream = try Upstream { _ in .answer(body: pattern(3 << 20)) }
        defer { upstream.stop() }
        let loops = try EventLoopGroup(count: 1)
        defer { loops.stop() }
        let answers = await withTaskGroup(of: Kind.self) { group in
            for _ in 0..<8 {
                // The task's is the only reference; it is gone once the request is on its way.
                group.addTask { [client = Self.client(on: loops)] in
                    await TestClient.outcome { () async throws(HTTPClientError) in
                        try await client.send(Self.request(upstream.url))
                    }.kind
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == [Kind](repeating: .answer(200), count: 8))
        await eventually("all connections are closed") { upstream.closedConnections == 8 }
    }
}
