// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What is known of a file without opening it.
struct FileStatus: Sendable, Equatable {
    var owner: UInt32
    var group: UInt32
    /// The rights, such as 0o660.
    var mode: UInt32
    var isSocket = false
    var isFolder = false
    var bytes = 0
    /// `user:group`.
    var ownerText = ""
}

/// What keeps whoever runs this from writing.
enum FileObstacle: Sendable, Equatable {
    /// The rights of the file, or of a folder above it.
    case forbidden
    /// The file system takes no changes from anybody.
    case readOnly

    /// What the error of a question for access means; `nil` where it says nothing about rights.
    init?(errno: Int32) {
        switch errno {
        case EACCES: self = .forbidden
        case EROFS: self = .readOnly
        default: return nil
        }
    }
}

/// Somebody of this machine.
struct UserAccount: Sendable, Equatable {
    var name: String
    var id: UInt32
    var groupName: String
    /// The own group first.
    var groups: [UInt32]
}

/// What a doctor wants to know of this machine.
protocol FileSystem: Sendable {
    /// Follows links; `nil` where there is no such file.
    func status(of path: String) -> FileStatus?
    /// What keeps whoever runs this from reading and writing a file, or from making files in a folder; `nil` where nothing
    /// does, or there is no such file.
    func obstacle(at path: String) -> FileObstacle?
    /// The number that a file of `/proc` holds.
    func number(in path: String) -> Int?
    /// Bytes that a file in this folder could get.
    func freeBytes(in folder: String) -> Int?
    func user(_ name: String) -> UserAccount?
    func group(_ name: String) -> UInt32?
    /// The name of whoever runs this.
    var currentUser: String { get }
    /// As whom nginx's workers run where nobody says so.
    var userWithoutDirective: UserAccount? { get }
}

/// This machine itself.
struct LiveFileSystem: FileSystem {
    func status(of path: String) -> FileStatus? {
        var found = stat()
        guard stat(path, &found) == 0 else { return nil }
        let owner = getpwuid(found.st_uid).map { String(cString: $0.pointee.pw_name) } ?? "\(found.st_uid)"
        let group = getgrgid(found.st_gid).map { String(cString: $0.pointee.gr_name) } ?? "\(found.st_gid)"
        return FileStatus(
            owner: found.st_uid, group: found.st_gid, mode: found.st_mode & 0o777,
            isSocket: found.st_mode & S_IFMT == S_IFSOCK, isFolder: found.st_mode & S_IFMT == S_IFDIR,
            bytes: Int(found.st_size), ownerText: "\(owner):\(group)")
    }

    func obstacle(at path: String) -> FileObstacle? {
        var disk = statvfs()
        if statvfs(path, &disk) == 0, disk.f_flag & UInt(ST_RDONLY) != 0 { return .readOnly }
        let rights = status(of: path)?.isFolder == true ? W_OK | X_OK : R_OK | W_OK
        // The effective user is who opens files; access lists are taken into account.
        guard faccessat(AT_FDCWD, path, rights, AT_EACCESS) != 0 else { return nil }
        return FileObstacle(errno: errno)
    }

    func number(in path: String) -> Int? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 64)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        let digits = line.prefix { $0 >= 0x30 && $0 <= 0x39 }.map { UInt8(bitPattern: $0) }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    func freeBytes(in folder: String) -> Int? {
        var found = statvfs()
        guard statvfs(folder, &found) == 0 else { return nil }
        return Int(found.f_bavail) * Int(found.f_frsize)
    }

    func user(_ name: String) -> UserAccount? { getpwnam(name).flatMap(Self.account) }

    func group(_ name: String) -> UInt32? { getgrnam(name).map { $0.pointee.gr_gid } }

    var currentUser: String {
        getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "user \(geteuid())"
    }

    var userWithoutDirective: UserAccount? {
        geteuid() == 0 ? user("nobody") : getpwuid(geteuid()).flatMap(Self.account)
    }

    /// The entry is the C library's own, and good until it is asked for another: one thread asks.
    private static func account(_ entry: UnsafeMutablePointer<passwd>) -> UserAccount? {
        let name = String(cString: entry.pointee.pw_name)
        let (id, group) = (entry.pointee.pw_uid, entry.pointee.pw_gid)
        var count: Int32 = 256
        var groups = [gid_t](repeating: 0, count: Int(count))
        guard getgrouplist(name, group, &groups, &count) >= 0 else { return nil }
        let others = groups.prefix(Int(count)).filter { $0 != group }
        let groupName = getgrgid(group).map { String(cString: $0.pointee.gr_name) } ?? "\(group)"
        return UserAccount(name: name, id: id, groupName: groupName, groups: [group] + others)
    }
}
