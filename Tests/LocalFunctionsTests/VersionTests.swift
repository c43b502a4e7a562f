// SPDX-License-Identifier: Apache-2.0

import Foundation
import LocalFunctions
import TencentCloud
import Testing

@testable import Invocation

/// Published versions, and aliases for them.
@Suite struct VersionTests {
    let functions: TemporaryFunctions

    init() throws {
        functions = try TemporaryFunctions()
        let python = """
            import os
            def main_handler(event, context):
                return f"%@ {context['function_version']} {os.environ['SCF_FUNCTIONVERSION']} {context['memory_limit_in_mb']}"
            """
        let aliases = "aliases:\n  prod: 1\n  canary: 2\n  dev: $LATEST\n  broken: 9\n  $DEFAULT: 1"
        try functions.add("f", python: python.replacing("%@", with: "new"), settings: "timeout: 60\n\(aliases)")
        try functions.add("f@1", python: python.replacing("%@", with: "one"), settings: "timeout: 60\nmemory: 192")
        try functions.add("f@2", python: python.replacing("%@", with: "two"), settings: "timeout: 60")
        try functions.add("plain", python: python.replacing("%@", with: "plain"))
    }

    @Test(
        "a qualifier chooses code, settings and what the function is told",
        arguments: [
            ("f", nil, "new $LATEST $LATEST 128"), ("f", "$LATEST", "new $LATEST $LATEST 128"),
            ("f", "1", "one 1 1 192"), ("f", "2", "two 2 2 128"), ("f", "prod", "one 1 1 192"),
            ("f", "canary", "two 2 2 128"), ("f", "dev", "new $LATEST $LATEST 128"),
            ("f", "$DEFAULT", "one 1 1 192"), ("plain", "$DEFAULT", "plain $LATEST $LATEST 128"),
        ] as [(String, String?, String)])
    func chosen(name: String, qualifier: String?, expected: String) async throws {
        let invoker = try functions.invoker()
        for _ in 0..<2 { #expect(try await invoker.run(name, qualifier: qualifier).retMsg == expected) }
    }

    @Test(
        "without a qualifier the action chooses",
        arguments: [
            (.invoke, "f", "new $LATEST $LATEST 128"), (.invokeFunction, "f", "one 1 1 192"),
            (.invokeFunction, "plain", "plain $LATEST $LATEST 128"),
        ] as [(InvokeAction, String, String)])
    func unqualified(action: InvokeAction, name: String, expected: String) async throws {
        var request = InvokeRequest(functionName: name, event: Array("{}".utf8))
        request.action = action
        let answer = try await functions.invoker().invoke(request, requestId: "id")
        #expect(answer.result.retMsg == expected)
    }

    @Test(
        "what is not there has the cloud's code",
        arguments: [
            ("f", "3", "ResourceNotFound.Qualifier"), ("f", "staging", "ResourceNotFound.Qualifier"),
            ("f", "01", "ResourceNotFound.Qualifier"), ("f", "Prod", "ResourceNotFound.Qualifier"),
            ("f", "broken", "ResourceNotFound.FunctionVersion"), ("plain", "prod", "ResourceNotFound.Qualifier"),
            ("f@1", "$LATEST", "ResourceNotFound.FunctionName"), ("none", "1", "ResourceNotFound.FunctionName"),
        ])
    func notFound(name: String, qualifier: String, code: String) async throws {
        let invoker = try functions.invoker()
        let error = await #expect(throws: CloudError.self) { try await invoker.run(name, qualifier: qualifier) }
        #expect(error?.code == ErrorCode(rawValue: code))
    }
}
