// SPDX-License-Identifier: Apache-2.0

import Invocation
import Relay
import StrictJSON
import TencentCloud

/// A call that was read from a body, written again in each of the forms that a body may have: it has to be the same call.
struct CallInEveryForm {
    private let fields: [(name: String, value: [UInt8])]

    /// Reads a body and checks what came of it. A body that is refused is in order, too.
    static func check(contentType: String, body: ArraySlice<UInt8>) throws {
        guard let request = try? InvokeBody.decode(contentType: contentType, body: body, limits: Limits()) else {
            return
        }
        let call = try CallInEveryForm(request)
        try call.require(call.asForm(), "application/x-www-form-urlencoded")
        try call.require(call.asJSON(), "application/json")
        if let boundary = call.freeBoundary {
            try call.require(call.asMultipart(boundary), "multipart/form-data; boundary=\(boundary)")
        }
    }

    /// What the cloud would get, read back by another reader than the one that read the call.
    private init(_ request: InvokeRequest) throws {
        let wire = request.wirePieces(for: .invoke).flatMap { $0 }
        guard (try? JSONValidator.validate(wire[...])) != nil else {
            throw BrokenPromise(
                description: "what goes to the cloud is not JSON: \(String(decoding: wire, as: UTF8.self))")
        }
        var fields: [(name: String, value: [UInt8])] = []
        var reader = try JSONObjectReader(wire[...])
        while let member = try reader.nextMember() {
            fields.append((member.name, Array(try reader.readString().utf8)))
        }
        if let region = request.region { fields.append(("Region", Array(region.utf8))) }
        self.fields = fields
    }

    private func require(_ body: [UInt8], _ contentType: String) throws {
        let request: InvokeRequest
        do throws(CloudError) {
            request = try InvokeBody.decode(contentType: contentType, body: body[...], limits: Limits())
        } catch {
            throw BrokenPromise(description: "the same call is refused as \(contentType): \(error.message)")
        }
        let same = try CallInEveryForm(request)
        guard same.fields.elementsEqual(fields, by: { $0 == $1 }) else {
            throw BrokenPromise(description: "another call as \(contentType): \(same.fields) instead of \(fields)")
        }
    }

    // MARK: - The forms, written as plainly as can be

    private func asForm() -> [UInt8] {
        Array(
            fields.map { field in "\(field.name)=" + field.value.map(Self.percentEncoded).joined() }
                .joined(separator: "&").utf8)
    }

    private static func percentEncoded(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 1 ? "%0\(digits)" : "%\(digits)"
    }

    private func asJSON() -> [UInt8] {
        let members = fields.map { field -> [UInt8] in
            let escaped = String(decoding: field.value, as: UTF8.self).utf16.map { unit -> String in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
            return Array("\"\(field.name)\": \"\(escaped.joined())\"".utf8)
        }
        return Array("{".utf8) + Array(members.joined(separator: Array(",".utf8))) + Array("}".utf8)
    }

    /// A boundary that stands in no value.
    private var freeBoundary: String? {
        let candidate = "fuzz-boundary"
        let isTaken = fields.contains { holds($0.value, candidate) }
        return isTaken ? nil : candidate
    }

    private func holds(_ value: [UInt8], _ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard value.count >= wanted.count else { return false }
        return (0...(value.count - wanted.count)).contains { value[$0...].starts(with: wanted) }
    }

    private func asMultipart(_ boundary: String) -> [UInt8] {
        var body: [UInt8] = []
        for field in fields {
            body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field.name)\"\r\n\r\n".utf8
            body += field.value + Array("\r\n".utf8)
        }
        return body + Array("--\(boundary)--\r\n".utf8)
    }
}
