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
        guard !host.isEmpty, isSame(origin: origin, host: host) else { throw refusal }
    }

    private static let refusal = CloudError(
        "UnauthorizedOperation",
        "This call comes from another site's page. Calls are taken from the relay's own page and from programs.")

    /// Whether an origin such as `https://relay.example:8443` names this host. Browsers leave default ports out of both.
    private static func isSame(origin: String, host: String) -> Bool {
        for scheme in ["https://", "http://"] where origin.hasPrefix(scheme) {
            return origin.dropFirst(scheme.count).lowercased() == host.lowercased()
        }
        return false
    }
}
