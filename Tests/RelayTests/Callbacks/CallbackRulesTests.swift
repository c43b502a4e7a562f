// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import Testing

@testable import Relay

/// Where results may go. Whoever can choose an address must not reach what only this machine can.
@Suite struct CallbackRulesTests {
    @Test(arguments: [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.0.1", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
        "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1",
        "2001::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1",
        "ff02::1",
        "5f00::1", "4000::1",
    ])
    func noSpecialAddress(text: String) throws {
        #expect(!CallbackRules().allows(try #require(NetworkAddress(text))))
    }

    @Test(arguments: [
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
        "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
        "223.255.255.255", "2400:3200::1", "2606:4700:4700::1111", "2001:4860:4860::8888", "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
    ])
    func everyPublicAddress(text: String) throws {
        #expect(CallbackRules().allows(try #require(NetworkAddress(text))))
    }

    @Test func aNetworkThatIsListedMayBeReached() throws {
        var rules = CallbackRules()
        rules.networks = [try #require(AddressRange("10.1.0.0/17")), try #require(AddressRange("fd00::1"))]
        #expect(rules.allows(try #require(NetworkAddress("10.1.127.255"))))
        #expect(!rules.allows(try #require(NetworkAddress("10.1.128.0"))))
        #expect(rules.allows(try #require(NetworkAddress("fd00::1"))))
        #expect(!rules.allows(try #require(NetworkAddress("fd00::2"))))
    }

    @Test(arguments: [
        ("https://a.example/x?y#z", true), ("https://A.EXAMPLE:443/", true), ("https://a.example", true),
        ("http://a.example/", false), ("https://a.example:444/", false), ("https://a.example.evil/", false),
        ("https://evil/a.example", false), ("https://a.example@evil/", false), ("https://evil@a.example/", false),
        ("https://a.example\\@evil/", false), ("https://a.example:99999/", false), ("https://a.example:/", false),
        ("https:///a.example", false), ("//a.example/", false), ("https://a.example\r\nX: y/", false),
        ("https://a.example%2eevil/", false), ("file:///etc/passwd", false), ("https://[::1]/", false), ("", false),
    ])
    func onlyOriginsOnTheList(url: String, isAllowed: Bool) throws {
        var rules = CallbackRules()
        rules.origins = [try #require(CallbackOrigin(exactly: "https://a.example"))]
        #expect(rules.allows(url: url) == isAllowed)
    }

    @Test(arguments: ["https://a.example/", "https://a.example?x", "ftp://a.example", "a.example", "https://a b"])
    func anOriginIsNothingElse(text: String) {
        #expect(CallbackOrigin(exactly: text) == nil)
    }

    @Test(arguments: ["10.0.0.0/33", "10.0.0/8", "x", "::/129", "10.0.0.0/-1", "10.0.0.0/8/8", ""])
    func aNetworkIsNothingElse(text: String) {
        #expect(AddressRange(text) == nil)
    }
}
