// SPDX-License-Identifier: Apache-2.0

import Invocation
import Testing

@Suite("Endpoints")
struct CloudEndpointTests {
    static let right: [(text: String, url: String, host: String)] = [
        ("https://scf.tencentcloudapi.com", "https://scf.tencentcloudapi.com/", "scf.tencentcloudapi.com"),
        ("https://scf.tencentcloudapi.com/", "https://scf.tencentcloudapi.com/", "scf.tencentcloudapi.com"),
        ("https://SCF.example:8443", "https://scf.example:8443/", "scf.example:8443"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000/", "127.0.0.1:9000"),
        ("http://[::1]:9000/", "http://[::1]:9000/", "[::1]:9000"),
        ("http://[::ffff:1.2.3.4]", "http://[::ffff:1.2.3.4]/", "[::ffff:1.2.3.4]"),
        ("http://localhost", "http://localhost/", "localhost"), ("https://a-b.c:1", "https://a-b.c:1/", "a-b.c:1"),
        ("https://a:65535", "https://a:65535/", "a:65535"),
    ]

    @Test("Scheme, host and perhaps a port", arguments: right)
    func accepted(text: String, url: String, host: String) throws {
        let endpoint = try CloudEndpoint(text)
        #expect(endpoint.url == url)
        #expect(endpoint.host == host)
        #expect(endpoint.isEncrypted == text.hasPrefix("https"))
        #expect(endpoint.url == endpoint.description + "/")
    }

    static let wrong = [
        "", "scf.tencentcloudapi.com", "ftp://host", "HTTPS://host", "https:/host", "https://", "https:///",
        "http://:80",
        "https://host:", "https://host:0", "https://host:65536", "https://host:80:80", "https://host:+1",
        "https://host:x",
        "https://user@host", "https://user:secret@host", "https://host/path", "https://host//", "https://host?x",
        "https://host#x",
        "https://ho st", "https://host\r\nX: y", "https://host\u{0}", "https://主机", "https://.host", "https://host.",
        "https://-host",
        "https://[::1", "https://::1", "https://[]", "https://[host]", "https://[::1]x", "https://[::1]:",
        "https://[::1]:99999",
        "https://ho[st]", "https://" + String(repeating: "a", count: 256),
    ]

    @Test("Anything else is refused with words", arguments: wrong)
    func refused(text: String) {
        let error = #expect(throws: CloudEndpoint.Malformed.self) { try CloudEndpoint(text) }
        #expect(error?.description.hasPrefix("'\(text)' must ") == true)
    }
}
