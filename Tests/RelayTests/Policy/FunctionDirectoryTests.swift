// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Invocation
import Synchronization
import TencentCloud
import Testing

@testable import Relay

@Suite("The directory of functions")
struct FunctionDirectoryTests {
    private static let list = FunctionList([
        .init(name: "hello", description: "ours"), .init(name: "echo"), .init(name: "job", namespace: "batch"),
    ])
    private let clock = SimulatedClock()
    private let asked = Asked()

    private final class Asked: Sendable {
        let namespaces = Mutex<[String]>([])
        var all: [String] { namespaces.withLock { $0 } }
    }

    private func directory(_ answer: @escaping FunctionDirectory.Ask) -> FunctionDirectory {
        FunctionDirectory(
            Self.list, now: { [clock] in clock.now },
            ask: { [asked] (namespace) throws(CloudError) in
                asked.namespaces.withLock { $0.append(namespace) }
                return try await answer(namespace)
            })
    }

    @Test("the cloud tells what the list does not, and nothing that is not on the list is shown")
    func merged() async {
        let directory = directory { (namespace) throws(CloudError) in
            guard namespace == "default" else { return [] }
            return [
                .init(functionName: "hello", description: "theirs", runtime: "Python3.7", status: "Active"),
                .init(functionName: "echo", description: "theirs", runtime: "Nodejs18.15", status: "Updating"),
                .init(functionName: "secret"),
            ]
        }
        #expect(
            await directory.entries() == [
                .init(name: "hello", namespace: "default", description: "ours", runtime: "Python3.7", status: "Active"),
                .init(
                    name: "echo", namespace: "default", description: "theirs", runtime: "Nodejs18.15",
                    status: "Updating"),
                .init(name: "job", namespace: "batch", description: "", status: "Missing"),
            ])
    }

    @Test("the cloud is asked once a minute, for each namespace, and only when somebody looks")
    func pace() async {
        let directory = directory { (_) throws(CloudError) in [] }
        #expect(asked.all.isEmpty)
        _ = await directory.entries()
        _ = await directory.entries()
        #expect(asked.all == ["default", "batch"])
        clock.move(to: clock.now + .seconds(59))
        _ = await directory.entries()
        #expect(asked.all.count == 2)
        clock.move(to: clock.now + .seconds(1))
        _ = await directory.entries()
        #expect(asked.all.count == 4)
    }

    @Test("where the cloud refuses, the list stands as it is, and the next try waits")
    func refused() async {
        let directory = directory { (_) throws(CloudError) in throw CloudError("UnauthorizedOperation.CAM", "no") }
        let expected = Self.list.entries.map {
            FunctionDirectory.Entry(name: $0.name, namespace: $0.namespace, description: $0.description)
        }
        #expect(await directory.entries() == expected)
        #expect(await directory.entries() == expected)
        #expect(asked.all == ["default"])
    }
}
