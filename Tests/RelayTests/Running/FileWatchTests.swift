// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

@testable import Relay

@Suite("The configuration's file is watched", .timeLimit(.minutes(5)))
struct FileWatchTests {
    /// What a file is at each look, one letter each: `-` is none. The first is what was read.
    struct Looks: CustomTestStringConvertible {
        let stamps: String
        /// The looks at which a change is told of, from 1.
        let told: [Int]

        var testDescription: String { stamps }
    }

    static let cases = [
        Looks(stamps: "aaaa", told: []),
        Looks(stamps: "aabb", told: [3]),
        // Still being written.
        Looks(stamps: "abcde", told: []),
        Looks(stamps: "abcdee", told: [5]),
        // Back again before anybody read it.
        Looks(stamps: "abaa", told: []),
        Looks(stamps: "a-b-b", told: []),
        Looks(stamps: "a--", told: [2]),
        Looks(stamps: "a--bb", told: [2, 4]),
    ]

    @Test("A change is told of once it is the same in two looks", arguments: cases)
    func changes(looks: Looks) async {
        let stamps = Array(looks.stamps.utf8)
        let look = Mutex(0)
        let told = Mutex<[Int]>([])
        let task = Mutex<Task<Void, Never>?>(nil)
        let watch = FileWatch(
            stamp: {
                let stamp = stamps[min(look.withLock { $0 }, stamps.count - 1)]
                return stamp == UInt8(ascii: "-")
                    ? nil : FileStamp(device: 0, inode: UInt64(stamp), bytes: 0, written: 0, changed: 0)
            },
            sleep: {
                let next = look.withLock { look in
                    look += 1
                    return look
                }
                if next == stamps.count { task.withLock { $0?.cancel() } }
            })
        let running = Task {
            await watch.run {
                let now = look.withLock { $0 }
                if now < stamps.count { told.withLock { $0.append(now) } }
                watch.noteRead()
            }
        }
        task.withLock { $0 = running }
        if look.withLock({ $0 >= stamps.count }) { running.cancel() }
        await running.value
        #expect(told.withLock { $0 } == looks.told)
    }

    @Test("Written, replaced, reached by another link: each is another file, and reading it is not")
    func stamps() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("relay.yaml")
        #expect(FileStamp(file.path) == nil)

        try Data("a: 1".utf8).write(to: file)
        let first = try #require(FileStamp(file.path))
        _ = try Data(contentsOf: file)
        #expect(FileStamp(file.path) == first)

        // As long as before, and with the time of before, as `cp -p` and `rsync -t` leave it.
        let date = try #require(try FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate])
        try Data("a: 2".utf8).write(to: file)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file.path)
        let second = try #require(FileStamp(file.path))
        #expect(second != first)

        try Data("a: 3".utf8).write(to: file, options: .atomic)
        #expect(FileStamp(file.path)?.inode != second.inode)

        // As Kubernetes does it: relay.yaml -> now/relay.yaml, now -> version-1.
        let manager = FileManager.default
        for version in ["1", "2"] {
            let place = folder.appendingPathComponent("version-\(version)")
            try manager.createDirectory(at: place, withIntermediateDirectories: true)
            try Data("a: \(version)".utf8).write(to: place.appendingPathComponent("relay.yaml"))
        }
        let link = folder.appendingPathComponent("linked.yaml")
        let now = folder.appendingPathComponent("now")
        try manager.createSymbolicLink(atPath: now.path, withDestinationPath: "version-1")
        try manager.createSymbolicLink(atPath: link.path, withDestinationPath: "now/relay.yaml")
        let before = try #require(FileStamp(link.path))
        try manager.removeItem(at: now)
        try manager.createSymbolicLink(atPath: now.path, withDestinationPath: "version-2")
        #expect(FileStamp(link.path) != before)
    }
}
