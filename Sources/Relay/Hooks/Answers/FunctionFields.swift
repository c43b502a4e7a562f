// SPDX-License-Identifier: Apache-2.0

/// Which header fields a function may set. The answer travels through nginx and under the name of the relay's page, so
/// only fields that say something about the body, or that are the function's own, pass.
enum FunctionFields {
    private static let allowed: Set<String> = [
        "allow", "cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "etag",
        "expires", "last-modified", "link", "location", "retry-after", "vary", "webhook-delivery",
    ]
    /// Commands to nginx (`X-Accel-Redirect` shows its files), and fields that are the relay's.
    private static let reserved = ["x-accel-", "x-sendfile", "x-request-id", "x-frame-", "x-content-", "x-xss-"]

    /// Whether the function's field goes out. Fields of the connection, cookies and security rules do not.
    static func mayPass(_ name: String) -> Bool {
        let name = name.lowercased()
        if allowed.contains(name) { return true }
        return name.hasPrefix("x-") && !reserved.contains { name.hasPrefix($0) }
    }
}
