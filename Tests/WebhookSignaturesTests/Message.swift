// SPDX-License-Identifier: Apache-2.0

@testable import WebhookSignatures

/// A message of the test's, with header fields as a list: so that one may be there twice.
struct Message {
    var body: [UInt8]
    var fields: [(name: String, value: String)]

    init(_ body: String, _ fields: [(name: String, value: String)]) {
        self.body = Array(body.utf8)
        self.fields = fields
    }

    var webhook: WebhookMessage {
        let fields = fields
        return WebhookMessage(body: body[...]) { header in
            fields.filter { $0.name.lowercased() == header.lowercased() }.map(\.value)
        }
    }

    /// This message with one field changed.
    func with(_ header: String, _ value: String) -> Message {
        var other = without(header)
        other.fields.append((header, value))
        return other
    }

    func without(_ header: String) -> Message {
        var other = self
        other.fields.removeAll { $0.name.lowercased() == header.lowercased() }
        return other
    }

    func adding(_ header: String, _ value: String) -> Message {
        var other = self
        other.fields.append((header, value))
        return other
    }

    func value(_ header: String) -> String {
        fields.first { $0.name.lowercased() == header.lowercased() }?.value ?? ""
    }
}
