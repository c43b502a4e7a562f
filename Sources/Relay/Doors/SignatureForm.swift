// SPDX-License-Identifier: Apache-2.0

import FastCGI
import Invocation
import TencentCloud

/// What was sent to `/signature`: a call, by that view's form or by the one that runs calls; or a refused request.
struct SignatureForm {
    /// The fields that no call has.
    enum OwnField: String, CaseIterable {
        /// A request as it was sent.
        case request = "Request"
        /// What its client says to have signed: a canonical request or a string to sign.
        case canonical = "Canonical"
        /// When it was sent, in UNIX seconds.
        case sentAt = "SentAt"
        /// When the call is to be signed, in UNIX seconds.
        case timestamp = "Timestamp"
    }

    /// Those with a value, in their order.
    private(set) var fields: [(name: String, value: String)] = []
    /// Whether it was sent: what is not there is missing then.
    let wasSent: Bool
    private static let maximumFields = 32

    /// A form in which nothing is filled in.
    init() {
        wasSent = false
    }

    /// Reads the body.
    ///
    /// - Throws: `UnsupportedProtocol` for another type of body, `InvalidParameter` where it breaks the rules of its type,
    ///   `InvalidParameterValue` for what is not UTF-8.
    init(of call: HTTPCall) throws(CloudError) {
        wasSent = true
        let type = MediaType(call.contentType)
        switch type?.essence {
        case "application/x-www-form-urlencoded":
            guard let pairs = QueryText.pairs(call.request.body[...], maximumCount: Self.maximumFields) else {
                throw Self.tooMany
            }
            fields = pairs
        case "multipart/form-data":
            var parts = try MultipartParts(
                call.request.body[...], boundary: type?["boundary"], maximumHeaderBytes: Limits().partHeaderBytes)
            while let name = try parts.nextName() {
                guard fields.count < Self.maximumFields else { throw Self.tooMany }
                guard let value = String(validating: try parts.content(), as: UTF8.self) else {
                    throw CloudError("InvalidParameterValue", "A field is not well-formed UTF-8.")
                }
                fields.append((name, value))
            }
        default:
            throw CloudError("UnsupportedProtocol", "The body has to be a form: urlencoded or multipart/form-data.")
        }
        fields.removeAll { $0.value.isEmpty }
    }

    /// The value of a field; empty where there is none.
    subscript(field: OwnField) -> String { self[field.rawValue] }

    /// The value of a field or of a call's parameter; empty where there is none.
    subscript(name: String) -> String { fields.first { $0.name == name }?.value ?? "" }

    /// What it holds of a call.
    ///
    /// - Throws: What ``InvokeFields`` throws: unknown and repeated ones, and an event that is none.
    func parameters(_ limits: Limits) throws(CloudError) -> InvokeFields {
        try InvokeFields(fields.filter { OwnField(rawValue: $0.name) == nil }, limits: limits)
    }

    /// A time of it; `nil` where none is given.
    ///
    /// - Throws: `InvalidParameterValue` where it is none.
    func seconds(_ field: OwnField) throws(CloudError) -> Int? {
        let text = self[field]
        guard !text.isEmpty else { return nil }
        guard text.utf8.count <= 10, let seconds = Int(text), seconds >= 0 else {
            throw CloudError(
                "InvalidParameterValue", "The timestamp has to be UNIX seconds: up to ten digits, such as 1551113065.")
        }
        return seconds
    }

    private static let tooMany = CloudError("InvalidParameter", "The body has more than \(maximumFields) fields.")
}
