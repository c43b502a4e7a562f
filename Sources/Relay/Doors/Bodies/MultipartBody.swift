// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud

/// A body of the type `multipart/form-data` (RFC 7578): one part a field. A part may be a file; its bytes are the value.
///
/// It reads what browsers and command-line clients write, and refuses the rest: text before the first delimiter or after
/// the last, lines that do not end in CR LF, a delimiter that goes on with other characters.
enum MultipartBody {
    static func fields(
        in body: ArraySlice<UInt8>, type: MediaType, names: InvokeParameterNames = .all, limits: Limits
    ) throws(CloudError) -> InvokeFields {
        var parts = try MultipartParts(body, boundary: type["boundary"], maximumHeaderBytes: limits.partHeaderBytes)
        var fields = InvokeFields(names)
        var count = 0
        while let name = try parts.nextName() {
            count += 1
            try InvokeFields.check(count: count, limits: limits)
            let parameter = try names.parameter(named: name, limits: limits)
            let content = try parts.content()
            // A browser sends the file field that nobody used as an empty part beside the text of the same name.
            if content.isEmpty { continue }
            try fields.announce(parameter)
            try fields.set(parameter, toBytes: content, limits: limits)
        }
        return fields
    }
}
