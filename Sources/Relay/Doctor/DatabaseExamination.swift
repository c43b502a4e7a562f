// SPDX-License-Identifier: Apache-2.0

/// Looks at where a database lies or will lie: the folder, the files that are there, and room on the disk. Nothing is opened
/// and nothing is made.
struct DatabaseExamination {
    /// Which database, by the name of its section in the configuration.
    enum Kind: String, Sendable, CaseIterable {
        case store, history

        /// How its file is called where nothing speaks for another name.
        var fileName: String {
            switch self {
            case .store: "calls.db"
            case .history: "history.db"
            }
        }

        /// What comes of it where the file cannot be opened.
        fileprivate var outcome: String {
            switch self {
            case .store: "the relay does not start"
            case .history: "the relay starts, and no call is kept"
            }
        }

        /// What comes of it where the disk is full before the file has its size.
        fileprivate var outcomeOfFullDisk: String {
            switch self {
            case .store: "accepted calls would fail for want of disk before the store says that it is full"
            case .history: "for want of disk no call would be kept, and the oldest would not make way"
            }
        }
    }

    /// What a configuration has to grant at least.
    private static let leastBytes = 1 << 20

    let kind: Kind
    let path: String
    let maximumBytes: Int
    let lines: ConfigurationLines
    let files: any FileSystem

    /// The first thing that is wrong: what comes after it is looked at when that is right.
    var finding: Finding? { ofFolder ?? ofFiles ?? ofRoom }

    private var folder: String { DatabasePath(text: path).folder }
    private var place: String { lines.place(of: "\(kind.rawValue).path") }
    private var folderName: String { "The \(kind.rawValue)'s folder, \(folder)," }

    private var ofFolder: Finding? {
        let obstacle = files.obstacle(at: folder)
        guard let status = files.status(of: folder) else {
            guard obstacle != .forbidden else {
                return Finding(
                    at: place,
                    "\(folderName) is not to be seen by \(files.currentUser), as whom this runs: as that user, "
                        + "\(kind.outcome).",
                    write: "# run this as the relay's user; where that is \(files.currentUser), let it through the "
                        + "folders above \(folder)")
            }
            return Finding(
                at: place, "\(folderName) is not there: \(kind.outcome).",
                write: "install -d -m 700 -o USER \(folder)    # USER: as whom the relay runs")
        }
        guard status.isFolder else {
            return Finding(
                at: place, "\(folderName) is no folder: \(kind.outcome).",
                write: otherFolder("one that is there"))
        }
        guard files.status(of: path)?.isFolder != true else {
            let inside = path.hasSuffix("/") ? path : path + "/"
            return Finding(
                at: place, "\(path) is a folder, and the \(kind.rawValue) is a file: \(kind.outcome).",
                write: "path: \(inside)\(kind.fileName)")
        }
        switch obstacle {
        case .readOnly: return readOnly(folderName)
        case .forbidden: return forbidden("make files in the \(kind.rawValue)'s folder,", folder)
        case nil: return nil
        }
    }

    /// The database, and what it keeps beside it.
    private var ofFiles: Finding? {
        for file in ["", "-owners", "-wal", "-shm"].map({ path + $0 }) {
            switch files.obstacle(at: file) {
            case .readOnly: return readOnly(file)
            case .forbidden: return forbidden("read and write", file)
            case nil: continue
            }
        }
        return nil
    }

    private var ofRoom: Finding? {
        let held = files.status(of: path)?.bytes ?? 0
        let wanted = max(0, maximumBytes - held)
        guard let free = files.freeBytes(in: folder), free < wanted else { return nil }
        guard held + free >= Self.leastBytes else {
            return Finding(
                at: place,
                "The disk is too small: \(folder) has room for \(free) bytes, and the \(kind.rawValue) has to have "
                    + "\(Self.leastBytes) at least: \(kind.outcomeOfFullDisk).",
                write: otherFolder("on a disk with room for \(maximumBytes) bytes"))
        }
        return Finding(
            at: lines.place(of: "\(kind.rawValue).maximumBytes"),
            "The \(kind.rawValue) may grow by \(wanted) bytes, and \(folder) has room for \(free): "
                + "\(kind.outcomeOfFullDisk).",
            write: "maximumBytes: \(max(Self.leastBytes, held + free / 2))")
    }

    private func readOnly(_ what: String) -> Finding {
        Finding(
            at: place, "\(what) is on a file system that is mounted read-only: \(kind.outcome).",
            write: otherFolder("where the relay may write; or mount this one for that"))
    }

    private func forbidden(_ what: String, _ path: String) -> Finding {
        let user = files.currentUser
        let owner = files.status(of: path).map {
            ", which belongs to \($0.ownerText) with mode \(String($0.mode, radix: 8))"
        }
        return Finding(
            at: place,
            "\(user), as whom this runs, may not \(what) \(path)\(owner ?? ""): as that user, \(kind.outcome).",
            write: "chown \(user) \(path) && chmod u+rwX \(path)    "
                + "# where the relay runs as \(user); else run this as the relay's user")
    }

    private func otherFolder(_ which: String) -> String {
        "path: FOLDER/\(kind.fileName)    # FOLDER: \(which)"
    }
}
