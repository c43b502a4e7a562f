// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LocalFunctions

/// `function.yaml`.
@Suite struct FunctionSettingsTests {
    @Test(
        "what is left out has the cloud's defaults", arguments: ["", "# nothing\n", "---\n", "null", "environment:\n"])
    func defaults(yaml: String) throws {
        let settings = try FunctionSettings(yaml: yaml)
        #expect(settings == FunctionSettings())
        #expect(settings.timeoutSeconds == 3)
        #expect(settings.memoryMB == 128)
        #expect(settings.handler == "index.main_handler")
    }

    @Test("every key is read")
    func everyKey() throws {
        let yaml = """
            description: says hello  # in words
            handler: lib/app.run_it
            timeout: 900
            memory: 64
            environment:
              TEXT: "a: b"
              NUMBER: 0x10
              VERSION: 1.10
              ANSWER: yes
              EMPTY: ""
            """
        let settings = try FunctionSettings(yaml: yaml)
        #expect(settings.description == "says hello")
        #expect(settings.handler == "lib/app.run_it")
        #expect(settings.timeoutSeconds == 900)
        #expect(settings.memoryBytes == 67_108_864)
        let variables = ["TEXT": "a: b", "NUMBER": "0x10", "VERSION": "1.10", "ANSWER": "yes", "EMPTY": ""]
        #expect(settings.environment == variables)
    }

    @Test(
        "what is wrong is told with its line",
        arguments: [
            ("description: x\ntimeot: 3", 2, "unknown key timeot"),
            ("timeout: 0", 1, "timeout must be a whole number of seconds from 1 to 900"),
            ("timeout: 901", 1, "timeout must be a whole number of seconds from 1 to 900"),
            ("timeout: 1.5", 1, "timeout must be a whole number"),
            ("timeout: soon", 1, "timeout must be a whole number"),
            ("timeout: [3]", 1, "timeout must be a whole number"),
            ("timeout: 99999999999999999999", 1, "timeout must be a whole number"),
            ("memory: 63", 1, "memory must be a whole number of MB from 64 to 3072"),
            ("memory: 3073", 1, "memory must be a whole number of MB from 64 to 3072"),
            ("description: {a: b}", 1, "description must be a text"),
            ("handler: index", 1, "handler must be FILE.FUNCTION"),
            ("handler: ../index.main_handler", 1, "handler must be FILE.FUNCTION"),
            ("handler: /etc/index.main_handler", 1, "handler must be FILE.FUNCTION"),
            ("handler: index.main handler", 1, "handler must be FILE.FUNCTION"),
            ("environment: [A, B]", 1, "environment must be names and values"),
            ("environment:\n  A: x\n  1B: y", 3, "1B is no name for a variable"),
            ("environment:\n  _A: y", 2, "_A is no name for a variable"),
            ("environment:\n  A=B: y", 2, "A=B is no name for a variable"),
            ("environment:\n  SCF_X: y", 2, "names that start with SCF_ are the cloud's"),
            ("environment:\n  TENCENTCLOUD_SECRETID: y", 2, "names that start with TENCENTCLOUD_"),
            ("environment:\n  A: \"a\\0b\"", 2, "A must be a text"),
            ("environment:\n  A: {b: c}", 2, "A must be a text"),
            ("environment:\n  A: \(String(repeating: "x", count: 4096))", 1, "at most 4096 are allowed"),
            ("a: [1", 2, "not YAML"),
            ("timeout: 3\ntimeout: 4", 2, "'timeout' is given twice, first on line 1"),
            ("a: &a [x]\n? *a\n: b", 2, "a key must be a plain word (column 3)"),
            ("- a\n- b", 1, "expected keys and values"),
        ])
    func wrong(yaml: String, line: Int, message: String) {
        let error = #expect(throws: FunctionSettingsError.self) { try FunctionSettings(yaml: yaml) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(error?.line == line)
    }
}
