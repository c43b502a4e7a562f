// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes

/// An answer: status, header fields and body.
public struct Response: Sendable {
    /// The HTTP status.
    public var status: HTTPResponse.Status
    /// The header fields. `Content-Length` is added; line breaks in values cannot occur in this type.
    public var headerFields: HTTPFields
    /// The body.
    public var body: [UInt8]
    /// Whether the body stays here: an answer to HEAD only says how long it would be (RFC 9110, section 9.3.2).
    public var leavesOutBody = false

    /// Creates an answer.
    public init(status: HTTPResponse.Status, headerFields: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headerFields = headerFields
        self.body = body
    }

    /// Appends the answer as the records of one request: output, its end, and the end of the request.
    func appendRecords(requestId: UInt16, to output: inout [UInt8]) {
        let head = encodedHead
        let body = leavesOutBody ? [] : body
        let records = (head.count + body.count) / Record.maximumContent + 1
        output.reserveCapacity(output.count + head.count + body.count + (records + 3) * Record.headerLength)
        var stream = OutputStream(requestId: requestId, remaining: head.count + body.count)
        stream.append(head[...], to: &output)
        stream.append(body[...], to: &output)
        Record.appendHeader(Record.Kind.standardOutput, requestId: requestId, contentLength: 0, to: &output)
        Record.appendEndRequest(.requestComplete, requestId: requestId, to: &output)
    }

    /// The CGI form of a response head (RFC 3875, section 6).
    private var encodedHead: [UInt8] {
        var head: [UInt8] = []
        head.reserveCapacity(1024)
        head += "Status: ".utf8
        head += String(status.code).utf8
        head.append(UInt8(ascii: " "))
        head += status.reasonPhrase.utf8
        // Ours is the one that is true, and nginx refuses an answer with two.
        for field in headerFields where field.name != .contentLength {
            head += "\r\n".utf8
            head += field.name.rawName.utf8
            head += ": ".utf8
            head += field.value.utf8
        }
        head += "\r\nContent-Length: ".utf8
        head += String(body.count).utf8
        head += "\r\n\r\n".utf8
        return head
    }
}

/// Cuts bytes of a known total into records, each as long as it may be.
private struct OutputStream {
    let requestId: UInt16
    /// Bytes of the stream that stand in no record yet.
    var remaining: Int
    /// Bytes that the record begun last still takes.
    var room = 0

    mutating func append(_ bytes: ArraySlice<UInt8>, to output: inout [UInt8]) {
        var rest = bytes
        while !rest.isEmpty {
            if room == 0 {
                room = min(remaining, Record.maximumContent)
                Record.appendHeader(
                    Record.Kind.standardOutput, requestId: requestId, contentLength: room, to: &output)
            }
            let part = rest.prefix(room)
            output += part
            room -= part.count
            remaining -= part.count
            rest = rest.dropFirst(part.count)
        }
    }
}
