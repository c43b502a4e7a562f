// SPDX-License-Identifier: Apache-2.0

/// What a scheme looks at: the raw body, and the header fields by name.
public struct WebhookMessage: Sendable {
    /// The body as it came.
    public let body: ArraySlice<UInt8>
    private let values: @Sendable (_ header: String) -> [String]

    /// Describes a message.
    ///
    /// - Parameters:
    ///   - body: The body as it came.
    ///   - values: All values of a header field, in order, whatever the case of its name; empty where there is none.
    public init(body: ArraySlice<UInt8>, values: @escaping @Sendable (_ header: String) -> [String]) {
        self.body = body
        self.values = values
    }

    /// The one value of a header field. Two are refused even where one of them is right: which one another program on
    /// the way looked at, nobody knows.
    func value(_ header: String) throws(WebhookRefusal) -> String {
        let values = values(header)
        guard values.count <= 1 else { throw .repeated(header) }
        guard let value = values.first else { throw .missing(header) }
        guard !value.isEmpty else { throw .empty(header) }
        return value
    }
}
