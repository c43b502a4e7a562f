// SPDX-License-Identifier: Apache-2.0

import FastCGI
import Glibc
import NginxConfiguration

/// Looks at a socket of the relay: whether nginx's workers may connect to it, and how many can wait in it.
struct SocketExamination {
    let address: Address
    /// Where the address stands, for findings.
    let place: String
    let nginx: NginxConfiguration?
    var files: any FileSystem = LiveFileSystem()

    var diagnosis: Diagnosis {
        var diagnosis = Diagnosis()
        if case .unix(let path) = address { connect(path, &diagnosis) }
        if let finding = backlog { diagnosis.findings.append(finding) }
        return diagnosis
    }

    private var backlog: Finding? {
        let wanted = Int(ListeningSocket.backlog)
        let file = "/proc/sys/net/core/somaxconn"
        guard let allowed = files.number(in: file), allowed < wanted else { return nil }
        return Finding(
            at: nil,
            "The kernel lets \(allowed) connections wait in a socket (net.core.somaxconn), where the relay asks for \(wanted): "
                + "in a burst, nginx is refused and answers with 502.", write: "sysctl -w net.core.somaxconn=\(wanted)")
    }

    private func connect(_ path: String, _ diagnosis: inout Diagnosis) {
        guard let nginx else { return }
        guard let worker = NginxWorker(of: nginx, files: files) else {
            diagnosis.unknowns.append(
                "whether nginx may connect to \(path): as whom it runs is said in nginx.conf (give that with --nginx, not the "
                    + "site's part alone), and has to be a user of this machine.")
            return
        }
        guard let socket = files.status(of: path) else {
            diagnosis.unknowns.append(
                "whether nginx may connect to \(path): it is not there, which it is while the relay runs.")
            return
        }
        guard socket.isSocket else {
            return diagnosis.findings.append(
                Finding(at: place, "\(path) is no socket: the relay does not start.", write: "rm \(path)"))
        }
        if let folder = folders(of: path).first(where: { !worker.may(.search, files.status(of: $0)) }) {
            return diagnosis.findings.append(
                Finding(
                    at: place, "nginx's workers, who are \(worker.name), may not go through the folder \(folder).",
                    write: "chgrp \(worker.groupName) \(folder) && chmod g+x \(folder)"))
        }
        guard !worker.may(.write, socket) else { return }
        diagnosis.findings.append(
            Finding(
                at: place,
                "nginx's workers, who are \(worker.name), may not connect to \(path), which belongs to \(socket.ownerText) "
                    + "with mode \(String(socket.mode, radix: 8)): calls end with 502.",
                write: "chgrp \(worker.groupName) \(path) && chmod 660 \(path)\n"
                    + "# for good: run the relay with the group \(worker.groupName) (systemd: Group=\(worker.groupName))"
            ))
    }

    /// `/run`, `/run/scf-relay` for `/run/scf-relay/relay.sock`.
    private func folders(of path: String) -> [String] {
        let names = path.split(separator: "/").dropLast()
        return names.indices.map { "/" + names[...$0].joined(separator: "/") }
    }
}

/// As whom nginx's workers run.
struct NginxWorker {
    enum Right: UInt32 {
        case write = 0o2
        case search = 0o1
    }

    let name: String
    let groupName: String
    private let user: UInt32
    private let groups: [UInt32]

    /// By the directive `user`. Without it they are `nobody` where root starts nginx, else whoever starts it.
    ///
    /// - Returns: `nil` where there is no such user here, or only a part of nginx's configuration was read.
    init?(of nginx: NginxConfiguration, files: any FileSystem) {
        let directive = nginx.directives.last { $0.name == "user" }
        guard directive != nil || nginx.directives.contains(where: { $0.name == "http" }) else { return nil }
        let named = directive?.arguments.first
        guard let user = named.map(files.user) ?? files.userWithoutDirective else { return nil }
        name = user.name
        self.user = user.id
        var groups = user.groups
        var groupName = user.groupName
        // The second word takes the place of the user's own group.
        if let group = directive?.arguments.dropFirst().first {
            guard let id = files.group(group) else { return nil }
            groups = [id] + groups.dropFirst()
            groupName = group
        }
        self.groups = groups
        self.groupName = groupName
    }

    /// By the mode alone: what access lists say beside it is not looked at.
    func may(_ right: Right, _ file: FileStatus?) -> Bool {
        guard let file, user != 0 else { return true }
        let shift: UInt32 = file.owner == user ? 6 : groups.contains(file.group) ? 3 : 0
        return file.mode >> shift & right.rawValue != 0
    }
}
