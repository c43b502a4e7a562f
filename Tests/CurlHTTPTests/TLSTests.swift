// SPDX-License-Identifier: Apache-2.0

import CCurl
import EventLoop
import Foundation
import Glibc
import Testing

@testable import CurlHTTP

@Suite(.timeLimit(.minutes(10)))
struct TLSTests {
    let upstream: Upstream

    init() throws {
        upstream = try Upstream.echo()
    }

    @Test func aCertificateThatNobodySignedIsRefused() async throws {
        let server = try TLSServer(before: upstream)
        let outcome = try await TestClient().post(server.url, body: [1])
        #expect(outcome.kind == .neverSent)
        #expect(upstream.requests.count == 0)
        upstream.stop()
    }

    @Test(arguments: [false, true])
    func aTrustedCertificateIsAccepted(isHTTP2: Bool) async throws {
        let server = try TLSServer(before: upstream, isHTTP2: isHTTP2)
        let client = try TestClient {
            $0.trustedCertificates = server.certificate
            $0.allowsPlainHTTP = false
        }
        for size in [0, 10, 48 << 10, 100_000, 5 << 20, 10] {
            let body = pattern(size)
            #expect(await client.post(server.url, [("X-A", "b")], body: body).body == body)
        }
        let right = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let body = pattern(number * 1000)
                    return await client.post(server.url, body: body).body == body
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(right == 50)
        #expect(upstream.requests.count == 56)
        upstream.stop()
    }

    @Test func aCertificateForAnotherNameIsRefused() async throws {
        let server = try TLSServer(before: upstream, name: "example.org")
        let client = try TestClient { $0.trustedCertificates = server.certificate }
        #expect(await client.post(server.url).kind == .neverSent)
        upstream.stop()
    }

    @Test func aServerWithoutTLSIsNotSpokenTo() async throws {
        // It waits for the end of what it takes for a head.
        let hasty = try TestClient { $0.connectTimeout = .milliseconds(500) }
        #expect(await hasty.post("https://localhost:\(upstream.port)/").kind == .timedOut(wasSent: false))
        // This one closes in the middle of the handshake.
        let (listener, port) = try Upstream.listen(backlog: 10)
        Thread.detachNewThread {
            while case let descriptor = accept(listener, nil, nil), descriptor >= 0 {
                var hello: UInt8 = 0
                recv(descriptor, &hello, 1, 0)
                close(descriptor)
            }
            close(listener)
        }
        #expect(try await TestClient().post("https://localhost:\(port)/", body: [1]).kind == .neverSent)
        shutdown(listener, Upstream.bothWays)
        let other = try TestClient { $0.trustedCertificates = "/nowhere.pem" }
        #expect(await other.post("https://localhost:\(upstream.port)/").kind == .neverSent)
        #expect(upstream.requests.count == 0)
        upstream.stop()
    }

    /// A server that closes an idle TLS connection says so on it first, which looks like data.
    @Test(arguments: [false, true])
    func aConnectionThatTheServerClosedMeanwhileIsNotUsed(isHTTP2: Bool) async throws {
        let server = try TLSServer(before: upstream, isHTTP2: isHTTP2, keepAlive: "50ms")
        let client = try TestClient { $0.trustedCertificates = server.certificate }
        for _ in 0..<4 {
            #expect(await client.post(server.url, body: [1]).kind == .answer(200))
            await eventually("the server closes") { server.openConnections == 0 }
        }
        #expect(upstream.requests.count == 4)
        upstream.stop()
    }

    @Test func aConnectionIsUsedAgain() async throws {
        for isHTTP2 in [false, true] {
            let server = try TLSServer(before: upstream, isHTTP2: isHTTP2)
            let client = try TestClient { $0.trustedCertificates = server.certificate }
            for size in [0, 10, 100_000, 3 << 20, 10, 0] {
                #expect(await client.post(server.url, body: pattern(size)).kind == .answer(200))
                await client.loops.loops[0].turn()
            }
            #expect(Set(upstream.requests.suffix(6).map { $0.field("X-Connection") }).count == 1)
        }
        upstream.stop()
    }

    /// Asks curl itself what it trusts, which it tells at each connection.
    @Test func trustedCertificatesReplaceTheSystems() throws {
        let server = try TLSServer(before: upstream)
        var settings = HTTPClient.Settings()
        func trusted() throws -> String {
            let handle = try #require(EasyHandle(settings: settings, isForLargeBodies: false))
            let log = try #require(tmpfile())
            defer { fclose(log) }
            curl_shim_easy_set_string(handle.pointer, CURLOPT_URL, server.url)
            curl_shim_easy_set_long(handle.pointer, CURLOPT_VERBOSE, 1)
            curl_shim_easy_set_pointer(handle.pointer, CURLOPT_STDERR, UnsafeRawPointer(log))
            #expect(curl_easy_perform(handle.pointer) == CURLE_PEER_FAILED_VERIFICATION)
            rewind(log)
            var text = [UInt8](repeating: 0, count: 10_000)
            let count = fread(&text, 1, text.count, log)
            return String(decoding: text.prefix(count), as: UTF8.self)
        }
        #expect(try trusted().contains("CApath: /etc/ssl/certs"))
        let another = try TLSServer(before: upstream)
        settings.trustedCertificates = another.certificate
        let text = try trusted()
        #expect(text.contains("CAfile: \(another.certificate)"))
        #expect(text.contains("CApath: none"))
        upstream.stop()
    }
}

extension EventLoop {
    /// Waits until the loop has gone round.
    func turn() async {
        for _ in 0..<2 { await withCheckedContinuation { continuation in execute { continuation.resume() } } }
    }
}
