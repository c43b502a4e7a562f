// SPDX-License-Identifier: Apache-2.0

import FastCGI
import Invocation
import StrictJSON
import TencentCloud

/// What a refused form held, so that the page can show it again for correction. It takes what it can read; the error
/// beside it says what was wrong.
struct FormEcho {
    private(set) var values: [String: String] = [:]
    /// Whether ClientContext was sent, but is too long to be shown again.
    private(set) var contextLeftOut = false
    /// Fields that are looked at; a form of ours has fewer.
    private static let maximumFields = 2 * InvokeParameter.allCases.count

    /// The fields of a body; a value over `maximumBytes` is left out.
    static func fields(of call: HTTPCall, maximumBytes: Int) -> FormEcho {
        var echo = FormEcho()
        let body = call.request.body[...]
        guard let type = MediaType(call.contentType) else { return echo }
        switch type.essence {
        case "application/x-www-form-urlencoded": echo.takeURLEncoded(body, maximumBytes)
        case "multipart/form-data": echo.takeMultipart(body, boundary: type["boundary"], maximumBytes)
        default: break
        }
        return echo
    }

    private mutating func takeURLEncoded(_ body: ArraySlice<UInt8>, _ maximumBytes: Int) {
        // The last piece is all that is left after so many splits.
        let fields = body.split(separator: UInt8(ascii: "&"), maxSplits: Self.maximumFields)
        for field in fields.prefix(Self.maximumFields) {
            guard let sign = field.firstIndex(of: UInt8(ascii: "=")), let name = decoded(field[..<sign]),
                let value = decoded(field[(sign + 1)...])
            else { continue }
            take(String(decoding: name, as: UTF8.self), value, maximumBytes)
        }
    }

    private mutating func takeMultipart(_ body: ArraySlice<UInt8>, boundary: String?, _ maximumBytes: Int) {
        guard var parts = try? MultipartParts(body, boundary: boundary, maximumHeaderBytes: Limits().partHeaderBytes)
        else { return }
        for _ in 0..<Self.maximumFields {
            guard let name = try? parts.nextName(), let content = try? parts.content() else { return }
            take(name, content, maximumBytes)
        }
    }

    private mutating func take(_ name: String, _ value: ArraySlice<UInt8>, _ maximumBytes: Int) {
        guard let parameter = InvokeParameter(rawValue: name), values[name] == nil, !value.isEmpty else { return }
        if value.count <= maximumBytes {
            values[name] = String(decoding: value, as: UTF8.self)
        } else if parameter == .clientContext {
            contextLeftOut = true
        }
    }

    private func decoded(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        switch percentDecoded(bytes) {
        case .unchanged: bytes
        case .decoded(let decoded): decoded[...]
        case .malformed: nil
        }
    }
}
