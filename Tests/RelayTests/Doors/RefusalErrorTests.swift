// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import TencentCloud
import Testing

@testable import Relay

/// Requests that the FastCGI server did not hand on.
@Suite("Refused requests")
struct RefusalErrorTests {
    static let rows: [(refusal: Refusal, code: String, status: Int, retryAfter: Int?, words: [String])] = [
        (.parametersTooLarge(limit: 65_536), "RequestSizeLimitExceeded", 431, nil, ["65,536"]),
        (.malformedContentLength, "InvalidParameter", 400, nil, ["Content-Length"]),
        (
            .bodyTooLarge(announced: 5_000_000, limit: 4_194_304), "RequestSizeLimitExceeded", 413, nil,
            ["5,000,000", "4,194,304"]
        ),
        (.bodyTooShort(received: 10, announced: 2000), "InvalidParameter", 400, nil, ["10 bytes", "2,000"]),
        (.bodyTooLong(announced: 2000), "InvalidParameter", 400, nil, ["2,000"]),
        (.overloaded(limit: 536_870_912), "RequestLimitExceeded.InFlight", 503, 1, ["536,870,912"]),
    ]

    @Test("Each gets its code, its status and its words, in both formats", arguments: rows.indices, [true, false])
    func table(index: Int, isHTML: Bool) throws {
        let row = Self.rows[index]
        let request = TestRelay.request("POST", "/invoke", headers: isHTML ? ["Accept": "text/html"] : [:])
        let response = TestRelay().router.answer(row.refusal, request.parameters)
        #expect(response.status.code == row.status)
        #expect(response.isHTML == isHTML)
        #expect(response.isJSON == !isHTML)
        #expect(response.headerFields[.retryAfter] == row.retryAfter.map(String.init))
        #expect(response.requestId?.utf8.count == 36)
        let error = CloudError(row.refusal)
        #expect(error.code.rawValue == row.code)
        for word in row.words { #expect(error.message.contains(word) && response.text.contains(word)) }
    }

    @Test("A refusal is logged, and answered even where no parameter arrived")
    func log() throws {
        let log = try CapturedLog()
        let response = TestRelay(observer: log.log).router.answer(.parametersTooLarge(limit: 10), Parameters())
        #expect(response.status.code == 431)
        let lines = log.lines()
        #expect(lines.count == 1)
        #expect(lines.first?.contains(#""status":431,"code":"RequestSizeLimitExceeded""#) == true)
    }

    @Test("On the cloud's door it is the envelope, with status 200")
    func cloudDoor() {
        let router = Router.localCloud(
            invoker: FakeInvoker(), catalogue: FakeCatalogue(), credentials: [], observer: CapturedLog.discarded,
            now: { 0 })
        let response = router.answer(.overloaded(limit: 10), Parameters())
        #expect(response.status == .ok)
        #expect(response.type == "application/json")
        #expect(response.headerFields[.retryAfter] == nil)
        #expect(response.text.hasPrefix(#"{"Response":{"Error":{"Code":"RequestLimitExceeded.InFlight","#))
    }
}
