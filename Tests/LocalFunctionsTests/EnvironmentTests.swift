// SPDX-License-Identifier: Apache-2.0

import Foundation
import Invocation
import LocalFunctions
import Testing

/// What a function finds when it starts: variables, context, folder, descriptors.
@Suite struct EnvironmentTests {
    let functions: TemporaryFunctions

    init() throws {
        functions = try TemporaryFunctions()
    }

    private static let python = """
        import os
        def main_handler(event, context):
            return {
                "environ": dict(os.environ), "context": context, "cwd": os.getcwd(),
                "initial": open("/proc/self/environ").read(), "descriptors": os.listdir("/proc/self/fd"),
            }
        """

    private struct Report: Decodable {
        struct Context: Decodable {
            let request_id: String
            let function_name: String
            let namespace: String
            let function_version: String
            let memory_limit_in_mb: Int
            let time_limit_in_ms: Int
            let environment: String
            let environ: String
            let tencentcloud_region: String
            let tencentcloud_appid: String
            let tencentcloud_uin: String
        }

        let environ: [String: String]
        let context: Context
        let cwd: String
        let initial: String
        let descriptors: [String]
    }

    private func report(settings: String = "timeout: 60", region: String? = nil) async throws -> (Report, InvokeResult)
    {
        try functions.add("f", python: Self.python, settings: settings)
        let request = InvokeRequest(functionName: "f", namespace: "default", region: region)
        let result = try await functions.invoker().invoke(request, requestId: "id").result
        return (try JSONDecoder().decode(Report.self, from: Data(result.retMsg.utf8)), result)
    }

    @Test("nothing of this program's own environment is handed on")
    func noLeak() async throws {
        setenv("SCF_TEST_SECRET", "must-not-leak", 1)
        setenv("LD_LIBRARY_PATH", "/must/not/leak", 0)
        let (report, _) = try await report(settings: "timeout: 60\nenvironment:\n  GREETING: hello\n  NUMBER: 1")
        #expect(!report.initial.contains("must-not-leak"))
        let expected: Set = [
            "PATH", "HOME", "PWD", "LANG", "LC_ALL", "TENCENTCLOUD_RUNENV", "TENCENTCLOUD_REGION", "SCF_RUNTIME",
            "SCF_FUNCTIONNAME", "SCF_FUNCTIONVERSION", "SCF_NAMESPACE", "USER_CODE_ROOT", "_HANDLER",
            "USER", "LOGNAME", "PYTHONPATH", "NODE_PATH", "TENCENTCLOUD_APPID",
            "TENCENTCLOUD_UIN", "TENCENTCLOUD_TZ", "TZ", "GREETING", "NUMBER",
        ]
        #expect(Set(report.environ.keys) == expected)
        #expect(report.environ["GREETING"] == "hello")
        #expect(report.environ["NUMBER"] == "1")
    }

    @Test("a bootstrap does not get it either")
    func noLeakIntoBootstrap() async throws {
        setenv("SCF_TEST_SECRET", "must-not-leak", 1)
        try functions.add("f", bootstrap: "#!/bin/sh\ncat /proc/self/environ\n")
        let environment = try await functions.run("f").retMsg
        #expect(environment.contains("SCF_FUNCTIONNAME=f\0"))
        #expect(!environment.contains("must-not-leak"))
    }

    @Test("the cloud's variables are there")
    func variables() async throws {
        let (report, _) = try await report(region: "ap-shanghai")
        #expect(report.environ["SCF_FUNCTIONNAME"] == "f")
        #expect(report.environ["SCF_NAMESPACE"] == "default")
        #expect(report.environ["SCF_FUNCTIONVERSION"] == "$LATEST")
        #expect(report.environ["TENCENTCLOUD_RUNENV"] == "SCF")
        #expect(report.environ["TENCENTCLOUD_REGION"] == "ap-shanghai")
        #expect(report.environ["LANG"] == "C.UTF-8")
        #expect(report.cwd.hasSuffix("/default/f"))
        #expect(report.environ["PWD"] == report.cwd)
        #expect(report.environ["USER_CODE_ROOT"] == report.cwd + "/")
    }

    @Test("the context has the cloud's fields")
    func context() async throws {
        let settings = "timeout: 45\nmemory: 256\nenvironment:\n  B: '2'\n  A: 'x;y'"
        let (report, result) = try await report(settings: settings)
        let context = report.context
        #expect(context.request_id == result.functionRequestId)
        #expect(context.function_name == "f")
        #expect(context.namespace == "default")
        #expect(context.function_version == "$LATEST")
        #expect(context.memory_limit_in_mb == 256)
        #expect(context.time_limit_in_ms == 45_000)
        #expect(context.tencentcloud_region == "ap-guangzhou")
        #expect(context.environ == "A=x;y;B=2;SCF_NAMESPACE=default")
        #expect(context.environment == #"{"A":"x;y","B":"2","SCF_NAMESPACE":"default"}"#)
    }

    @Test("no open file of this program is handed on")
    func descriptors() async throws {
        let descriptor = open("/dev/null", O_RDONLY)  // without close-on-exec
        defer { close(descriptor) }
        try functions.add("f", bootstrap: "#!/bin/sh\nls /proc/self/fd\n")
        // 3 is the folder that ls reads.
        #expect(try await functions.run("f").retMsg == "0\n1\n2\n3\n")
    }

    @Test("no byte code is written into the function's folder")
    func noByteCode() async throws {
        let folder = try functions.add("f", python: "import other\nmain_handler = other.run\n")
        try Data("def run(event, context):\n    return 'ran'\n".utf8).write(to: folder.appending(path: "other.py"))
        #expect(try await functions.run("f").retMsg == "ran")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(files == ["function.yaml", "index.py", "other.py"])
    }

    @Test("nothing of an event is left in the temporary folder")
    func noEventFile() async throws {
        try functions.add("f", bootstrap: "#!/bin/sh\nreadlink /proc/self/fd/0\n")
        let file = try await functions.run("f", event: #""secret""#).retMsg
        #expect(file.hasSuffix(" (deleted)\n"))
    }
}
