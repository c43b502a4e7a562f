// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import TencentCloud

@Suite("EnvironmentCredentials") struct EnvironmentCredentialsTests {
    static let complete = ["TENCENTCLOUD_SECRET_ID": "AKIDEXAMPLE", "TENCENTCLOUD_SECRET_KEY": "hunter2"]

    @Test("takes id and key from the SDKs' variables") func takesIdAndKey() throws {
        let credential = try EnvironmentCredentials(environment: Self.complete).credential()
        #expect(credential == Credential(secretId: "AKIDEXAMPLE", secretKey: Secret("hunter2")))
    }

    @Test("takes a token where there is one") func takesToken() throws {
        let environment = Self.complete.merging(["TENCENTCLOUD_SESSION_TOKEN": "tok/en=="]) { $1 }
        let credential = try EnvironmentCredentials(environment: environment).credential()
        #expect(credential.token == Secret("tok/en=="))
    }

    @Test(
        "says which variable is absent",
        arguments: ["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"])
    func namesAbsentVariable(name: String) {
        var environment = Self.complete
        environment[name] = nil
        expectInvalidCredential(EnvironmentCredentials(environment: environment)) { message in
            #expect(message.contains(name) && message.contains("the environment") && message.contains("not set"))
        }
    }

    @Test(
        "refuses malformed values, without repeating them",
        arguments: ["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_SESSION_TOKEN"],
        [
            "", " ", " hunter2", "hunter2 ", "hunter2\n", "\thunter2", "hunter2\r\n", "hun\nter2", "hunter2\u{0}",
            "hunter2\u{3000}", "hünter2", "hun ter2", "hunter2" + String(repeating: "x", count: 8_192),
        ])
    func refusesMalformed(name: String, value: String) {
        let environment = Self.complete.merging([name: value]) { $1 }
        expectInvalidCredential(EnvironmentCredentials(environment: environment)) { message in
            #expect(message.contains(name))
            #expect(!message.contains("hunter2") && !message.contains("ter2"))
        }
    }

    @Test("refuses a SecretId that would break the Authorization header apart", arguments: ["AK/ID", "AK,ID"])
    func refusesSeparators(value: String) {
        let environment = Self.complete.merging(["TENCENTCLOUD_SECRET_ID": value]) { $1 }
        expectInvalidCredential(EnvironmentCredentials(environment: environment)) { #expect(!$0.contains(value)) }
    }
}

@Suite("FileCredentials") final class FileCredentialsTests {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "credentials-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    @Test("looks where the SDKs look") func looksWhereSDKsLook() {
        let system = "/etc/tencentcloud/credentials"
        #expect(
            FileCredentials.standardPaths(environment: ["HOME": "/home/me", FileCredentials.pathVariable: ""]) == [
                "/home/me/.tencentcloud/credentials", system,
            ])
        for environment in [[:], ["HOME": ""]] {
            #expect(FileCredentials.standardPaths(environment: environment) == [system])
        }
    }

    @Test("a file that is named is the only one") func namedFile() {
        let environment = ["HOME": "/home/me", "TENCENTCLOUD_CREDENTIALS_FILE": "/run/credentials/relay/cloud"]
        #expect(FileCredentials.standardPaths(environment: environment) == ["/run/credentials/relay/cloud"])
    }

    @Test(
        "reads section default",
        arguments: [
            "[default]\nsecret_id = AKIDFILE\nsecret_key = hunter2\n",
            "[default]\nsecret_id=AKIDFILE\nsecret_key=hunter2",
            "[default]\r\nsecret_id = AKIDFILE\r\nsecret_key = hunter2\r\n",
            "\u{FEFF}[default]\nsecret_id: AKIDFILE\n  SECRET_KEY :\thunter2  \n",
            "# mine\n; mine\n\n[other]\nsecret_id = AKIDOTHER\nsecret_key = other\n[default]\nrole_arn =\n"
                + "secret_id = AKIDFILE\nsecret_key = hunter2\n[more]\nsecret_key = more\n",
        ])
    func readsDefaultSection(text: String) throws {
        let credential = try FileCredentials(paths: [try file(text)]).credential()
        #expect(credential == Credential(secretId: "AKIDFILE", secretKey: Secret("hunter2")))
    }

    @Test("keeps what follows the first separator") func keepsSeparatorsInValues() throws {
        let path = try file("[default]\nsecret_id = AKIDFILE\nsecret_key = a=b:c#d;e\n")
        #expect(try FileCredentials(paths: [path]).credential().secretKey == Secret("a=b:c#d;e"))
    }

    @Test("reads the first file that exists") func readsFirstFile() throws {
        let first = try file("[default]\nsecret_id = FIRST\nsecret_key = hunter2\n", name: "first")
        let second = try file("[default]\nsecret_id = SECOND\nsecret_key = hunter2\n", name: "second")
        let absent = folder.appending(path: "absent").path
        #expect(try FileCredentials(paths: [absent, first, second]).credential().secretId == "FIRST")
        #expect(try FileCredentials(paths: [absent, "\(first)/below", second]).credential().secretId == "SECOND")
    }

    @Test("says where it looked") func saysWhereItLooked() {
        expectInvalidCredential(FileCredentials(paths: ["/absent/1", "/absent/2"])) {
            #expect($0.contains("/absent/1") && $0.contains("/absent/2"))
        }
        expectInvalidCredential(FileCredentials(paths: [])) { #expect(!$0.isEmpty) }
    }

    /// Each row: the file, and what the error has to name.
    @Test(
        "says what is wrong with the file, without repeating it",
        arguments: [
            ("", "[default]"),
            ("[other]\nsecret_id = AKIDFILE\nsecret_key = hunter2\n", "[default]"),
            ("[Default]\nsecret_id = AKIDFILE\nsecret_key = hunter2\n", "[default]"),
            ("[default]\nsecret_key = hunter2\n", "secret_id"),
            ("[default]\nsecret_id = AKIDFILE\n", "secret_key"),
            ("[default]\nsecret_id =\nsecret_key = hunter2\n", "secret_id"),
            ("[default]\nsecret_id = AKIDFILE\nsecret_key =   \n", "secret_key"),
            ("[default]\nsecret_id = AKIDFILE\nsecret_key = hunter2 # mine\n", "secret_key"),
            ("[default]\nsecret_id = AKIDFILE\nsecret_key = hunter2\nsecret_key = hunter2\n", "Line 4"),
            ("secret_id = AKIDFILE\nsecret_key = hunter2\n", "Line 1"),
            ("[default]\nhunter2\n", "Line 2"),
            ("[default\nhunter2 = 1\n", "Line 1"),
        ])
    func saysWhatIsWrong(text: String, named: String) throws {
        let path = try file(text)
        expectInvalidCredential(FileCredentials(paths: [path])) { message in
            #expect(message.contains(named) && message.contains(path), "\(message)")
            #expect(!message.contains("hunter2") && !message.contains("AKIDFILE"))
        }
    }

    @Test("bounds the file's size", arguments: [(65_536, true), (65_537, false)])
    func boundsSize(size: Int, accepted: Bool) throws {
        let text = "[default]\nsecret_id = AKIDFILE\nsecret_key = hunter2\n#"
        let path = try file(text + String(repeating: "x", count: size - text.utf8.count))
        guard accepted else {
            return expectInvalidCredential(FileCredentials(paths: [path])) { #expect($0.contains("65536")) }
        }
        #expect(throws: Never.self) { try FileCredentials(paths: [path]).credential() }
    }

    @Test("reads regular files alone, and never waits for one") func refusesOtherKinds() throws {
        let fifo = folder.appending(path: "fifo").path
        try #require(mkfifo(fifo, 0o600) == 0)
        for path in [fifo, folder.path, "/dev/zero"] {
            expectInvalidCredential(FileCredentials(paths: [path])) { #expect($0.contains(path)) }
        }
    }

    @Test("refuses what is not UTF-8") func refusesOtherEncodings() throws {
        let path = folder.appending(path: "latin").path
        try Data([0x5B, 0x64, 0xE9, 0x5D]).write(to: URL(filePath: path))
        expectInvalidCredential(FileCredentials(paths: [path])) { #expect($0.contains("UTF-8")) }
    }

    private func file(_ text: String, name: String = "credentials") throws -> String {
        let url = folder.appending(path: name)
        try Data(text.utf8).write(to: url)
        return url.path
    }
}

/// Expects `InvalidCredential`, and hands its message on for more questions.
private func expectInvalidCredential(
    _ source: some CredentialSource, sourceLocation: SourceLocation = #_sourceLocation,
    _ check: (String) -> Void
) {
    let error = expectRefusal("InvalidCredential", sourceLocation: sourceLocation) { try source.credential() }
    check(error?.message ?? "")
}
