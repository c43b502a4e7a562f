// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FastCGI

@Suite struct AddressTests {
    @Test(arguments: [
        ("unix:/run/app.sock", Address.unix(path: "/run/app.sock")),
        ("unix:/a:b", .unix(path: "/a:b")),
        ("tcp:127.0.0.1:9001", .tcp(host: "127.0.0.1", port: 9001)),
        ("tcp:0.0.0.0:65535", .tcp(host: "0.0.0.0", port: 65_535)),
        ("tcp:[::1]:9001", .tcp(host: "::1", port: 9001)),
        ("fd:0", .descriptor(0)),
        ("fd:3", .descriptor(3)),
    ])
    func theseAreAddresses(text: String, address: Address) throws {
        #expect(try Address(text) == address)
        #expect(address.description == text)
    }

    @Test func aPathMayHave107Bytes() throws {
        let path = "/" + String(repeating: "é", count: 53)
        #expect(path.utf8.count == 107)
        #expect(try Address("unix:" + path) == .unix(path: path))
        #expect(throws: Address.Malformed.self) { try Address("unix:" + path + "x") }
    }

    @Test(arguments: [
        "", ":", "/run/app.sock", "unix:", "unix:run/app.sock", "unix:/a\0b", "UNIX:/a", "http://a", "tcp:", "tcp:9001",
        "tcp::9001", "tcp:[]:9001", "tcp:127.0.0.1", "tcp:127.0.0.1:", "tcp:127.0.0.1:65536", "tcp:127.0.0.1:-1",
        "tcp:127.0.0.1:+80", "tcp:127.0.0.1: 80", "tcp:127.0.0.1:http", "tcp:[::1:9001", "tcp:::1]:9001", "fd:",
        "fd:-1",
        "fd:+1", "fd:x", "fd:99999999999", " unix:/a",
    ])
    func theseAreNot(_ text: String) {
        #expect(throws: Address.Malformed.self) { try Address(text) }
    }
}
