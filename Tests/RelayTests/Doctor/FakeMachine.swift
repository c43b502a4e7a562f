// SPDX-License-Identifier: Apache-2.0

@testable import Relay

/// A machine of the test's.
struct FakeMachine: FileSystem {
    var statuses: [String: FileStatus] = [:]
    var backlog = 4096
    var free = 1 << 40
    var obstacles: [String: FileObstacle] = [:]
    var currentUser = "deploy"
    var withoutDirective = UserAccount(name: "nobody", id: 65_534, groupName: "nogroup", groups: [65_534])

    func status(of path: String) -> FileStatus? { statuses[path] }
    func obstacle(at path: String) -> FileObstacle? { obstacles[path] }
    func number(in path: String) -> Int? { path == "/proc/sys/net/core/somaxconn" ? backlog : nil }
    func freeBytes(in folder: String) -> Int? { free }

    func user(_ name: String) -> UserAccount? {
        switch name {
        case "root": UserAccount(name: name, id: 0, groupName: "root", groups: [0])
        case "www-data": UserAccount(name: name, id: 33, groupName: "www-data", groups: [33, 500])
        default: nil
        }
    }

    func group(_ name: String) -> UInt32? { ["www-data": 33, "relay": 500, "other": 600][name] }
    var userWithoutDirective: UserAccount? { withoutDirective }
}
