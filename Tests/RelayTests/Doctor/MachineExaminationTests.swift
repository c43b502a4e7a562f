// SPDX-License-Identifier: Apache-2.0

import FastCGI
import NginxConfiguration
import Testing

@testable import Relay

@Suite("The doctor looks at the machine")
struct MachineExaminationTests {
    struct Socket: CustomTestStringConvertible {
        let user: String
        let owner: UInt32
        let group: UInt32
        let mode: UInt32
        var folder: UInt32 = 0o755
        /// What the finding says; `nil` for none.
        let problem: String?

        var testDescription: String { "\(user) \(owner):\(group) \(String(mode, radix: 8))" }
    }

    static let sockets = [
        Socket(user: "user www-data;", owner: 1000, group: 33, mode: 0o660, problem: nil),
        Socket(
            user: "user www-data;", owner: 1000, group: 1000, mode: 0o660, problem: "who are www-data, may not connect"),
        Socket(user: "user www-data;", owner: 33, group: 1000, mode: 0o660, problem: nil),
        Socket(user: "user www-data;", owner: 1000, group: 33, mode: 0o640, problem: "may not connect"),
        Socket(user: "user www-data;", owner: 1000, group: 500, mode: 0o660, problem: nil),
        Socket(user: "user www-data other;", owner: 1000, group: 33, mode: 0o660, problem: "may not connect"),
        Socket(user: "user www-data other;", owner: 1000, group: 600, mode: 0o660, problem: nil),
        Socket(user: "user www-data;", owner: 1000, group: 1000, mode: 0o666, problem: nil),
        Socket(
            user: "user www-data;", owner: 1000, group: 33, mode: 0o660, folder: 0o700,
            problem: "go through the folder /run/r"),
        Socket(user: "user root;", owner: 1000, group: 1000, mode: 0o600, folder: 0o700, problem: nil),
        Socket(user: "", owner: 1000, group: 33, mode: 0o660, problem: "who are nobody, may not connect"),
    ]

    @Test("nginx's user may connect, or it is said who may not and what to do", arguments: sockets)
    func socket(socket: Socket) throws {
        let user = socket.user + " http {}"
        let nginx = try NginxConfiguration(file: "nginx.conf", read: { _ in Array(user.utf8) }, find: { _ in [] })
        let files = FakeMachine(statuses: [
            "/run": FileStatus(owner: 0, group: 0, mode: 0o755, isFolder: true),
            "/run/r": FileStatus(owner: 1000, group: 1000, mode: socket.folder, isFolder: true),
            "/run/r/a.sock": FileStatus(owner: socket.owner, group: socket.group, mode: socket.mode, isSocket: true),
        ])
        let diagnosis = SocketExamination(
            address: .unix(path: "/run/r/a.sock"), place: "relay.yaml:1", nginx: nginx, files: files
        ).diagnosis
        #expect(diagnosis.findings.count == (socket.problem == nil ? 0 : 1))
        if let problem = socket.problem, let finding = diagnosis.findings.first {
            #expect(finding.problem.contains(problem))
            #expect(finding.place == "relay.yaml:1")
            #expect(finding.remedy.contains("chgrp"))
        }
        #expect(diagnosis.unknowns.isEmpty)
    }

    @Test("A relay that does not run has no socket to look at, and an unknown user is no finding")
    func unknowns() throws {
        let none = try NginxConfiguration(
            file: "nginx.conf", read: { _ in Array("http {}".utf8) }, find: { _ in [] })
        let part = try NginxConfiguration(
            file: "site.conf", read: { _ in Array("server {}".utf8) }, find: { _ in [] })
        let strange = try NginxConfiguration(
            file: "nginx.conf", read: { _ in Array("user nginx;".utf8) }, find: { _ in [] })
        for nginx in [none, strange, part] {
            let diagnosis = SocketExamination(
                address: .unix(path: "/run/r/a.sock"), place: "relay.yaml:1", nginx: nginx, files: FakeMachine()
            ).diagnosis
            #expect(diagnosis.findings.isEmpty)
            #expect(diagnosis.unknowns.count == 1)
        }
    }

    static let backlogs: [(allowed: Int, isFound: Bool)] = [(128, true), (1023, true), (1024, false), (4096, false)]

    @Test("A backlog that the kernel cuts short is found", arguments: backlogs)
    func backlog(allowed: Int, isFound: Bool) throws {
        let diagnosis = SocketExamination(
            address: .tcp(host: "127.0.0.1", port: 9001), place: "relay.yaml:1", nginx: nil,
            files: FakeMachine(backlog: allowed)
        ).diagnosis
        #expect(diagnosis.findings.map(\.remedy) == (isFound ? ["sysctl -w net.core.somaxconn=1024"] : []))
    }

    struct Machine: CustomTestStringConvertible {
        let yaml: String
        var descriptors = 1 << 20
        var free = 1 << 40
        var folder = "/var/lib/scf-relay"
        /// Parts of the findings, one for each.
        let found: [[String]]

        var testDescription: String { "\(yaml) \(descriptors) \(free)" }
    }

    static let store = "store: {path: /var/lib/scf-relay/calls.db, maximumBytes: 1000000000}"
    static let history = "history: {path: /var/lib/scf-relay/history.db, maximumBytes: 1000000000}"
    static let machines = [
        Machine(yaml: "limits: {inFlight: 512}", found: []),
        Machine(
            yaml: "limits: {inFlight: 512}", descriptors: 2047,
            found: [["relay.yaml:4", "2048", "LimitNOFILE=2048"]]),
        Machine(yaml: "limits: {inFlight: 512}", descriptors: 2048, found: []),
        Machine(yaml: store, found: []),
        Machine(yaml: store, free: 900_000_000, found: []),
        Machine(
            yaml: store, free: 899_999_999,
            found: [["relay.yaml:4", "grow by 900000000 bytes", "maximumBytes: 549999999"]]),
        Machine(yaml: store, folder: "/elsewhere", found: [["/var/lib/scf-relay, is not there", "install -d"]]),
        Machine(yaml: history, found: []),
        Machine(
            yaml: history, free: 899_999_999,
            found: [["relay.yaml:4", "The history may grow by 900000000 bytes", "maximumBytes: 549999999"]]),
        Machine(
            yaml: history, folder: "/elsewhere",
            found: [["relay.yaml:4", "The history's folder, /var/lib/scf-relay, is not there", "no call is kept"]]),
        Machine(
            yaml: store + "\n" + history, folder: "/elsewhere",
            found: [["relay.yaml:4", "the relay does not start"], ["relay.yaml:5", "no call is kept"]]),
    ]

    @Test("Descriptors, and the disk of the store and of the history", arguments: machines)
    func machine(machine: Machine) throws {
        let yaml = """
            listen: fd:0
            cloud: {endpoint: http://127.0.0.1:9000, region: ap-guangzhou}
            functions: [{name: hello}]
            \(machine.yaml)
            """
        let configuration = try Configuration(yaml: yaml)
        let files = FakeMachine(
            statuses: [
                machine.folder: FileStatus(owner: 0, group: 0, mode: 0o700, isFolder: true),
                "/var/lib/scf-relay/calls.db": FileStatus(owner: 0, group: 0, mode: 0o600, bytes: 100_000_000),
                "/var/lib/scf-relay/history.db": FileStatus(owner: 0, group: 0, mode: 0o600, bytes: 100_000_000),
            ], free: machine.free)
        let relay = Examined(configuration, lines: ConfigurationLines(yaml: yaml, file: "relay.yaml"))
        let findings = MachineExamination(relay: relay, descriptorLimit: machine.descriptors, files: files)
            .diagnosis.findings.map(\.description)
        #expect(findings.count == machine.found.count, "\(findings)")
        for (finding, parts) in zip(findings, machine.found) {
            for part in parts { #expect(finding.contains(part), "\(part) is not in: \(finding)") }
        }
    }
}
