// SPDX-License-Identifier: Apache-2.0

/// The wire format of FastCGI 1.0: everything travels in records of an 8-byte header, content and padding.
///
/// Source: <https://fastcgi-archives.github.io/FastCGI_Specification.html>, sections 3 to 5 and 8.
enum Record {
    static let version: UInt8 = 1
    static let headerLength = 8
    /// Content of a record that we write: the most that 16 bits hold, as a multiple of eight, which needs no padding.
    static let maximumContent = 65_528

    enum Kind {
        static let beginRequest: UInt8 = 1
        static let abortRequest: UInt8 = 2
        static let endRequest: UInt8 = 3
        static let parameters: UInt8 = 4
        static let standardInput: UInt8 = 5
        static let standardOutput: UInt8 = 6
        static let standardError: UInt8 = 7
        static let data: UInt8 = 8
        static let getValues: UInt8 = 9
        static let getValuesResult: UInt8 = 10
        static let unknownType: UInt8 = 11
    }

    enum ProtocolStatus: UInt8 {
        case requestComplete = 0
        case cannotMultiplex = 1
        case unknownRole = 3
    }

    static let responderRole: UInt16 = 1
    static let keepConnectionFlag: UInt8 = 1
    /// The request id of management records, which concern the connection and no request.
    static let managementId: UInt16 = 0

    struct Header {
        var kind: UInt8
        var requestId: UInt16
        var contentLength: Int
        var paddingLength: Int
    }

    static func appendHeader(_ kind: UInt8, requestId: UInt16, contentLength: Int, to output: inout [UInt8]) {
        output.append(version)
        output.append(kind)
        output.append(UInt8(requestId >> 8))
        output.append(UInt8(requestId & 0xFF))
        output.append(UInt8(contentLength >> 8))
        output.append(UInt8(contentLength & 0xFF))
        output.append(0)
        output.append(0)
    }

    static func appendEndRequest(_ status: ProtocolStatus, requestId: UInt16, to output: inout [UInt8]) {
        appendHeader(Kind.endRequest, requestId: requestId, contentLength: 8, to: &output)
        output.append(contentsOf: [0, 0, 0, 0, status.rawValue, 0, 0, 0])
    }
}
