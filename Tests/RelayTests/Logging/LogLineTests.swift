// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import Logging
import StrictJSON
import TencentCloud
import Testing

@testable import Relay

@Suite("Lines of the log")
struct LogLineTests {
    static let texts = [
        "", "plain", "\"quotes\" and \\", "line\r\nbreak\ttab", "\u{0}\u{1}\u{1F}\u{7F}", "中文🚀", "\u{2028}\u{2029}",
        "\u{1B}[31mred", "{\"a\":1}", String(repeating: "\"", count: 2000), String(repeating: "中", count: 600),
        "e" + String(repeating: "\u{301}", count: 100_000), String(repeating: "🚀", count: 600),
        String(decoding: [0xFF, 0xC0, 0x80, 0xED, 0xA0, 0x80], as: UTF8.self),
    ]

    @Test("Whatever a text holds, the line is one JSON object on one line, and bounded", arguments: texts)
    func validity(text: String) throws {
        var line = LogLine(time: 1, level: "info")
        line.add("first", text)
        line.add(named: text, text)
        line.add("number", -5)
        line.add("boolean", true)
        let bytes = line.finished()
        try JSONValidator.validate(bytes[...])
        #expect(!bytes.contains(UInt8(ascii: "\n")))
        let members = try Self.members(of: bytes)
        let expected = String(String.UnicodeScalarView(text.unicodeScalars.prefix(512)))
        #expect(members["first"] == expected)
        #expect(members[text.isEmpty ? "" : text] == expected)
        // Six bytes for an escaped control character; the name is not cut, because it comes from the program.
        #expect(bytes.count - text.utf8.count * 6 < 2 * 512 * 6 + 100)
    }

    @Test("An empty text can be left out")
    func addIfAny() {
        var line = LogLine(time: 7, level: "debug")
        line.addIfAny("none", "")
        line.addIfAny("some", "x")
        #expect(String(decoding: line.finished(), as: UTF8.self) == #"{"time":7,"level":"debug","some":"x"}"#)
    }

    @Test("A payload that is posted as a form is not logged as the name of a parameter")
    func payloadAsName() async throws {
        let log = try CapturedLog()
        let relay = TestRelay(FakeInvoker(), observer: log.log)
        let response = await relay.sendForm("private-payload-of-somebody=1", headers: ["Accept": "application/json"])
        #expect(response.status.code == 400)
        let line = try #require(log.lines().first)
        #expect(line.contains(#""code":"UnknownParameter""#) && !line.contains("private"))
    }

    @Test("A call is logged with everything but its payload")
    func call() async throws {
        let log = try CapturedLog()
        var result = InvokeResult(
            retMsg: "private result", functionRequestId: "f-1", billDuration: 100, memUsage: 3_207_168, invokeResult: 1)
        result.errMsg = "private error"
        result.log = "private log"
        let relay = TestRelay(FakeInvoker(InvokeAnswer(result: result, requestId: "c-1")), observer: log.log)
        let form = "FunctionName=job&Namespace=batch&InvocationType=Event&ClientContext=%22private%22&Qualifier=q1"
        let response = await relay.sendForm(form, query: "?token=private", headers: ["Authorization": "Basic private"])
        let lines = log.lines()
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(!line.contains("private") && !line.contains("q1"))
        let fields = [
            #""time":1700000000,"level":"info","message":"call","requestId":"\#(response.requestId ?? "")","traceId":""#,
            #""door":"invoke""#,
            #""caller":"192.0.2.7","method":"POST","path":"/invoke","function":"batch/job","invocationType":"Event""#,
            #""status":200,"code":"OK","cloudRequestId":"c-1","functionFailed":true,"functionRequestId":"f-1""#,
            #""billDurationMilliseconds":100,"memoryBytes":3207168,"bytesIn":\#(form.utf8.count)"#,
            #""bytesOut":\#(response.body.count),"microseconds":"#,
        ]
        for field in fields { #expect(line.contains(field)) }
        try JSONValidator.validate(ArraySlice(line.utf8))
    }

    static let levels: [(error: CloudError, level: String)] = [
        (CloudError("ResourceNotFound.FunctionName", "m"), "warning"),
        (CloudError("RequestLimitExceeded", "m"), "warning"),
        (CloudError("ClientError.Timeout", "m"), "error"), (CloudError("InternalError", "m"), "error"),
    ]

    @Test("Errors say how bad they are", arguments: levels.indices)
    func level(index: Int) async throws {
        let log = try CapturedLog()
        let (error, level) = Self.levels[index]
        _ = await TestRelay(FakeInvoker(error), observer: log.log).sendJSON(#"{"FunctionName":"hello"}"#)
        let line = try #require(log.lines().first)
        #expect(line.contains(#""level":"\#(level)""#))
        #expect(line.contains(#""code":"\#(error.code)","error":"m""#))
    }

    @Test("A refused payload is not in the log either")
    func refusedPayload() async throws {
        let log = try CapturedLog()
        let relay = TestRelay(observer: log.log)
        _ = await relay.sendForm("FunctionName=hello&ClientContext=private")
        _ = await relay.sendJSON(#"{"FunctionName":"hello","ClientContext":"private"}"#)
        _ = await relay.sendJSON(#"{"FunctionName":"private!","Qualifier":"private"}"#)
        _ = await relay.sendJSON("private")
        let lines = log.lines()
        #expect(lines.count == 4)
        #expect(lines.allSatisfy { !$0.contains("private") && $0.contains(#""error":""#) })
    }

    @Test("Who was authenticated by the web server is named instead of the address")
    func caller() async throws {
        let log = try CapturedLog()
        let relay = TestRelay(observer: log.log)
        _ = await relay.send("GET", "/nothing", parameters: [("REMOTE_USER", "ann\n{\"x\":1}")])
        _ = await relay.send("GET", "/nothing", parameters: [("REMOTE_USER", "")])
        let lines = log.lines()
        #expect(lines.map { $0.contains(#""caller":"ann\#u{FFFD}{\"x\":1}""#) } == [true, false])
        #expect(lines.last?.contains(#""caller":"192.0.2.7""#) == true)
    }

    @Test("What is logged elsewhere takes the same form")
    func handler() throws {
        let log = try CapturedLog()
        var logger = Logger(label: "test") { _ in LineLogHandler(writer: log.writer, now: { 42 }) }
        logger[metadataKey: "always"] = "1"
        logger.debug("too unimportant")
        logger.info("listening", metadata: ["address": "unix:/a\"b", "always": "2"])
        logger.error("line\nbreak")
        #expect(
            log.lines() == [
                #"{"time":42,"level":"info","message":"listening","address":"unix:/a\"b","always":"2"}"#,
                #"{"time":42,"level":"error","message":"line\nbreak","always":"1"}"#,
            ])
    }

    private static func members(of line: [UInt8]) throws -> [String: String] {
        var members: [String: String] = [:]
        var reader = try JSONObjectReader(line[...], bounds: .init(nameBytes: .max))
        while let member = try reader.nextMember() {
            if member.kind == .string { members[member.name] = try reader.readString() }
        }
        return members
    }
}
