// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import EventLoop
import Foundation
import Glibc
import Testing

/// What the client says when there is no answer, and that it never sends anything twice.
@Suite(.timeLimit(.minutes(10)))
struct FailureTests {
    // MARK: Never sent

    static let nowhere = [
        "http://127.0.0.1:1/",
        "http://" + String(repeating: "a", count: 64) + ".invalid/",
        "http://",
        "",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "nonsense://127.0.0.1/",
        "http://127.0.0.1:99999/",
    ]

    @Test(arguments: nowhere)
    func whatCannotBeReachedWasNeverSent(_ url: String) async throws {
        let upstream = try Upstream.echo()
        defer { upstream.stop() }
        let client = try TestClient()
        #expect(await client.post(url).kind == .neverSent)
        // Also with a handle that has sent something before, small or large.
        for body in [pattern(10), pattern(100_000)] {
            #expect(await client.post(upstream.url, body: body).kind == .answer(200))
            #expect(await client.post(url, body: body).kind == .neverSent)
        }
    }

    @Test func plainHTTPIsRefusedUnlessAllowed() async throws {
        let upstream = try Upstream.echo()
        defer { upstream.stop() }
        let client = try TestClient { $0.allowsPlainHTTP = false }
        #expect(await client.post(upstream.url).kind == .neverSent)
        #expect(upstream.connections == 0)
    }

    @Test func aServerThatDoesNotTakeTheConnectionTimesOut() async throws {
        // A queue of one, filled up: the kernel drops further attempts.
        let (listener, port) = try Upstream.listen(backlog: 0)
        defer { close(listener) }
        var fillers: [Int32] = []
        for _ in 0..<4 {
            let filler = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
            fillers.append(filler)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
            _ = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(filler, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        defer { for filler in fillers { close(filler) } }
        let client = try TestClient { $0.connectTimeout = .milliseconds(300) }
        #expect(await client.post("http://127.0.0.1:\(port)/").kind == .timedOut(wasSent: false))
        // The whole request's time counts too.
        let patient = try TestClient { $0.connectTimeout = .seconds(60) }
        let outcome = await patient.post("http://127.0.0.1:\(port)/", timeout: .milliseconds(300))
        #expect(outcome.kind == .timedOut(wasSent: false))
    }

    @Test(arguments: [Duration.zero, .milliseconds(-1), .seconds(Int64.min)])
    func withoutTimeNothingIsSent(_ timeout: Duration) async throws {
        let upstream = try Upstream.echo()
        defer { upstream.stop() }
        #expect(try await TestClient().post(upstream.url, timeout: timeout).kind == .timedOut(wasSent: false))
        #expect(upstream.connections == 0)
    }

    @Test func anyTimeIsTaken() async throws {
        let upstream = try Upstream.echo()
        defer { upstream.stop() }
        let client = try TestClient { $0.connectTimeout = .seconds(Int64.max) }
        #expect(await client.post(upstream.url, timeout: .seconds(Int64.max)).kind == .answer(200))
    }

    // MARK: Outcome unknown

    @Test(arguments: [10, 100_000, 2 << 20])
    func aSilentServerTimesOut(_ size: Int) async throws {
        let upstream = try Upstream { _ in .silence }
        defer { upstream.stop() }
        let outcome = try await TestClient().post(upstream.url, body: pattern(size), timeout: .milliseconds(500))
        #expect(outcome.kind == .timedOut(wasSent: true))
        #expect(upstream.requests.count == 1)
        await eventually("the connection is closed") { upstream.closedConnections == 1 }
    }

    static let halfAnswers = [
        "", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcd",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz",
        "HTTP/1.1 100 Continue\r\n\r\n", "garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n",
    ]

    @Test(arguments: halfAnswers)
    func halfAnAnswerIsNone(_ text: String) async throws {
        let upstream = try Upstream { _ in .raw(text, closes: true) }
        defer { upstream.stop() }
        #expect(try await TestClient().post(upstream.url, body: [1]).kind == .outcomeUnknown)
        #expect(upstream.requests.count == 1)
    }

    /// libcurl would send a request again by itself where a kept connection breaks before the answer's first byte.
    @Test(arguments: [0, 10, 48 << 10, 100_000, 2 << 20])
    func aRequestIsNeverSentTwice(_ size: Int) async throws {
        let upstream = try Upstream { request in request.number == 1 ? .answer() : .close }
        defer { upstream.stop() }
        let client = try TestClient()
        let body = pattern(size)
        for round in 1...3 {
            #expect(await client.post(upstream.url, body: body).kind == .answer(200))
            // On the kept connection: read whole, and then closed without a word.
            #expect(await client.post(upstream.url, body: body).kind == .outcomeUnknown)
            #expect(upstream.requests.map(\.number) == Array([[Int]](repeating: [1, 2], count: round).joined()))
        }
    }

    @Test(arguments: [0, 10, 100_000])
    func aNewConnectionThatBreaksIsNotTriedAgain(_ size: Int) async throws {
        let upstream = try Upstream { _ in .close }
        defer { upstream.stop() }
        #expect(try await TestClient().post(upstream.url, body: pattern(size)).kind == .outcomeUnknown)
        #expect(upstream.requests.count == 1)
        #expect(upstream.connections == 1)
    }

    /// The server goes away while a large body is on its way, on a new and on a kept connection.
    @Test func aBodyThatIsCutIsNotSentAgain() async throws {
        let upstream = try Upstream(readsBodies: false) { request in
            request.field("X-Close") == nil ? .answer() : .close
        }
        defer { upstream.stop() }
        let client = try TestClient()
        for isKept in [false, true] {
            if isKept { #expect(await client.post(upstream.url).kind == .answer(200)) }
            let before = upstream.requests.count
            let outcome = await client.post(upstream.url, [("X-Close", "1")], body: pattern(5 << 20))
            #expect(outcome.kind == .outcomeUnknown)
            #expect(upstream.requests.count == before + 1)
        }
    }

    @Test func aConnectionThatTheServerClosedMeanwhileIsNotUsed() async throws {
        let upstream = try Upstream { request in .answer(body: request.body, closes: true) }
        defer { upstream.stop() }
        let client = try TestClient()
        for number in 1...20 {
            let body = pattern(number * 10_000)
            #expect(await client.post(upstream.url, body: body).body == body)
            await eventually("closed") { upstream.closedConnections == number }
        }
        #expect(upstream.connections == 20)
    }

    @Test func anEarlyAnswerToALargeBodyIsTaken() async throws {
        let upstream = try Upstream(readsBodies: false) { request in
            request.requestLine.hasPrefix("POST")
                ? .raw("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", closes: false)
                : .silence
        }
        defer { upstream.stop() }
        #expect(try await TestClient().post(upstream.url, body: pattern(5 << 20)).kind == .answer(413))
    }

    // MARK: Cancellation

    @Test func aCancelledTaskSendsNothing() async throws {
        let upstream = try Upstream.echo()
        defer { upstream.stop() }
        let client = try TestClient()
        // On a kept connection, a request would go out at once.
        #expect(await client.post(upstream.url).kind == .answer(200))
        let request = HTTPClient.Request(url: upstream.url, headerFields: [], body: [[1]], timeout: .seconds(20))
        for preference in [client.loops.loops[0], nil] {
            let outcome = await Task(executorPreference: preference) {
                withUnsafeCurrentTask { $0?.cancel() }
                return await TestClient.outcome { () async throws(HTTPClientError) in
                    try await client.client.send(request)
                }
            }.value
            #expect(outcome.kind == .cancelled)
        }
        #expect(await client.post(upstream.url).kind == .answer(200))
        #expect(upstream.requests.map(\.body) == [[], []])
    }

    @Test(arguments: [10, 5 << 20])
    func cancellingBreaksOff(_ size: Int) async throws {
        let upstream = try Upstream { request in request.field("X-Wait") == nil ? .answer() : .silence }
        defer { upstream.stop() }
        let client = try TestClient()
        let request = HTTPClient.Request(
            url: upstream.url, headerFields: [("X-Wait", "1")], body: [pattern(size)[...]], timeout: .seconds(60))
        let task = Task(executorPreference: client.loops.loops[0]) {
            await TestClient.outcome { () async throws(HTTPClientError) in try await client.client.send(request) }
        }
        await eventually("the request has arrived") { upstream.requests.count == 1 }
        task.cancel()
        #expect(await task.value.kind == .cancelled)
        await eventually("the connection is closed") { upstream.closedConnections == 1 }
        #expect(await client.post(upstream.url).kind == .answer(200))
    }

    @Test func cancellingManyAtAnyMomentLeavesTheClientWhole() async throws {
        let upstream = try Upstream { request in request.body.count % 2 == 0 ? .answer() : .silence }
        defer { upstream.stop() }
        let client = try TestClient(loops: 2)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let request = HTTPClient.Request(
                        url: upstream.url, headerFields: [], body: [pattern(number * 500 + number % 2)[...]],
                        timeout: .seconds(600))
                    let task = Task(executorPreference: client.loops.loops[number % 2]) {
                        await TestClient.outcome { () async throws(HTTPClientError) in
                            try await client.client.send(request)
                        }
                    }
                    for _ in 0..<number { await Task.yield() }
                    task.cancel()
                    let kind = await task.value.kind
                    #expect(kind == .cancelled || kind == .answer(200))
                }
            }
        }
        for loop in 0..<2 { #expect(await client.post(upstream.url, loop: loop).kind == .answer(200)) }
    }
}
