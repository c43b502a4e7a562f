// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import Logging
import TencentCloud
import Testing

@testable import CallStore
@testable import Relay

/// What the page says of a call whose `Idempotency-Key` is known. What becomes of such calls: ``DurableInboxTests``.
@Suite("Idempotency-Key on the page")
struct IdempotencyKeyTests {
    private let files: TestStore

    init() throws { files = try TestStore() }

    private func relay(_ cloud: FakeInvoker) -> TestRelay {
        TestRelay(cloud, deliveries: DeliveryService(store: files.store, logger: Logger(label: "test")))
    }

    /// Checks that the page explains the code by its own entry: that of `RequestLimitExceeded` says that nothing ran.
    private func check(_ page: Response, _ code: ErrorCode, _ language: Language) throws {
        let entry = try #require(ErrorCatalogue.all.first { $0.code == code })
        #expect(page.isHTML)
        #expect(page.part("Code") == code.rawValue)
        #expect(page.part("meaning") == StrictHTML().escapeText(entry.meaning[language]))
        #expect(page.part("advice-text") == StrictHTML().escapeText(entry.advice[language]))
    }

    @Test("While the first call runs, the page says so, and not that nothing ran", arguments: Language.allCases)
    func stillRunning(language: Language) async throws {
        let (held, release) = AsyncStream.makeStream(of: Void.self)
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let relay = relay(
            FakeInvoker { (_) async throws(CloudError) in
                beginning.finish()
                for await _ in held {}
                return FakeInvoker.hello
            })
        let headers = ["Idempotency-Key": "one", "Accept-Language": language.rawValue]
        async let first = relay.sendForm("FunctionName=hello", headers: headers)
        for await _ in begun {}
        let second = await relay.sendForm("FunctionName=hello", headers: headers)
        release.finish()
        let answer = await first
        #expect(answer.status == .ok)
        #expect(second.status.code == 409)
        #expect(second.headerFields[.retryAfter] == "1")
        try check(second, "RequestLimitExceeded.StillRunning", language)
    }

    @Test("A key that comes with another body", arguments: Language.allCases)
    func anotherBody(language: Language) async throws {
        let cloud = FakeInvoker()
        let relay = relay(cloud)
        let headers = ["Idempotency-Key": "one", "Accept-Language": language.rawValue]
        #expect(await relay.sendForm("FunctionName=hello", headers: headers).status == .ok)
        let page = await relay.sendForm("FunctionName=hello&LogType=Tail", headers: headers)
        #expect(page.status.code == 422)
        try check(page, "InvalidParameter.DeliveryIdReused", language)
        #expect(cloud.calls.count == 1)
    }
}
