// SPDX-License-Identifier: Apache-2.0

/// Records that concern the connection and no request (FastCGI 1.0, section 4).
enum ManagementRecord {
    /// Names of a few variables; anything longer is no honest question.
    static let maximumLength = 1024

    private static let variables: [(name: StaticString, value: String)] = [
        ("FCGI_MAX_CONNS", "1024"), ("FCGI_MAX_REQS", "1024"), ("FCGI_MPXS_CONNS", "0"),
    ]

    /// The answer: the variables that were asked for, each once however often it was named, or "unknown type".
    static func reply(to kind: UInt8, content: [UInt8]) -> [UInt8] {
        var reply: [UInt8] = []
        guard kind == Record.Kind.getValues else {
            Record.appendHeader(
                Record.Kind.unknownType, requestId: Record.managementId, contentLength: 8, to: &reply)
            return reply + [kind, 0, 0, 0, 0, 0, 0, 0]
        }
        var values: [UInt8] = []
        if let asked = Parameters(encoded: content) {
            for (name, value) in variables where asked.bytes(name) != nil {
                values.append(UInt8(name.utf8CodeUnitCount))
                values.append(UInt8(value.utf8.count))
                values += name.description.utf8
                values += value.utf8
            }
        }
        Record.appendHeader(
            Record.Kind.getValuesResult, requestId: Record.managementId, contentLength: values.count, to: &reply)
        return reply + values
    }
}
