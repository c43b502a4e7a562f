// SPDX-License-Identifier: Apache-2.0

import CCurl
public import EventLoop

/// An `async` HTTP client over libcurl that runs inside event loops: each loop has its own curl multi handle in its own
/// epoll set, with its own connections and handles, so that nothing is locked and no call changes threads.
///
/// Its connections close when nobody has the client any more. TLS is verified; redirects are not followed; no proxy is taken from the environment; HTTP/2 is used where the server
/// offers it; and no request is ever sent twice.
public final class HTTPClient: Sendable {
    /// Times and limits of a client.
    public struct Settings: Sendable {
        /// Time for name look-up, connection and TLS together.
        public var connectTimeout: Duration = .seconds(5)
        /// Bytes of an answer's body.
        public var responseBytes = 16 << 20
        /// Bytes of an answer's header and trailer fields together. libcurl keeps them all, and bounds the header alone.
        public var responseHeaderBytes = 128 << 10
        /// Time that an unused connection is kept. The cloud closes after 60 s, and whoever closes first is safe.
        public var idleTimeout: Duration = .seconds(50)
        /// Connections that each loop keeps for later.
        public var idleConnections = 256
        /// Whether `http:` is spoken at all.
        public var allowsPlainHTTP = false
        /// Certificates to trust instead of the system's, as a PEM file.
        public var trustedCertificates: String?
        /// Whether a connection may be made to an address, asked after the look-up and about the very address that the
        /// connection goes to. Where it may not, the request fails as never sent; `nil` allows every address.
        public var mayConnect: (@Sendable (NetworkAddress) -> Bool)?

        /// The defaults.
        public init() {}
    }

    /// What a request asks for.
    public enum Method: Sendable {
        /// Something is read; there is no body.
        case get
        /// Something is done, with a body.
        case post
    }

    /// A request. Header fields go out as they are.
    public struct Request: Sendable {
        /// GET or POST.
        public let method: Method
        /// The whole address, such as `https://scf.tencentcloudapi.com/`.
        public var url: String
        /// Names and values. A request with a line break or another control character in them is not sent.
        public var headerFields: [(name: String, value: String)]
        /// The body of a POST, in pieces that follow one another. Large pieces are sent from where they lie.
        /// That of a GET is not sent.
        public var body: [ArraySlice<UInt8>]
        /// Time for everything, from the look-up to the last byte of the answer.
        public var timeout: Duration

        /// Creates a POST request.
        public init(
            url: String, headerFields: [(name: String, value: String)], body: [ArraySlice<UInt8>], timeout: Duration
        ) {
            method = .post
            self.url = url
            self.headerFields = headerFields
            self.body = body
            self.timeout = timeout
        }

        /// Creates a GET request.
        public init(getting url: String, headerFields: [(name: String, value: String)] = [], timeout: Duration) {
            method = .get
            self.url = url
            self.headerFields = headerFields
            body = []
            self.timeout = timeout
        }

        /// Bytes of the whole body.
        var bodyBytes: Int { body.reduce(0) { $0 + $1.count } }

        /// Whether every field stays within its line: libcurl passes on whatever it is given.
        var hasSafeHeader: Bool {
            headerFields.allSatisfy { field in
                var (name, value) = field
                return name.withUTF8 { HeaderText.isName($0) } && value.withUTF8 { HeaderText.isValue($0) }
            }
        }
    }

    /// An answer, whole.
    public struct Response: Sendable {
        /// The HTTP status.
        public let status: Int
        /// The value of `Content-Type`.
        public let contentType: String?
        /// The value of `Date`: the server's clock.
        public let date: String?
        /// The value of `Retry-After`.
        public let retryAfter: String?
        /// The body.
        public let body: [UInt8]
    }

    private let loops: EventLoopGroup
    private let engines: [CurlEngine]

    /// Creates a client for the given loops.
    public init(loops: EventLoopGroup, settings: Settings = Settings()) {
        CurlLibrary.initialise()
        self.loops = loops
        engines = loops.loops.map { CurlEngine(loop: $0, settings: settings) }
    }

    deinit {
        // The loops hold the engines, which they call back. What is under way is finished.
        for (loop, engine) in zip(loops.loops, engines) {
            loop.execute { engine.assumeIsolated { $0.close() } }
        }
    }

    /// What the connections of all loops do, and have done.
    public var connections: ConnectionCounts {
        engines.reduce(ConnectionCounts()) { $0 + $1.counts.now }
    }

    /// Sends a request once and waits for its answer. Cancelling the task breaks the transfer off.
    ///
    /// - Throws: ``HTTPClientError``, which tells whether the server may have got the request.
    public func send(_ request: Request) async throws(HTTPClientError) -> Response {
        try await engines[loops.current.index].perform(request).get()
    }
}

/// libcurl's one global.
private enum CurlLibrary {
    private static let status = curl_global_init(Int(CURL_GLOBAL_ALL))

    static func initialise() {
        precondition(status == CURLE_OK, "libcurl does not start")
    }
}
