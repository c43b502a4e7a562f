// SPDX-License-Identifier: Apache-2.0

import Foundation
import LocalFunctions
import TencentCloud

@testable import Invocation

/// A folder of functions that a test writes, and an invoker for it. The folder goes when the test is over.
final class TemporaryFunctions {
    let root: URL

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "functions-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root.appending(path: "default"), withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: root)
    }

    /// Writes a function. Without settings it may take its time: tests share the machine.
    @discardableResult
    func add(
        _ name: String, namespace: String = "default", python: String? = nil, node: String? = nil,
        bootstrap: String? = nil,
        settings: String = "timeout: 60", mode: Int = 0o755
    ) throws -> URL {
        let folder = root.appending(path: namespace).appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(settings.utf8).write(to: folder.appending(path: "function.yaml"))
        if let python { try Data(python.utf8).write(to: folder.appending(path: "index.py")) }
        if let node { try Data(node.utf8).write(to: folder.appending(path: "index.js")) }
        if let bootstrap {
            let file = folder.appending(path: "bootstrap")
            try Data(bootstrap.utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        }
        return folder
    }

    var folder: FunctionFolder {
        get throws { try FunctionFolder(root: root.path) }
    }

    func invoker(
        limits: LocalInvoker.Limits = .init(), clock: any Clock<Duration> = ContinuousClock()
    ) throws -> LocalInvoker {
        LocalInvoker(functions: try folder, limits: limits, clock: clock)
    }

    /// Runs the function once and returns its `Result`.
    func run(_ name: String, event: String = "{}", log: Bool = false) async throws -> InvokeResult {
        try await invoker().run(name, event: Array(event.utf8), log: log)
    }
}

extension LocalInvoker {
    func run(
        _ name: String, event: [UInt8]? = Array("{}".utf8), qualifier: String? = nil, log: Bool = false
    ) async throws -> InvokeResult {
        let request = InvokeRequest(
            functionName: name, qualifier: qualifier, event: event, logType: log ? .tail : .none)
        return try await invoke(request, requestId: "c2af8a64-c922-4d55-aee0-bd86a5c2cd12").result
    }
}

extension InvokeRequest {
    /// A request that nothing has checked, for names that no checked request could hold.
    init(
        functionName: String, invocationType: InvocationType = .requestResponse, qualifier: String? = nil,
        event: [UInt8]? = nil, logType: LogType = .none, namespace: String? = nil, region: String? = nil
    ) {
        var limits = Limits()
        limits.clientContextBytes = 6 << 20
        limits.nestingDepth = 1_000_000
        self.init(
            functionName: functionName, invocationType: invocationType, qualifier: qualifier,
            clientContext: event.flatMap { try? ClientContext(json: $0[...], limits: limits) }, logType: logType,
            namespace: namespace, region: region, routingKey: nil)
    }
}

/// RetMsg of a function that failed.
struct FailedRetMsg: Decodable {
    let errorCode: Int
    let errorMessage: String
    let requestId: String
    let stackTrace: String?
    let statusCode: Int

    init(_ result: InvokeResult) throws {
        self = try JSONDecoder().decode(FailedRetMsg.self, from: Data(result.retMsg.utf8))
    }
}

/// Waits until something holds, for at most a minute.
func eventually(_ condition: () throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
        if try condition() { return true }
        try await Task.sleep(for: .milliseconds(2))
    }
    return try condition()
}

/// Whether the process runs: one that has ended and waits for its parent does not.
func isRunning(_ process: Int) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
    let state = stat.split(separator: ")").last?.split(separator: " ").first
    return state != "Z" && state != "X"
}

/// Whether the process stands still (SIGSTOP).
func isStopped(_ process: Int) -> Bool {
    let stat = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    return stat.split(separator: ")").last?.split(separator: " ").first == "T"
}

/// The process id that a function wrote into a file.
func processId(in file: URL) throws -> Int? {
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
    return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
}
