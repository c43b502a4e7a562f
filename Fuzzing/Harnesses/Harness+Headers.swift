// SPDX-License-Identifier: Apache-2.0

import CCurl
import CurlHTTP
import TencentCloud

@testable import Relay

extension Harness {
    /// The values of header fields that everybody may send, and addresses of callbacks.
    static let headers = Harness(name: "headers") { input throws in
        let text = String(decoding: input, as: UTF8.self)
        try checkMediaType(text)
        try checkNegotiation(text)
        try checkCallback(text)
    }

    private static func checkMediaType(_ text: String) throws {
        guard let type = MediaType(text) else { return }
        let quoted = type.parameters.map { parameter in
            let value = parameter.value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            return "; \(parameter.name)=\"\(value)\""
        }
        guard let again = MediaType(type.essence + quoted.joined()) else {
            throw BrokenPromise(description: "refused when written plainly: \(type.essence + quoted.joined())")
        }
        try require(
            again.essence == type.essence && again.parameters.elementsEqual(type.parameters) { $0 == $1 },
            "written plainly, it is another type: \(again)")
    }

    /// Whoever does not say what is wanted gets the fallback; the answer never depends on anything else.
    private static func checkNegotiation(_ text: String) throws {
        let formats = [AnswerFormat.html, .json].map { ContentNegotiation.format(accept: text, fallback: $0) }
        try require(formats[0] == formats[1] || formats == [.html, .json], "the fallback is turned round")
        let languages = [Language.zh, .en].map { Language.preferred(byAcceptLanguage: text, fallback: $0) }
        try require(languages[0] == languages[1] || languages == [.zh, .en], "the fallback is turned round")
    }

    /// What is checked against the list is what libcurl connects to.
    private static func checkCallback(_ text: String) throws {
        guard let origin = CallbackOrigin(of: text) else { return }
        guard let seen = CurlURL(text) else { return }
        try require(seen.scheme == origin.scheme && seen.port == origin.port, "curl sees \(seen), the list \(origin)")
        // curl writes 127.1 and 0x7f.0.0.1 as the address that they are; addresses are judged when it connects.
        let isNumeric = NetworkAddress(seen.host) != nil || seen.host.hasPrefix("[")
        try require(seen.host == origin.host || isNumeric, "curl sees \(seen), the list \(origin)")
    }
}

/// An address as libcurl takes it apart.
private struct CurlURL {
    let scheme: String
    let host: String
    let port: Int

    init?(_ text: String) {
        guard let url = curl_url() else { return nil }
        defer { curl_url_cleanup(url) }
        guard curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: url), let host = Self.part(CURLUPART_HOST, of: url),
            let port = Self.part(CURLUPART_PORT, of: url, UInt32(CURLU_DEFAULT_PORT)).flatMap({ Int($0) })
        else { return nil }
        self.scheme = scheme.lowercased()
        self.host = host.lowercased()
        self.port = port
    }

    private static func part(_ part: CURLUPart, of url: OpaquePointer, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(url, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
