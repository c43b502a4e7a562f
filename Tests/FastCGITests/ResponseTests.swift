// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Testing

@testable import FastCGI

@Suite struct ResponseTests {
    private func records(_ response: Response, id: UInt16 = 1) -> [WireRecord] {
        var bytes: [UInt8] = []
        response.appendRecords(requestId: id, to: &bytes)
        let records = WireRecord.take(from: &bytes)
        #expect(bytes.isEmpty)
        return records
    }

    @Test(arguments: [0, 1, 65_000, 65_470] + Array(65_484...65_494) + [65_527, 65_528, 65_529, 131_056, 200_000])
    func aBodyOfAnySizeComesBack(_ count: Int) throws {
        let body = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let records = records(Response(status: .ok, body: body), id: 513)
        let response = try #require(WireResponse(records, id: 513))
        #expect(response.head == ["Status: 200 OK", "Content-Length: \(count)"])
        #expect(response.body == body)
        // As few records as can be, and none over the bound.
        let total = records.map(\.content.count).reduce(0, +) - 8
        #expect(records.count == (total + 65_527) / 65_528 + 2)
        #expect(records.allSatisfy { $0.content.count <= 65_528 })
    }

    @Test func fieldsComeInOrderAndKeepToTheirLine() throws {
        var fields = HTTPFields()
        fields.append(HTTPField(name: .contentType, value: "text/plain; charset=utf-8"))
        fields.append(HTTPField(name: .setCookie, value: "a=1"))
        fields.append(HTTPField(name: .setCookie, value: "b=\"ü\""))
        fields.append(HTTPField(name: .location, value: "/a\r\nX-Injected: 1\n\nbody\0"))
        fields.append(HTTPField(name: .contentLength, value: "99"))
        fields.append(HTTPField(name: .retryAfter, value: ""))
        let status = HTTPResponse.Status(code: 599, reasonPhrase: "Bad\r\nX-Injected: 2")
        let response = try #require(WireResponse(records(Response(status: status, headerFields: fields, body: [1]))))
        #expect(response.status == 599)
        #expect(response.body == [1])
        #expect(response.field("Content-Type") == "text/plain; charset=utf-8")
        #expect(response.head.filter { $0.hasPrefix("Set-Cookie: ") } == ["Set-Cookie: a=1", "Set-Cookie: b=\"ü\""])
        #expect(response.head.filter { $0.hasPrefix("Content-Length: ") } == ["Content-Length: 1"])
        #expect(!response.head.contains { $0.hasPrefix("X-Injected") })
        #expect(response.head.count == 7)
    }

    @Test func aLongHeadIsCutToo() throws {
        var fields = HTTPFields()
        for _ in 0..<200 { fields.append(HTTPField(name: .setCookie, value: String(repeating: "c", count: 1000))) }
        let response = try #require(WireResponse(records(Response(status: .ok, headerFields: fields, body: [7]))))
        #expect(response.head.count == 202)
        #expect(response.body == [7])
    }

    @Test func itIsAppendedToWhatWaits() throws {
        var bytes: [UInt8] = [1, 2, 3]
        Response(status: .ok).appendRecords(requestId: 1, to: &bytes)
        #expect(bytes.prefix(3) == [1, 2, 3])
        bytes.removeFirst(3)
        #expect(WireResponse(WireRecord.take(from: &bytes)) != nil)
    }
}
