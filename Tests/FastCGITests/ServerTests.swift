// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Glibc
import HTTPTypes
import Testing

@testable import FastCGI

@Suite(.timeLimit(.minutes(2)))
struct ServerTests {
    @Test(arguments: Transport.allCases)
    func aKeptConnectionServesManyRequests(_ transport: Transport) async throws {
        try await TestServer.run(transport) { test in
            try await blocking {
                let peer = try test.connect()
                for number in 0..<20 {
                    let body = [UInt8](repeating: UInt8(number), count: number * 20_000)
                    let response = try peer.ask([("N", "\(number)")], body: body)
                    #expect(response.status == 200)
                    #expect(response.body == Array("N=\(number)\nCONTENT_LENGTH=\(body.count)\n".utf8) + body)
                    #expect(test.server.openConnections == 1)
                }
            }
        }
    }

    @Test(arguments: Transport.allCases)
    func aConnectionThatIsNotKeptIsClosedAfterItsAnswer(_ transport: Transport) async throws {
        let large = [UInt8](repeating: 5, count: 3_000_000)
        try await TestServer.run(transport, handler: { _ in Response(status: .ok, body: large) }) { test in
            try await blocking {
                let peer = try test.connect()
                #expect(try peer.ask(keep: false).body == large)
                #expect(try peer.isClosed())
            }
        }
    }

    @Test func handlersRunOnTheLoopOfTheirConnection() async throws {
        let handler: Server.Handler = { _ in
            let before = EventLoop.current
            await Task.yield()
            let stayed = before != nil && before === EventLoop.current
            return Response(status: stayed ? .ok : .internalServerError)
        }
        try await TestServer.run(handler: handler) { test in
            try await blocking { () throws in
                for _ in 0..<10 { #expect(try test.connect().ask().status == 200) }
            }
        }
    }

    @Test(arguments: Transport.allCases)
    func twoHundredRequestsAreServedAtOnce(_ transport: Transport) async throws {
        let gate = Gate()
        let handler: Server.Handler = { request in
            await gate.wait()
            return await TestServer.echo(request)
        }
        try await TestServer.run(transport, handler: handler) { test in
            let peers = try await blocking {
                let peers = try (0..<200).map { _ in try test.connect() }
                for (number, peer) in peers.enumerated() { try peer.send(Wire.request([("N", "\(number)")])) }
                return peers
            }
            await eventually("all are in flight") { gate.arrived == 200 }
            #expect(test.server.requestsInFlight == 200)
            #expect(test.server.openConnections == 200)
            gate.open()
            try await blocking { () throws in
                for (number, peer) in peers.enumerated() {
                    #expect(try peer.response().body == Array("N=\(number)\nCONTENT_LENGTH=0\n".utf8))
                }
            }
        }
    }

    static let refusals = [
        "malformed length": (Wire.request(body: [1], contentLength: "1x"), 400),
        "short body": (Wire.request(body: [1], contentLength: "2"), 400),
        "long body": (Wire.request(body: [1, 2, 3], contentLength: "2"), 400),
        "large body": (Wire.request(body: [UInt8](repeating: 0, count: 300_000)), 413),
        "many parameters": (Wire.request([("A", String(repeating: "a", count: 70_000))]), 431),
    ]

    @Test(arguments: refusals.keys.sorted())
    func aRefusedRequestIsAnsweredAndItsConnectionGoesOn(_ name: String) async throws {
        let (bytes, status) = try #require(Self.refusals[name])
        var settings = Server.Settings()
        settings.bodyBytes = 200_000
        try await TestServer.run(settings: settings) { test in
            try await blocking {
                let peer = try test.connect()
                for _ in 0..<3 {
                    try peer.send(bytes)
                    #expect(try peer.response().status == status)
                    #expect(try peer.ask().status == 200)
                }
            }
        }
    }

    @Test func aFullBudgetRefusesAndRecovers() async throws {
        var settings = Server.Settings()
        settings.bytesHeld = 100_000
        let gate = Gate()
        let handler: Server.Handler = { _ in
            await gate.wait()
            return Response(status: .ok)
        }
        try await TestServer.run(settings: settings, handler: handler) { test in
            let first = try await blocking {
                let first = try test.connect()
                try first.send(Wire.request(body: [UInt8](repeating: 0, count: 60_000)))
                return first
            }
            await eventually("the first is at work") { gate.arrived == 1 }
            try await blocking {
                let second = try test.connect()
                #expect(try second.ask(body: [UInt8](repeating: 0, count: 60_000)).status == 503)
                gate.open()
                #expect(try first.response().status == 200)
                #expect(try second.ask(body: [UInt8](repeating: 0, count: 60_000)).status == 200)
            }
        }
    }

    @Test func managementRecordsAreAnsweredWhileAHandlerWorks() async throws {
        let gate = Gate()
        let handler: Server.Handler = { _ in
            await gate.wait()
            return Response(status: .ok)
        }
        try await TestServer.run(handler: handler) { test in
            let peer = try await blocking {
                let peer = try test.connect()
                try peer.send(Wire.request())
                return peer
            }
            await eventually("the handler works") { gate.arrived == 1 }
            try await blocking {
                try peer.send(Wire.record(Wire.getValues, Wire.pair("FCGI_MPXS_CONNS", ""), id: 0))
                #expect(try peer.records(upTo: Wire.getValuesResult).count == 1)
                try peer.send(Wire.request(id: 7))
                #expect(try peer.records() == [.endRequest(1, id: 7)])
                gate.open()
                #expect(try peer.response().status == 200)
            }
        }
    }

    // MARK: Leaving

    enum Leaving: CaseIterable {
        case closing, aborting, breakingTheProtocol
    }

    @Test(arguments: Transport.allCases, Leaving.allCases)
    func whoLeavesHasTheHandlerCancelled(_ transport: Transport, _ leaving: Leaving) async throws {
        let began = Gate()
        let cancelled = Gate()
        let end = Gate()
        began.open()
        let handler: Server.Handler = { _ in
            await began.wait()
            try? await Task.sleep(for: .seconds(3600))
            if Task.isCancelled { await cancelled.wait() }
            await end.wait()
            return Response(status: .ok, body: [1])
        }
        cancelled.open()
        try await TestServer.run(transport, handler: handler) { test in
            try await blocking {
                let peer = try test.connect()
                try peer.send(Wire.request(body: [UInt8](repeating: 0, count: 50_000)))
                let wait = Monotonic.now + .seconds(15)
                while began.arrived == 0, Monotonic.now < wait { sched_yield() }
                switch leaving {
                case .closing: break
                case .aborting:
                    try peer.send(Wire.record(Wire.abort))
                    #expect(try peer.isClosed())
                case .breakingTheProtocol:
                    try peer.send([0])
                    try peer.send([UInt8](repeating: 0, count: 7))
                    #expect(try peer.isClosed())
                }
            }
            await eventually("the handler is cancelled") { cancelled.arrived == 1 }
            await eventually("the connection is gone") { test.server.openConnections == 0 }
            // Its request still takes memory, and counts.
            #expect(test.server.requestsInFlight == 1)
            #expect(test.server.bytesHeld > 50_000)
            end.open()
        }
    }

    /// Whoever gives up before anything has started is told so, and keeps the connection only where it asked for that.
    @Test(arguments: Transport.allCases, [true, false])
    func givingUpEarlyEndsTheRequestAlone(_ transport: Transport, keeps: Bool) async throws {
        try await TestServer.run(transport) { test in
            try await blocking {
                let peer = try test.connect()
                let beginning = Wire.beginRequest(flags: keeps ? 1 : 0) + Wire.record(Wire.parameters, [1])
                try peer.send(beginning + Wire.record(Wire.abort))
                #expect(try peer.records() == [.endRequest(0)])
                if keeps {
                    #expect(try peer.ask().status == 200)
                } else {
                    #expect(try peer.isClosed())
                }
            }
        }
    }

    // MARK: Bad peers

    @Test(arguments: Transport.allCases)
    func badPeersDisturbNobody(_ transport: Transport) async throws {
        try await TestServer.run(transport) { test in
            try await blocking {
                let request = Wire.request([("SLOW", "1")], body: [1, 2, 3])
                let silent = try test.connect()
                let half = try test.connect()
                try half.send(Array(request.prefix(20)))
                let halfHeader = try test.connect()
                try halfHeader.send([1])
                let garbage = try test.connect()
                try garbage.send(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
                let random = try test.connect()
                var numbers = SeededRandom(seed: 3)
                try random.send((0..<60_000).map { _ in UInt8.random(in: 0...255, using: &numbers) })
                let version = try test.connect()
                try version.send(Wire.record(Wire.begin, [0, 1, 1, 0, 0, 0, 0, 0], version: 2))
                let slow = try test.connect()
                let good = try test.connect()
                // One byte of the slow one for each request of the good one.
                for byte in request {
                    try slow.send([byte])
                    #expect(try good.ask().status == 200)
                }
                #expect(try slow.response().status == 200)
                for peer in [garbage, random, version] { #expect(try peer.isClosed()) }
                for peer in [silent, half, halfHeader] { #expect(peer.isSilent) }
                #expect(try good.ask().status == 200)
            }
        }
    }

    @Test(arguments: Transport.allCases)
    func whoDoesNotGoOnIsGivenUp(_ transport: Transport) async throws {
        var settings = Server.Settings()
        settings.requestTimeout = .milliseconds(300)
        try await TestServer.run(transport, settings: settings) { test in
            try await blocking { () throws in
                let request = Wire.request(body: [1, 2, 3])
                // Nothing at all, a byte, half a head, half a body, and all but the last byte.
                let peers = try [0, 1, 20, request.count - 12, request.count - 1].map { count in
                    let peer = try test.connect()
                    try peer.send(Array(request.prefix(count)))
                    return peer
                }
                for peer in peers { #expect(try peer.isClosed()) }
            }
        }
    }

    /// Other records on the connection do not extend the time that a request has.
    @Test func aRequestHasAFixedTimeToArriveIn() async throws {
        var settings = Server.Settings()
        settings.requestTimeout = .milliseconds(500)
        try await TestServer.run(settings: settings) { test in
            try await blocking {
                let peer = try test.connect()
                try peer.send(Wire.beginRequest())
                let question = Wire.record(Wire.getValues, Wire.pair("FCGI_MPXS_CONNS", ""), id: 0)
                let end = Monotonic.now + .seconds(15)
                await_close: while Monotonic.now < end {
                    do {
                        try peer.send(question)
                        _ = try peer.records(upTo: Wire.getValuesResult)
                    } catch {
                        break await_close
                    }
                }
                #expect(Monotonic.now < end)
            }
        }
    }

    @Test func anIdleConnectionIsClosedAfterAWhile() async throws {
        var settings = Server.Settings()
        settings.idleTimeout = .milliseconds(100)
        settings.requestTimeout = .seconds(3600)
        try await TestServer.run(settings: settings) { test in
            try await blocking {
                let peer = try test.connect()
                #expect(try peer.ask().status == 200)
                #expect(try peer.isClosed())
            }
        }
    }

    /// A handler that takes its time is not a matter of the connection's time limits.
    @Test func aLongHandlerOutlivesEveryTimeLimit() async throws {
        var settings = Server.Settings()
        settings.idleTimeout = .milliseconds(100)
        settings.requestTimeout = .milliseconds(100)
        settings.writeTimeout = .milliseconds(100)
        let end = Gate()
        let handler: Server.Handler = { _ in
            await end.wait()
            return Response(status: Task.isCancelled ? .badRequest : .ok)
        }
        try await TestServer.run(loops: 1, settings: settings, handler: handler) { test in
            try await blocking {
                let peer = try test.connect()
                try peer.send(Wire.request())
                let wait = Monotonic.now + .seconds(15)
                while test.server.requestsInFlight == 0, Monotonic.now < wait { sched_yield() }
                // Two that came later and do nothing are given up one after the other: by then all limits are over.
                for _ in 0..<2 { #expect(try test.connect().isClosed()) }
                end.open()
                #expect(try peer.response().status == 200)
            }
        }
    }

    @Test(arguments: Transport.allCases)
    func whoDoesNotReadIsGivenUp(_ transport: Transport) async throws {
        var settings = Server.Settings()
        settings.writeTimeout = .milliseconds(300)
        let large = [UInt8](repeating: 9, count: 6 << 20)
        let handler: Server.Handler = { request in
            request.parameters["LARGE"] == nil ? Response(status: .ok) : Response(status: .ok, body: large)
        }
        try await TestServer.run(transport, loops: 1, settings: settings, handler: handler) { test in
            let peer = try await blocking {
                let peer = try test.connect()
                try peer.send(Wire.request([("LARGE", "1")]))
                let good = try test.connect()
                for _ in 0..<20 { #expect(try good.ask().status == 200) }
                return peer
            }
            await eventually("the peer is given up") { test.server.openConnections == 0 }
            withExtendedLifetime(peer) {}
        }
    }

    @Test func whoReadsSlowlyGetsItAll() async throws {
        var settings = Server.Settings()
        settings.writeTimeout = .seconds(1)
        let large = [UInt8](repeating: 9, count: 6 << 20)
        try await TestServer.run(settings: settings, handler: { _ in Response(status: .ok, body: large) }) { test in
            try await blocking {
                let peer = try test.connect()
                try peer.send(Wire.request())
                var bytes: [UInt8] = []
                // Over twice the time limit, in steps below it.
                for _ in 0..<8 {
                    poll(nil, 0, 400)
                    for _ in 0..<8 { bytes += try peer.receive() }
                }
                var records = WireRecord.take(from: &bytes)
                while records.last?.kind != Wire.end {
                    let piece = try peer.receive()
                    guard !piece.isEmpty else { throw SystemError("cut", number: EPIPE) }
                    bytes += piece
                    records += WireRecord.take(from: &bytes)
                }
                #expect(WireResponse(records)?.body == large)
            }
        }
    }

    /// Questions without reading the answers: they may not pile up, so nothing more is taken.
    @Test(arguments: Transport.allCases, [true, false])
    func whoOnlyAsksIsStopped(_ transport: Transport, whileHandling: Bool) async throws {
        var settings = Server.Settings()
        settings.writeTimeout = .seconds(3600)
        settings.requestTimeout = .seconds(3600)
        settings.idleTimeout = .seconds(3600)
        let handler: Server.Handler = { _ in
            try? await Task.sleep(for: .seconds(3600))
            return Response(status: .ok)
        }
        try await TestServer.run(transport, settings: settings, handler: handler) { test in
            try await blocking { () throws in
                let peer = try test.connect()
                if whileHandling { try peer.send(Wire.request()) }
                let block = (0..<4096).flatMap { _ in Wire.record(200, id: 0) }
                var sent = 0
                // Until there is no room for a second. The kernel's buffers hold 16 MB at most; 40 MB would mean that
                // the server takes anything.
                while sent < 40 << 20, let count = peer.sendWhatFits(block, within: 1000) { sent += count }
                #expect(sent > 0)
                #expect(sent < 40 << 20)
                #expect(test.server.openConnections == 1)
            }
        }
    }

    // MARK: More than there is room for

    @Test func aFullServerLetsOthersWait() async throws {
        var settings = Server.Settings()
        settings.maximumConnections = 4
        let gate = Gate()
        let handler: Server.Handler = { _ in
            await gate.wait()
            return Response(status: .ok)
        }
        try await TestServer.run(loops: 1, settings: settings, handler: handler) { test in
            let peers = try await blocking {
                try (0..<6).map { _ in
                    let peer = try test.connect()
                    try peer.send(Wire.request(keep: false))
                    return peer
                }
            }
            await eventually("four are at work") { gate.arrived == 4 }
            for _ in 0..<3 { await test.loops.loops[0].turn() }
            #expect(test.server.openConnections == 4)
            for peer in peers { #expect(peer.isSilent) }
            gate.open()
            try await blocking { () throws in
                for peer in peers { #expect(try peer.response().status == 200) }
            }
        }
    }

    @Test func aFullServerMakesRoomByClosingAnIdleConnection() async throws {
        var settings = Server.Settings()
        settings.maximumConnections = 4
        try await TestServer.run(loops: 1, settings: settings) { test in
            try await blocking {
                var peers: [Peer] = []
                // Each new one takes the place of the one that has idled longest.
                for number in 0..<40 {
                    let peer = try test.connect()
                    #expect(try peer.ask().status == 200)
                    peers.append(peer)
                    #expect(test.server.openConnections <= 4)
                    if number >= 4 { #expect(try peers[number - 4].isClosed()) }
                }
                for peer in peers.suffix(4) { #expect(try peer.ask().status == 200) }
            }
        }
    }

    /// In a process of its own, whose descriptors are used up.
    @Test func runningOutOfDescriptorsDoesNotSpin() async {
        await #expect(processExitsWith: .success) {
            let test = try TestServer()
            try await test.server.start()
            try await blocking { () throws in
                #expect(try test.connect().ask(keep: false).status == 200)
            }
            await eventually("closed") { test.server.openConnections == 0 }
            var limit = rlimit(rlim_cur: 64, rlim_max: 64)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let client = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var fillers: [Int32] = []
            while case let filler = dup(0), filler >= 0 { fillers.append(filler) }
            guard !fillers.isEmpty else { exit(2) }
            // The kernel connects; the server cannot accept.
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: test.path.utf8) }
            let connected = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(client, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            guard connected == 0 else { exit(3) }
            let request = Wire.request(keep: false)
            guard send(client, request, request.count, 0) == request.count else { exit(4) }
            func processorTime() -> Int {
                var time = timespec()
                clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
                return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
            }
            let before = processorTime()
            poll(nil, 0, 600)
            guard processorTime() - before < 300 else { exit(5) }
            guard test.server.openConnections == 0 else { exit(6) }
            for filler in fillers { close(filler) }
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while case let count = read(client, &buffer, buffer.count), count > 0 { bytes += buffer.prefix(count) }
            guard WireResponse(WireRecord.take(from: &bytes))?.status == 200 else { exit(7) }
        }
    }
}

extension EventLoop {
    /// Waits until the loop has gone round.
    func turn() async {
        await withCheckedContinuation { continuation in execute { continuation.resume() } }
    }
}
