// SPDX-License-Identifier: Apache-2.0

import Foundation
import Invocation
import LocalFunctions
import Testing

/// `exports.main_handler` in each of its forms.
@Suite struct NodeTests {
    let functions: TemporaryFunctions

    init() throws {
        functions = try TemporaryFunctions()
    }

    private static func handler(_ body: String) -> String {
        "exports.main_handler = (event, context, callback) => { \(body) };\n"
    }

    @Test(
        "a result",
        arguments: [
            ("return 'hello from scf'", "hello from scf"),
            ("return { test: 'value', list: [1, null, '你好 🚀'] }", #"{"test":"value","list":[1,null,"你好 🚀"]}"#),
            ("return Promise.resolve(1.5)", "1.5"),
            ("return { then: (resolve) => resolve('thenable') }", "thenable"),
            ("return null", "null"),
            ("", "null"),
            ("return Promise.resolve()", "null"),
            ("return () => {}", "null"),
            ("callback(null, event)", #"{"a":[1,null]}"#),
            ("callback(undefined, 'first'); callback(null, 'second')", "first"),
            ("setTimeout(() => callback(null, 'later'), 5)", "later"),
            ("setTimeout(() => {}, 5)", "null"),
            // The callback's result waits until nothing is left to do, unless the function says otherwise.
            (
                "let n = 0; setTimeout(() => { n = 1 }, 5); callback(null, { toString() {}, get n() { return n } })",
                #"{"n":1}"#
            ),
            (
                "context.callbackWaitsForEmptyEventLoop = false; setInterval(() => {}, 1000); callback(null, 'at once')",
                "at once"
            ),
            ("return (async () => { callback(null, 'called back') })()", "called back"),
            ("return (async () => { setInterval(() => {}, 1000); return 'resolved' })()", "resolved"),
            (
                "return [typeof fs, typeof require('fs').readFileSync, typeof fetch].join()",
                "undefined,function,function"
            ),
            ("return String(require('fs').readFileSync(0).length)", "0"),
            ("return require.main === module ? 'main' : 'module'", "module"),
        ])
    func result(body: String, expected: String) async throws {
        try functions.add("f", node: Self.handler(body))
        let result = try await functions.run("f", event: #"{"a":[1,null]}"#)
        #expect(result.retMsg == expected, "\(result.errMsg)")
        #expect(result.errMsg == "")
    }

    @Test(
        "a failure has the cloud's shape",
        arguments: [
            ("throw new RangeError('no such thing')", 430, "RangeError: no such thing"),
            ("return Promise.reject(new RangeError('no such thing'))", 430, "RangeError: no such thing"),
            ("callback(new RangeError('no such thing'))", 430, "RangeError: no such thing"),
            ("callback('a text')", 430, "'a text'"),
            (
                "setTimeout(() => { throw new RangeError('later') }, 5); return new Promise(() => {})", 430,
                "RangeError: later"
            ),
            ("Promise.reject(new RangeError('unhandled')); setTimeout(() => {}, 60000)", 430, "RangeError: unhandled"),
            ("const a = {}; a.a = a; return a", 430, "TypeError: Converting circular structure to JSON"),
            ("return 1n", 430, "TypeError: Do not know how to serialize a BigInt"),
            ("process.exit(3)", 439, "User process exit when running: process.exit(3)"),
            ("process.abort()", 439, "User process exit when running: killed by signal 6"),
            ("return 'x'.repeat(6 * 1024 * 1024 + 1)", 407, "Response exceeds the upper limit of 6291456 bytes"),
        ])
    func failure(body: String, status: Int, errMsg: String) async throws {
        try functions.add("f", node: Self.handler(body), settings: "timeout: 60\nmemory: 512")
        let result = try await functions.run("f")
        let retMsg = try FailedRetMsg(result)
        #expect(retMsg.statusCode == status)
        #expect(retMsg.errorCode == -1)
        #expect(retMsg.requestId == result.functionRequestId)
        #expect(result.errMsg.hasPrefix(errMsg), "\(result.errMsg)")
        #expect(!result.errMsg.contains("[eval]"))
        if status == 430 {
            #expect(retMsg.errorMessage == "user code exception caught")
            #expect(retMsg.stackTrace == result.errMsg)
        }
    }

    @Test(
        "code that cannot be loaded is told apart",
        arguments: [
            ("exports.other = 1;", 437, "Handler not found: index.js has no function main_handler"),
            ("exports.main_handler = 1;", 437, "Handler not found: index.js has no function main_handler"),
            ("module.exports = null;", 437, "Handler not found: index.js has no function main_handler"),
            ("exports.main_handler = (", 443, "user code error caught"),
            ("require('no-such-module');", 443, "user code error caught"),
            ("throw 1;", 443, "user code error caught"),
            ("process.exit(0);", 439, "User process exit when running"),
        ])
    func notLoaded(code: String, status: Int, message: String) async throws {
        try functions.add("f", node: code)
        let invoker = try functions.invoker()
        for _ in 0..<2 {
            let retMsg = try FailedRetMsg(try await invoker.run("f"))
            #expect(retMsg.statusCode == status)
            #expect(retMsg.errorMessage == message)
        }
    }

    @Test("handlers with other names, in other folders, with modules beside them, and as ES modules")
    func handlers() async throws {
        let folder = try functions.add("f", settings: "handler: lib/app.handler\ntimeout: 60")
        let library = folder.appending(path: "lib")
        try FileManager.default.createDirectory(at: library, withIntermediateDirectories: true)
        let code = "const helper = require('./helper'); exports.handler = async () => helper.text;"
        try Data(code.utf8).write(to: library.appending(path: "app.js"))
        try Data("exports.text = 'from lib';".utf8).write(to: library.appending(path: "helper.js"))
        #expect(try await functions.run("f").retMsg == "from lib")
        let module = try functions.add("m", node: "export const main_handler = async () => 'an ES module';")
        try Data(#"{"type": "module"}"#.utf8).write(to: module.appending(path: "package.json"))
        #expect(try await functions.run("m").retMsg == "an ES module")
    }

    @Test("lines of the console have time and request id before them, in the order they were written")
    func console() async throws {
        let body = """
            console.log('one', 1, { a: 1 }); console.error('two'); process.stdout.write('three\\n');
            require('child_process').execSync('echo four >&2; echo five', { stdio: 'inherit' });
            require('fs').writeSync(1, 'six\\n'); console.info('你好 🚀')
            """
        try functions.add("f", node: Self.handler(body))
        let result = try await functions.run("f", log: true)
        let id = result.functionRequestId
        let lines = result.log.split(separator: "\n").dropFirst(2).prefix(7).map { line in
            line.replacing(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t/, with: "TIME\t")
        }
        #expect(
            lines == [
                "TIME\t\(id)\tone 1 { a: 1 }", "TIME\t\(id)\ttwo", "three", "four", "five", "six", "TIME\t\(id)\t你好 🚀",
            ])
    }

    @Test("an error that is thrown between two events is the later one's")
    func strayError() async throws {
        // It is thrown when the event loop turns again, which is after the first answer.
        let code = """
            let count = 0;
            exports.main_handler = async () => {
              if (count++ === 0) setImmediate(() => setImmediate(() => { throw new Error('stray'); }));
              return String(count);
            };
            """
        try functions.add("f", node: code)
        let invoker = try functions.invoker()
        #expect(try await invoker.run("f").retMsg == "1")
        let second = try await invoker.run("f")
        #expect(second.errMsg.hasPrefix("Error: stray") || second.retMsg == "2", "\(second.errMsg)")
    }

    @Test("too much memory is 434, on the heap and beside it", arguments: ["heap", "buffers"])
    func memory(kind: String) async throws {
        let grow = kind == "heap" ? "list.push(new Array(1000).fill({}))" : "list.push(Buffer.alloc(1 << 20, 1))"
        try functions.add(
            "f", node: Self.handler("const list = []; for (;;) \(grow)"), settings: "timeout: 60\nmemory: 128")
        let result = try await functions.run("f")
        #expect(try FailedRetMsg(result).statusCode == 434, "\(result.errMsg)")
    }

    @Test("the event's own text arrives, however long it is")
    func longEvent() async throws {
        try functions.add("f", node: Self.handler("return event"), settings: "timeout: 60\nmemory: 512")
        let text = String(repeating: "你好 🚀 ", count: 100_000)
        let isSame = try await functions.run("f", event: "\"\(text)\"").retMsg == text
        #expect(isSame)
    }
}
