// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Glibc
import HTTPTypes
import Testing

@testable import FastCGI

@Suite(.timeLimit(.minutes(2)))
struct DrainTests {
    @Test(arguments: Transport.allCases)
    func whatWasBegunFinishes(_ transport: Transport) async throws {
        let gate = Gate()
        let handler: Server.Handler = { request in
            if request.parameters["WAIT"] != nil { await gate.wait() }
            return await TestServer.echo(request)
        }
        let test = try TestServer(transport, handler: handler)
        try await test.server.start()
        let port = transport == .tcp ? test.port : 0
        let (idle, busy, half) = try await blocking {
            let idle = try test.connect()
            #expect(try idle.ask().status == 200)
            let busy = try test.connect()
            try busy.send(Wire.request([("WAIT", "1")]))
            let half = try test.connect()
            try half.send(Wire.beginRequest())
            return (idle, busy, half)
        }
        await eventually("both are under way") { gate.arrived == 1 && test.server.openConnections == 3 }
        for loop in test.loops.loops { await loop.turn() }
        async let givenUp = test.server.drain(within: .seconds(60))
        try await blocking {
            // An idle connection is given up, and nobody connects any more.
            #expect(try idle.isDismissed())
            let refused = SystemError("connect", number: transport == .unix ? ENOENT : ECONNREFUSED)
            // The listener is closed when every loop has turned from it, a moment later.
            let end = Monotonic.now + .seconds(15)
            var error: SystemError?
            while error != refused, Monotonic.now < end {
                do {
                    _ = transport == .unix ? try Peer(to: test.path) : try Peer(toPort: port)
                } catch let failure as SystemError {
                    error = failure
                }
            }
            #expect(error == refused)
            // What was being read is read on, other records notwithstanding, and what is at work is answered.
            try half.send(Wire.record(Wire.getValues, id: 0))
            #expect(try half.records(upTo: Wire.getValuesResult).count == 1)
            try half.send(Wire.stream(Wire.parameters, []) + Wire.stream(Wire.input, []))
            #expect(try half.lastResponse().status == 200)
            #expect(try half.isClosed())
            #expect(busy.isSilent)
            gate.open()
            #expect(try busy.lastResponse().status == 200)
            #expect(try busy.isClosed())
        }
        #expect(await givenUp == 0)
        await test.expectNothingLeft()
    }

    @Test(arguments: Transport.allCases)
    func whoWaitsInTheBacklogIsServed(_ transport: Transport) async throws {
        // Never started, so that nothing is accepted before.
        let test = try TestServer(transport)
        let peers = try await blocking {
            try (0..<50).map { number in
                let peer = try test.connect()
                try peer.send(Wire.request([("N", "\(number)")]))
                return peer
            }
        }
        async let givenUp = test.server.drain(within: .seconds(60))
        try await blocking { () throws in
            for (number, peer) in peers.enumerated() {
                #expect(try peer.lastResponse().body.starts(with: "N=\(number)\n".utf8))
                #expect(try peer.isClosed())
            }
        }
        #expect(await givenUp == 0)
        await test.expectNothingLeft()
    }

    /// Between the connection and its first byte, a web server is not to be let down.
    @Test func whoHasJustConnectedIsServed() async throws {
        var settings = Server.Settings()
        settings.drainGrace = .seconds(60)
        let test = try TestServer(loops: 1, settings: settings)
        try await test.server.start()
        let (idle, peer) = try await blocking {
            let idle = try test.connect()
            #expect(try idle.ask().status == 200)
            return (idle, try test.connect())
        }
        await eventually("accepted") { test.server.openConnections == 2 }
        async let givenUp = test.server.drain(within: .seconds(60))
        try await blocking { () throws in #expect(try idle.isDismissed()) }
        await test.loops.loops[0].turn()
        // By now the loop has looked at all connections.
        try await blocking { () throws in
            try peer.send(Wire.request())
            #expect(try peer.lastResponse().status == 200)
            for each in [idle, peer] { each.close() }
        }
        #expect(await givenUp == 0)
        await test.expectNothingLeft()
    }

    /// A web server that keeps a connection may use it in the moment in which the drain begins.
    @Test(arguments: Transport.allCases)
    func aRequestThatCrossesWithTheDismissalIsAnswered(_ transport: Transport) async throws {
        var settings = Server.Settings()
        settings.drainGrace = .seconds(60)
        let test = try TestServer(transport, loops: 1, settings: settings)
        try await test.server.start()
        let kept = try await blocking {
            let kept = try test.connect()
            #expect(try kept.ask().status == 200)
            return kept
        }
        async let givenUp = test.server.drain(within: .seconds(60))
        try await blocking { () throws in
            #expect(try kept.isDismissed())
            for _ in 0..<2 {
                try kept.send(Wire.request())
                #expect(try kept.lastResponse().status == 200)
            }
            kept.close()
        }
        #expect(await givenUp == 0)
        await test.expectNothingLeft()
    }

    @Test func aKeptConnectionThatTheWebServerDoesNotCloseIsNotWaitedForLong() async throws {
        var settings = Server.Settings()
        settings.drainGrace = .milliseconds(10)
        let test = try TestServer(loops: 1, settings: settings)
        try await test.server.start()
        let kept = try await blocking {
            let kept = try test.connect()
            #expect(try kept.ask().status == 200)
            return kept
        }
        #expect(await test.server.drain(within: .seconds(60)) == 0)
        try await blocking { () throws in
            #expect(try kept.isDismissed())
            #expect(try kept.isClosed())
        }
        await test.expectNothingLeft()
    }

    @Test func whoHasJustConnectedAndStaysSilentIsNotWaitedForLong() async throws {
        var settings = Server.Settings()
        settings.drainGrace = .milliseconds(10)
        let test = try TestServer(loops: 1, settings: settings)
        try await test.server.start()
        let silent = try await blocking { try test.connect() }
        await eventually("accepted") { test.server.openConnections == 1 }
        #expect(await test.server.drain(within: .seconds(60)) == 0)
        try await blocking { () throws in #expect(try silent.isClosed()) }
        await test.expectNothingLeft()
    }

    @Test func theLimitHoldsWhateverHandlersDo() async throws {
        let gate = Gate()
        let handler: Server.Handler = { _ in
            // Deaf to cancellation.
            await gate.wait()
            return Response(status: .ok)
        }
        let test = try TestServer(handler: handler)
        try await test.server.start()
        let (busy, half) = try await blocking {
            let busy = try (0..<3).map { _ in
                let peer = try test.connect()
                try peer.send(Wire.request())
                return peer
            }
            let half = try test.connect()
            try half.send(Wire.beginRequest())
            return (busy, half)
        }
        await eventually("under way") { gate.arrived == 3 && test.server.openConnections == 4 }
        for loop in test.loops.loops { await loop.turn() }
        #expect(await test.server.drain(within: .milliseconds(100)) == 4)
        #expect(test.server.openConnections == 0)
        #expect(test.server.requestsInFlight == 3)
        try await blocking { () throws in
            for peer in busy + [half] { #expect(try peer.isClosed()) }
        }
        gate.open()
        await test.expectNothingLeft()
    }

    @Test func anAnswerThatIsNotReadCountsAsGivenUp() async throws {
        let large = [UInt8](repeating: 9, count: 6 << 20)
        let test = try TestServer(handler: { _ in Response(status: .ok, body: large) })
        try await test.server.start()
        let peer = try await blocking {
            let peer = try test.connect()
            try peer.send(Wire.request())
            _ = try peer.receive(upTo: 1)
            return peer
        }
        #expect(await test.server.drain(within: .milliseconds(100)) == 1)
        withExtendedLifetime(peer) {}
        await test.expectNothingLeft()
    }

    @Test func drainingTwiceAndStartingAfterwardsAreHarmless() async throws {
        let test = try TestServer()
        try await test.server.start()
        try await blocking { () throws in #expect(try test.connect().ask().status == 200) }
        async let first = test.server.drain(within: .seconds(Int64.max))
        async let second = test.server.drain(within: .seconds(10))
        #expect(await first == 0)
        #expect(await second == 0)
        try await test.server.start()
        #expect(await test.server.drain(within: .zero) == 0)
        await test.expectNothingLeft()
    }
}
