// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Glibc
import HTTPTypes
import Testing

@testable import FastCGI

/// A server whose handler and limits change while it serves.
@Suite(.timeLimit(.minutes(2)))
struct ChangeTests {
    private static func handler(_ name: String, _ gate: Gate? = nil) -> Server.Handler {
        { request in
            if request.parameters["WAIT"] != nil { await gate?.wait() }
            return Response(status: .ok, body: Array("\(name) \(request.body.count)".utf8))
        }
    }

    @Test(arguments: Transport.allCases)
    func whatIsUnderWayEndsInTheOldOneAndTheNextRequestOfTheConnectionIsTheNewOnes(
        _ transport: Transport
    ) async throws {
        let gate = Gate()
        try await TestServer.run(transport, handler: Self.handler("old", gate)) { test in
            let (idle, busy, half) = try await blocking {
                let idle = try test.connect()
                #expect(try idle.ask().body == Array("old 0".utf8))
                let busy = try test.connect()
                try busy.send(Wire.request([("WAIT", "1")]))
                let half = try test.connect()
                try half.send(Wire.beginRequest())
                return (idle, busy, half)
            }
            await eventually("both are under way") { gate.arrived == 1 && test.server.openConnections == 3 }
            for loop in test.loops.loops { await loop.turn() }
            await test.server.change(settings: .init(), handler: Self.handler("new"))
            gate.open()
            try await blocking {
                #expect(try busy.response().body == Array("old 0".utf8))
                #expect(try idle.ask().body == Array("new 0".utf8))
                try half.send(Wire.stream(Wire.parameters, []) + Wire.stream(Wire.input, []))
                #expect(try half.response().body == Array("new 0".utf8))
                #expect(try busy.ask().body == Array("new 0".utf8))
            }
        }
    }

    @Test func newLimitsHoldForConnectionsThatAreOpen() async throws {
        var settings = Server.Settings()
        settings.bodyBytes = 10
        try await TestServer.run(settings: settings, handler: Self.handler("a")) { test in
            let peer = try await blocking {
                let peer = try test.connect()
                #expect(try peer.ask(body: [UInt8](repeating: 1, count: 11)).status == 413)
                return peer
            }
            for (limit, size, status) in [(11, 11, 200), (11, 12, 413), (9, 10, 413), (9, 9, 200)] {
                var settings = Server.Settings()
                settings.bodyBytes = limit
                await test.server.change(settings: settings, handler: Self.handler("a"))
                let answer = try await blocking { try peer.ask(body: [UInt8](repeating: 1, count: size)) }
                #expect(answer.status == status)
            }
            var tight = Server.Settings()
            tight.bytesHeld = 8
            await test.server.change(settings: tight, handler: Self.handler("a"))
            let answer = try await blocking { try peer.ask(body: [UInt8](repeating: 1, count: 9)) }
            #expect(answer.status == 503)
        }
    }
}
