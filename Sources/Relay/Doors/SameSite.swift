// SPDX-License-Identifier: Apache-2.0

import FastCGI
import TencentCloud

/// Refuses what another site's page makes a browser send.
///
/// Whoever reaches the page may have been let in by address or by a password that the browser remembers; a form on any
/// other site could use that. Programs send neither `Origin` nor `Sec-Fetch-Site` and are not concerned.
enum SameSite {
    /// - Throws: `UnauthorizedOperation` for a request from another site.
    static func check(_ call: HTTPCall) throws(CloudError) {
        if let site = call.request.parameters["HTTP_SEC_FETCH_SITE"], !site.isEmpty {
            guard site == "same-origin" || site == "none" else { throw refusal }
        }
        guard let origin = call.request.parameters["HTTP_ORIGIN"], !origin.isEmpty else { return }
        let host = call.request.parameters["HTTP_HOST"] ?? ""
        let scheme = call.request.parameters["REQUEST_SCHEME"] ?? ""
        guard !host.isEmpty, isSame(origin: origin, host: host, scheme: scheme) else { throw refusal }
    }

    private static let refusal = CloudError(
        "UnauthorizedOperation",
        "This call comes from another site's page. Calls are taken from the relay's own page and from programs.")

    /// Whether an origin such as `https://relay.example:8443` names this host. Browsers leave default ports out of both.
    ///
    /// What came by HTTPS is not from a page that came by HTTP, which whoever stands between could have written. The other
    /// way round it may well be our own: where TLS ends in front of the web server, that sees HTTP and the browser HTTPS.
    private static func isSame(origin: String, host: String, scheme: String) -> Bool {
        for prefix in scheme == "https" ? ["https://"] : ["https://", "http://"] where origin.hasPrefix(prefix) {
            return origin.dropFirst(prefix.count).lowercased() == host.lowercased()
        }
        return false
    }
}
