// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

@testable import Relay

@Suite("The doctor looks at where the store and the history lie")
struct DatabaseExaminationTests {
    struct Place: CustomTestStringConvertible {
        let what: String
        var path = "/data/a.db"
        var statuses = ["/data": DatabaseExaminationTests.folder]
        var obstacles: [String: FileObstacle] = [:]
        var free = 1 << 40
        /// Parts of the finding; none where there is none. FILE is how a database is called.
        var found: [String] = []
        /// Whether the file cannot be opened then.
        var isHopeless = true

        var testDescription: String { what }
    }

    static let folder = FileStatus(owner: 0, group: 0, mode: 0o755, isFolder: true, ownerText: "root:staff")
    static let file = FileStatus(owner: 0, group: 0, mode: 0o600, bytes: 600_000, ownerText: "root:root")

    static let places = [
        Place(what: "a new file"),
        Place(what: "a file that is there", statuses: ["/data": folder, "/data/a.db": file]),
        Place(what: "a file in the working folder", path: "a.db", statuses: [".": folder]),
        Place(what: "a file in the root", path: "/a.db", statuses: ["/": folder]),
        Place(what: "no folder", statuses: [:], found: [":4", "'s folder, /data, is not there", "install -d"]),
        Place(
            what: "a folder behind one that is closed", statuses: [:], obstacles: ["/data": .forbidden],
            found: [":4", "/data, is not to be seen by deploy", "above /data"]),
        Place(
            what: "a file in place of the folder", statuses: ["/data": file],
            found: [":4", "/data, is no folder", "path: FOLDER/FILE"]),
        Place(
            what: "a folder in place of the file", statuses: ["/data": folder, "/data/a.db": folder],
            found: [":4", "/data/a.db is a folder", "path: /data/a.db/FILE"]),
        Place(
            what: "a folder, said with a slash", path: "/data/a.db/",
            statuses: ["/data/a.db": folder, "/data/a.db/": folder],
            found: [":4", "/data/a.db/ is a folder", "path: /data/a.db/FILE"]),
        Place(
            what: "a read-only file system", obstacles: ["/data": .readOnly],
            found: [":4", "'s folder, /data, is on a file system that is mounted read-only", "path: FOLDER/FILE"]),
        Place(
            what: "another user's folder", obstacles: ["/data": .forbidden],
            found: [
                ":4", "deploy, as whom this runs, may not make files in",
                "/data, which belongs to root:staff with mode 755", "as that user", "chown deploy /data",
            ]),
        Place(
            what: "another user's file", statuses: ["/data": folder, "/data/a.db": file],
            obstacles: ["/data/a.db": .forbidden],
            found: [
                ":4", "may not read and write /data/a.db, which belongs to root:root with mode 600", "as that user",
                "chown deploy /data/a.db",
            ]),
        Place(
            what: "another user's file beside it",
            statuses: ["/data": folder, "/data/a.db": file, "/data/a.db-owners": file],
            obstacles: ["/data/a.db-owners": .forbidden],
            found: [":4", "read and write /data/a.db-owners", "chown deploy /data/a.db-owners"]),
        Place(
            what: "a link to a file on a read-only file system", statuses: ["/data": folder, "/data/a.db": file],
            obstacles: ["/data/a.db": .readOnly],
            found: [":4", "/data/a.db is on a file system that is mounted read-only"]),
        Place(
            what: "a disk that is too small", free: 507_904,
            found: [":4", "too small", "room for 507904 bytes", "1048576", "on a disk with room for 4194304 bytes"],
            isHopeless: false),
        Place(
            what: "a disk that is just large enough", free: 1_048_576,
            found: [":5", "may grow by 4194304 bytes", "maximumBytes: 1048576"], isHopeless: false),
        Place(
            what: "a small disk with a file", statuses: ["/data": folder, "/data/a.db": file], free: 507_904,
            found: [":5", "may grow by 3594304 bytes", "maximumBytes: 1048576"], isHopeless: false),
        Place(
            what: "a disk with room for half", free: 3_000_000,
            found: [":5", "may grow by 4194304 bytes", "maximumBytes: 1500000"], isHopeless: false),
        Place(what: "a disk with room for all", free: 4_194_304),
    ]

    @Test("What is wrong, what comes of it, and the line", arguments: DatabaseExamination.Kind.allCases, places)
    func place(kind: DatabaseExamination.Kind, place: Place) throws {
        let yaml = """
            listen: fd:0
            cloud: {endpoint: http://127.0.0.1:9000, region: ap-guangzhou}
            \(kind.rawValue):
              path: \(place.path)
              maximumBytes: 4194304
            """
        let files = FakeMachine(statuses: place.statuses, free: place.free, obstacles: place.obstacles)
        let finding = DatabaseExamination(
            kind: kind, path: place.path, maximumBytes: 4_194_304,
            lines: ConfigurationLines(yaml: yaml, file: "relay.yaml"), files: files
        ).finding?.description
        guard !place.found.isEmpty else {
            #expect(finding == nil)
            return
        }
        let text = try #require(finding)
        for part in place.found.map({ $0.replacing("FILE", with: kind.fileName) }) {
            #expect(text.contains(part), "\(part) is not in: \(text)")
        }
        let outcome = kind == .store ? "the relay does not start." : "the relay starts, and no call is kept."
        #expect(text.contains(outcome) == place.isHopeless, "\(text)")
    }

    static let errors: [(number: Int32, obstacle: FileObstacle?)] = [
        (EACCES, .forbidden), (EROFS, .readOnly), (ENOENT, nil), (ENOTDIR, nil), (EPERM, nil), (EIO, nil),
    ]

    @Test("What the kernel says of access", arguments: errors)
    func error(number: Int32, obstacle: FileObstacle?) {
        #expect(FileObstacle(errno: number) == obstacle)
    }

    @Test("This machine is asked without anything being made")
    func live() throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: "doctor-\(UUID().uuidString)").path
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? files.removeItem(atPath: folder) }
        let machine = LiveFileSystem()
        #expect(machine.obstacle(at: folder) == nil)
        #expect(machine.obstacle(at: folder + "/a.db") == nil)
        #expect(machine.obstacle(at: folder + "/none/a.db") == nil)
        #expect(try files.contentsOfDirectory(atPath: folder).isEmpty)
        try Data().write(to: URL(filePath: folder + "/a.db"))
        #expect(machine.obstacle(at: folder + "/a.db") == nil)
        // Root may everything.
        let closed: FileObstacle? = geteuid() == 0 ? nil : .forbidden
        try files.setAttributes([.posixPermissions: 0o400], ofItemAtPath: folder + "/a.db")
        #expect(machine.obstacle(at: folder + "/a.db") == closed)
        try files.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
        #expect(machine.obstacle(at: folder) == closed)
        try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
    }
}
