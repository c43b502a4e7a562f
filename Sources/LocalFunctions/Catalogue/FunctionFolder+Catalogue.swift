// SPDX-License-Identifier: Apache-2.0

public import Invocation
import SystemPackage
public import TencentCloud

extension FunctionFolder: FunctionCatalogue {
    /// What the cloud shows at most of a handler's file.
    private static let shownCodeBytes = 1 << 20

    /// Some of the functions of a namespace; see ``FunctionCatalogue/list(_:)``.
    public func list(_ request: ListFunctionsRequest) async throws(CloudError) -> ListFunctionsResponse {
        // Files are read: not on the caller's own thread, which may serve others.
        try await withTaskExecutorPreference(globalConcurrentExecutor) {
            () async throws(CloudError) -> ListFunctionsResponse in
            let namespace = request.namespace ?? Self.defaultNamespace
            try checkNamespace(namespace)
            return request.choose(from: names(in: namespace).compactMap { listing(of: $0, in: namespace) })
        }
    }

    /// Everything that is known about a function; see ``FunctionCatalogue/get(_:)``.
    public func get(_ request: GetFunctionRequest) async throws(CloudError) -> FunctionDetails {
        try await withTaskExecutorPreference(globalConcurrentExecutor) {
            () async throws(CloudError) -> FunctionDetails in
            let qualifier = request.qualifier ?? FunctionVersion.latest.description
            let function = try function(
                named: request.functionName, in: request.namespace ?? Self.defaultNamespace, qualifier: qualifier)
            let code = CodeState(of: function.folder)
            let settings = function.settings
            return FunctionDetails(
                functionName: function.name, namespace: function.namespace,
                functionId: Self.id(of: function.name, in: function.namespace),
                functionVersion: function.version.description, qualifier: qualifier,
                modTime: CatalogueTime(unixSeconds: code.modified), description: settings.description,
                runtime: function.runtimeName, handler: function.runtime.keepsProcesses ? settings.handler : "",
                codeInfo: request.showCode ? shownCode(of: function) : "", codeSize: code.size,
                timeout: settings.timeoutSeconds, memorySize: settings.memoryMB, environment: settings.environment)
        }
    }

    private func listing(of name: String, in namespace: String) -> FunctionListing? {
        let id = Self.id(of: name, in: namespace)
        do {
            let function = try function(named: name, in: namespace)
            return FunctionListing(
                functionName: name, namespace: namespace, functionId: id,
                modTime: CatalogueTime(unixSeconds: CodeState(of: function.folder).modified),
                runtime: function.runtimeName, description: function.settings.description)
        } catch {
            // A folder with nothing to run is no function; one whose settings are wrong was meant to be one.
            guard !error.code.belongs(to: "ResourceNotFound"), let folder = folder(of: name, in: namespace) else {
                return nil
            }
            return FunctionListing(
                functionName: name, namespace: namespace, functionId: id,
                modTime: CatalogueTime(unixSeconds: CodeState(of: folder).modified), status: "CreateFailed",
                statusDesc: error.message,
                statusReasons: [StatusReason(errorCode: error.code.rawValue, errorMessage: error.message)])
        }
    }

    /// Text alone: what is no UTF-8 is not shown.
    private func shownCode(of function: Function) -> String {
        let file = contained(function.folder.appending(function.handlerFile))
        let bytes = file.flatMap { $0.isRegularFile ? readFile($0, upTo: Self.shownCodeBytes) : nil }
        return bytes.flatMap { String(validating: $0, as: UTF8.self) } ?? ""
    }

    /// The same for the same name, on every machine: FNV-1a, as eight digits to base 36.
    private static func id(of name: String, in namespace: String) -> String {
        let hash = "\(namespace)/\(name)".utf8.reduce(14_695_981_039_346_656_037 as UInt64) { hash, byte in
            (hash ^ UInt64(byte)) &* 1_099_511_628_211
        }
        let digits = String(hash % 2_821_109_907_456, radix: 36)
        return "lam-" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}
