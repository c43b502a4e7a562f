// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Foundation
import Glibc
import Testing

@testable import CurlHTTP

/// What goes out and comes back when all is well.
@Suite(.timeLimit(.minutes(10)))
struct ExchangeTests {
    @Test(arguments: [200, 204, 302, 400, 404, 500, 503])
    func anyStatusIsAnAnswer(_ status: Int) async throws {
        let body = status == 204 ? [] : Array("body".utf8)
        let upstream = try Upstream { _ in
            .answer(
                status: status, fields: ["content-type: application/json; charset=x", "Location: /elsewhere"],
                body: body)
        }
        defer { upstream.stop() }
        let response = try await TestClient().post(upstream.url).get()
        #expect(response.status == status)
        #expect(response.contentType == "application/json; charset=x")
        #expect(response.body == body)
        // Redirects are not followed.
        #expect(upstream.requests.count == 1)
    }

    static let sizes = [0, 1, 1000, 48 << 10, (48 << 10) + 1, 65_536, (1 << 20) + 1, 5 << 20]

    @Test func bodiesOfAnySizeGoBothWays() async throws {
        let upstream = try Upstream.echo()
        defer { upstream.stop() }
        let client = try TestClient()
        // Up and down again, so that handles for small and large bodies are used in turn and anew.
        for size in Self.sizes + Self.sizes.reversed() {
            let body = pattern(size)
            #expect(await client.post(upstream.url, body: body).body == body)
            let request = try #require(upstream.requests.last)
            #expect(request.body == body)
            #expect(request.requestLine == "POST / HTTP/1.1")
            #expect(request.field("Content-Length") == "\(size)")
            #expect(request.field("Expect") == nil)
            #expect(request.field("Transfer-Encoding") == nil)
        }
        #expect(upstream.connections == 1)
        let counts = client.client.connections
        #expect(counts.open == 1 && counts.begun == 1)
        #expect(counts.requestsOnNew == 1 && counts.requestsOnKept == Self.sizes.count * 2 - 1)
    }

    @Test func aGetHasNoBodyWhateverWentBeforeItOnItsHandle() async throws {
        let upstream = try Upstream { .answer(body: Array("\($0.requestLine) \($0.body.count)".utf8)) }
        defer { upstream.stop() }
        let client = try TestClient()
        for size in [1000, 0, 60_000, 5] {
            let posted = await client.post(upstream.url, body: pattern(size))
            #expect(posted.body == Array("POST / HTTP/1.1 \(size)".utf8))
            let gotten = await client.get("\(upstream.url)a/b?c=d", [("X-A", "b")])
            #expect(gotten.body == Array("GET /a/b?c=d HTTP/1.1 0".utf8))
            let request = try #require(upstream.requests.last)
            #expect(request.field("X-A") == "b")
            for name in ["Content-Length", "Content-Type", "Transfer-Encoding", "Expect"] {
                #expect(request.field(name) == nil)
            }
        }
        #expect(upstream.connections == 1)
    }

    @Test func headerFieldsArriveUnchanged() async throws {
        let upstream = try Upstream.echo()
        defer { upstream.stop() }
        let fields = [
            (
                "Authorization",
                "TC3-HMAC-SHA256 Credential=AKID/2019-02-25/scf/tc3_request, SignedHeaders=a;b, Signature=0a"
            ),
            ("Content-Type", "application/json; charset=utf-8"),
            ("Host", "scf.tencentcloudapi.com"),
            ("X-TC-Action", "Invoke"),
            ("x-lower", "a: b; c"),
            ("X-Text", "žluťoučký 函数 \"quoted\""),
            ("X-Empty", ""),
            ("X-Tab", "a\tb"),
            ("X-Twice", "1"),
            ("X-Twice", "2"),
        ]
        let client = try TestClient()
        for _ in 0..<2 {
            #expect(await client.post(upstream.url, fields, body: [1]).kind == .answer(200))
            let request = try #require(upstream.requests.last)
            for (name, value) in fields {
                let lines = request.fields.filter { $0.hasPrefix(name + ":") }
                #expect(lines.contains(value.isEmpty ? "\(name):" : "\(name): \(value)"), "\(lines)")
                #expect(lines.count == (name == "X-Twice" ? 2 : 1))
            }
            let names = Set(request.fields.map { $0.prefix { $0 != ":" }.lowercased() })
            #expect(names.subtracting(fields.map { $0.0.lowercased() }) == ["accept", "content-length"])
        }
        // What one request had is not what the next has.
        #expect(await client.post(upstream.url).kind == .answer(200))
        #expect(upstream.requests.last?.field("Authorization") == nil)
        #expect(upstream.requests.last?.field("Host") == "127.0.0.1:\(upstream.port)")
    }

    @Test func manyAndLongHeaderFieldsArrive() async throws {
        let upstream = try Upstream.echo()
        defer { upstream.stop() }
        let client = try TestClient()
        for count in [1, 40, 2, 90] {
            let fields = (1...count).map { ("X-\($0)", String(repeating: "v", count: 8 * $0) + "\(count)") }
            #expect(await client.post(upstream.url, fields, body: [1]).kind == .answer(200))
            let request = try #require(upstream.requests.last)
            #expect(fields.allSatisfy { request.field($0.0) == $0.1 })
            #expect(request.field("X-\(count + 1)") == nil)
        }
    }

    @Test(arguments: 1...20)
    func aControlCharacterIsFoundWhereverItStands(length: Int) {
        for place in 0..<length {
            var text = Array(repeating: "ü" as Character, count: length)
            for (character, isRight) in [("\n", false), ("\0", false), ("\u{1F}", false), ("\t", true)]
                as [(Character, Bool)]
            {
                text[place] = character
                var value = String(text)
                #expect(value.withUTF8 { HeaderText.isValue($0) } == isRight)
            }
            for character in [" ", ":", "\t", "\u{1F}"] as [Character] {
                text[place] = character
                var name = String(text)
                #expect(!name.withUTF8 { HeaderText.isName($0) })
            }
            text[place] = "!"
            var right = String(text)
            #expect(right.withUTF8 { HeaderText.isName($0) } && right.withUTF8 { HeaderText.isValue($0) })
        }
    }

    @Test(arguments: [
        ("X-A", "1\r\nX-B: 2"), ("X-A", "1\n"), ("X-A", "\r"), ("X-A", "1\0"), ("X-A\r\nX-B", "1"),
        ("X-A: 1\nX-B", "1"),
        ("X A", "1"), ("", "1"), ("X:A", "1"),
    ])
    func aHeaderFieldThatLeavesItsLineIsNotSent(name: String, value: String) async throws {
        let upstream = try Upstream.echo()
        defer { upstream.stop() }
        #expect(try await TestClient().post(upstream.url, [(name, value)]).kind == .neverSent)
        #expect(upstream.connections == 0)
    }

    @Test func aConnectionIsUsedAgain() async throws {
        let upstream = try Upstream.echo()
        defer { upstream.stop() }
        let client = try TestClient()
        for number in 0..<200 {
            #expect(await client.post(upstream.url, body: [UInt8(number)]).body == [UInt8(number)])
        }
        #expect(upstream.connections == 1)
        #expect(upstream.requests.map(\.number) == Array(1...200))
    }

    @Test func aConnectionWhoseAnswerCameBeforeAllOfTheBodyWasSentIsUsedAgain() async throws {
        let upstream = try Upstream(readsBodies: false) { _ in .answer(body: [1]) }
        defer { upstream.stop() }
        let client = try TestClient()
        for _ in 0..<20 {
            #expect(await client.post(upstream.url, body: pattern(5 << 20)).body == [1])
        }
        #expect(upstream.connections == 1)
    }

    @Test func aConnectionIsNotKeptForEver() async throws {
        let upstream = try Upstream.echo()
        defer { upstream.stop() }
        let client = try TestClient { $0.idleTimeout = .milliseconds(100) }
        #expect(await client.post(upstream.url).kind == .answer(200))
        // curl counts in whole seconds, on a clock that nobody can set, and looks only when a connection is wanted.
        try await Task.sleep(for: .seconds(2.2))
        #expect(await client.post(upstream.url).kind == .answer(200))
        #expect(upstream.connections == 2)
    }

    @Test func nothingOfOneAnswerIsLeftForTheNext() async throws {
        let upstream = try Upstream { request in
            request.number == 1
                ? .answer(status: 201, fields: ["Content-Type: a/b"], body: [1, 2, 3])
                : .answer(status: 202, fields: [])
        }
        defer { upstream.stop() }
        let client = try TestClient()
        let first = try await client.post(upstream.url).get()
        #expect(first.status == 201 && first.contentType == "a/b" && first.body == [1, 2, 3])
        let second = try await client.post(upstream.url).get()
        #expect(second.status == 202 && second.contentType == nil && second.body == [])
    }

    @Test func anInterimAnswerIsPassedOver() async throws {
        let upstream = try Upstream { _ in
            .raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", closes: false)
        }
        defer { upstream.stop() }
        let response = try await TestClient().post(upstream.url).get()
        #expect(response.status == 200)
        #expect(response.body == Array("ok".utf8))
    }

    @Test func anAnswerInChunksIsPutTogether() async throws {
        let upstream = try Upstream { _ in
            .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", closes: false)
        }
        defer { upstream.stop() }
        let client = try TestClient()
        for _ in 0..<2 { #expect(await client.post(upstream.url).body == Array("abcde".utf8)) }
        #expect(upstream.connections == 1)
    }

    @Test(arguments: [false, true])
    func anAnswerHasABound(inChunks: Bool) async throws {
        let upstream = try Upstream { request in
            let count = request.body.count
            guard inChunks else { return .answer(body: request.body) }
            let text = String(repeating: "x", count: count)
            return .raw(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(String(count, radix: 16))\r\n\(text)\r\n0\r\n\r\n",
                closes: false)
        }
        defer { upstream.stop() }
        let client = try TestClient { $0.responseBytes = 100_000 }
        #expect(await client.post(upstream.url, body: pattern(100_000)).kind == .answer(200))
        #expect(await client.post(upstream.url, body: pattern(100_001)).kind == .tooLarge(limit: 100_000))
        #expect(await client.post(upstream.url, body: pattern(1_000_000)).kind == .tooLarge(limit: 100_000))
        // The client goes on.
        #expect(await client.post(upstream.url, body: [1]).kind == .answer(200))
    }

    @Test(arguments: ["header", "trailer", "continue"])
    func theFieldsOfAnAnswerHaveABound(place: String) async throws {
        let upstream = try Upstream { request in
            let fields = String(repeating: "X-More: 12345\r\n", count: request.body.count)
            let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n"
            let text =
                switch place {
                case "header": "\(head)\(fields)Content-Length: 0\r\n\r\n"
                case "trailer": "\(head)Transfer-Encoding: chunked\r\n\r\n0\r\n\(fields)\r\n"
                default: "HTTP/1.1 100 Continue\r\n\(fields)\r\n\(head)Content-Length: 0\r\n\r\n"
                }
            return .raw(text, closes: true)
        }
        defer { upstream.stop() }
        let client = try TestClient { $0.responseHeaderBytes = 10_000 }
        #expect(await client.post(upstream.url, body: pattern(600)).kind == .answer(200))
        #expect(await client.post(upstream.url, body: pattern(700)).kind == .headerTooLarge(limit: 10_000))
        // The client goes on.
        #expect(await client.post(upstream.url, body: [1]).kind == .answer(200))
    }

    @Test func fiveHundredRequestsGoAtOnceOverTwoLoops() async throws {
        let upstream = try Upstream.echo()
        defer { upstream.stop() }
        let client = try TestClient(loops: 2)
        for _ in 0..<2 {
            let right = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        let body = pattern(number * 200) + Array("\(number)".utf8)
                        let outcome = await client.post(upstream.url, body: body, loop: number % 2)
                        return outcome.body == body
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(right == 500)
        }
        #expect(upstream.requests.count == 1000)
        #expect(upstream.connections <= 1000)
    }

    /// A caller on no loop is served as well, and one on another group's loop.
    @Test func anyCallerIsServed() async throws {
        let upstream = try Upstream.echo()
        defer { upstream.stop() }
        let client = try TestClient(loops: 2)
        let request = HTTPClient.Request(url: upstream.url, headerFields: [], body: [[5]], timeout: .seconds(20))
        #expect(try await client.client.send(request).body == [5])
        let stranger = try EventLoop(index: 1)
        defer { stranger.stop() }
        let answer = try await Task(executorPreference: stranger) { try await client.client.send(request).body }.value
        #expect(answer == [5])
    }

    /// In a process of its own, whose environment names a proxy.
    @Test func aProxyInTheEnvironmentIsNotUsed() async {
        await #expect(processExitsWith: .success) {
            for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
                setenv(name, "http://127.0.0.1:9", 1)
            }
            unsetenv("no_proxy")
            let upstream = try Upstream.echo()
            let outcome = try await TestClient().post(upstream.url, body: [1])
            guard outcome.body == [1], upstream.requests.first?.requestLine == "POST / HTTP/1.1" else { exit(2) }
        }
    }
}
