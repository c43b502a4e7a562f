// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Synchronization
import Testing

@testable import Relay

/// The cloud is asked now and then, and not for each call.
@Suite struct FunctionMemoryTests {
    private final class World: Sendable {
        let time = Mutex(Monotonic(nanoseconds: 0))
        let asked = Mutex<[FunctionVersion]>([])
        let answer = Mutex<Int?>(128)

        var memory: CloudFunctionMemory {
            CloudFunctionMemory(
                now: { self.time.withLock { $0 } },
                ask: { function in
                    self.asked.withLock { $0.append(function) }
                    return self.answer.withLock { $0 }
                })
        }

        func pass(_ duration: Duration) { time.withLock { $0 = $0 + duration } }
        var timesAsked: Int { asked.withLock { $0.count } }
    }

    private let hello = FunctionVersion(namespace: "default", functionName: "hello", qualifier: "", region: "")

    @Test func anAnswerHoldsForAnHour() async {
        let world = World()
        let memory = world.memory
        for _ in 0..<3 { #expect(await memory.memorySize(of: hello) == 128) }
        #expect(world.timesAsked == 1)
        world.answer.withLock { $0 = 256 }
        world.pass(.seconds(3600))
        #expect(await memory.memorySize(of: hello) == 256)
        #expect(world.timesAsked == 2)
    }

    @Test func silenceHoldsForTenMinutes() async {
        let world = World()
        world.answer.withLock { $0 = nil }
        let memory = world.memory
        for _ in 0..<3 { #expect(await memory.memorySize(of: hello) == nil) }
        #expect(world.timesAsked == 1)
        world.pass(.seconds(600))
        world.answer.withLock { $0 = 64 }
        #expect(await memory.memorySize(of: hello) == 64)
    }

    @Test func versionsAreAskedAboutEach() async {
        let world = World()
        let memory = world.memory
        var live = hello
        live.qualifier = "live"
        _ = await memory.memorySize(of: hello)
        _ = await memory.memorySize(of: live)
        #expect(world.asked.withLock { $0 } == [hello, live])
    }
}
