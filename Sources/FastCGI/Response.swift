// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes

/// An answer: status, header fields and body.
public struct Response: Sendable {
    /// The HTTP status.
    public var status: HTTPResponse.Status
    /// Fields that this answer shares with others; none of them stands in `ownFields`.
    private var commonFields: CommonFields?
    private var ownFields: HTTPFields
    /// The body.
    public var body: [UInt8]
    /// Whether the body stays here: an answer to HEAD only says how long it would be (RFC 9110, section 9.3.2).
    public var leavesOutBody = false

    /// Creates an answer.
    public init(status: HTTPResponse.Status, headerFields: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        ownFields = headerFields
        self.body = body
    }

    /// Creates an answer with fields that are encoded already.
    public init(status: HTTPResponse.Status, commonFields: CommonFields, body: [UInt8] = []) {
        self.status = status
        self.commonFields = commonFields
        ownFields = [:]
        self.body = body
    }

    /// The header fields. `Content-Length` is added; line breaks in values cannot occur in this type.
    public var headerFields: HTTPFields {
        get {
            guard let commonFields else { return ownFields }
            return HTTPFields(Array(commonFields.fields) + Array(ownFields))
        }
        set {
            commonFields = nil
            ownFields = newValue
        }
    }

    /// Sets a header field that no ``CommonFields`` have: they stay encoded.
    public mutating func setOwn(_ value: String, for name: HTTPField.Name) {
        ownFields[name] = value
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
        // Small enough to come from the cache that malloc keeps for each thread (up to 1,032 bytes).
        head.reserveCapacity(896)
        head.append(text: "Status: ")
        head.append(text: String(status.code))
        head.append(text: " ")
        head.append(text: status.reasonPhrase)
        if let commonFields { head += commonFields.encoded }
        for field in ownFields { CommonFields.append(field, to: &head) }
        head.append(text: "\r\nContent-Length: ")
        head.append(text: String(body.count))
        head.append(text: "\r\n\r\n")
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
