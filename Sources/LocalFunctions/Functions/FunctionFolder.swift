// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SystemPackage
public import TencentCloud

/// The folder that functions are found in: `ROOT/<namespace>/<function>/`, and beside it, as `<function>@1`, what was
/// published of it.
///
/// It is read anew at each call, so a function that was just saved is the one that runs.
/// Nothing outside the root is ever reached: names cannot hold a path, and links that lead out are refused.
public struct FunctionFolder: Sendable {
    static let defaultNamespace = "default"
    /// Far more than the keys need.
    private static let settingsBytes = 64 << 10

    private let root: FilePath
    /// The root with a slash at its end: what the path of everything within begins with.
    private let rootPrefix: String

    /// Opens the folder at `root`.
    ///
    /// - Throws: `InvalidParameterValue` where there is no such folder.
    public init(root: String) throws(CloudError) {
        guard let resolved = FilePath(root).resolved, resolved.isDirectory else {
            throw CloudError("InvalidParameterValue", "there is no folder \(root) to find functions in")
        }
        self.root = resolved
        rootPrefix = resolved.string.hasSuffix("/") ? resolved.string : resolved.string + "/"
    }

    /// Every function there is, sorted by namespace and name.
    public func functions() -> [FunctionSummary] {
        namespaces().flatMap { namespace in
            names(in: namespace).compactMap { summary(of: $0, in: namespace) }
        }
    }

    /// The version of a function that a call names, ready to run. The qualifier is a version, an alias, or `$DEFAULT`,
    /// which is `$LATEST` unless an alias says otherwise.
    ///
    /// - Throws: `ResourceNotFound.Namespace`, `ResourceNotFound.FunctionName`, `ResourceNotFound.Qualifier`,
    ///   `ResourceNotFound.FunctionVersion` where an alias stands for a version that is not there, or
    ///   `FailedOperation.FunctionStatusError` where its `function.yaml` is wrong.
    func function(
        named name: String, in namespace: String, qualifier: String = "$LATEST"
    ) throws(CloudError) -> Function {
        try checkNamespace(namespace)
        guard Self.isFunctionName(name), folder(of: name, in: namespace) != nil else {
            throw CloudError(
                "ResourceNotFound.FunctionName", "function \(name) does not exist in namespace \(namespace)")
        }
        if let version = FunctionVersion(qualifier) {
            return try function(named: name, in: namespace, version: version, insteadOf: "ResourceNotFound.Qualifier")
        }
        let latest = try function(named: name, in: namespace, version: .latest)
        // Whether it was meant as a version or as an alias cannot be told: hence the code that fits both.
        guard let version = latest.settings.aliases[qualifier] ?? (qualifier == "$DEFAULT" ? .latest : nil) else {
            throw CloudError(
                "ResourceNotFound.Qualifier", "function \(name) has no version or alias \(qualifier)")
        }
        return try function(
            named: name, in: namespace, version: version, insteadOf: "ResourceNotFound.FunctionVersion")
    }

    /// - Throws: `ResourceNotFound.Namespace`.
    func checkNamespace(_ namespace: String) throws(CloudError) {
        guard Self.isNamespace(namespace), contained(root.appending(namespace))?.isDirectory == true else {
            throw CloudError("ResourceNotFound.Namespace", "namespace \(namespace) does not exist")
        }
    }

    /// The functions of a namespace, sorted by name. Some may turn out to have nothing that can be run.
    func names(in namespace: String) -> [String] {
        entries(of: root.appending(namespace)).filter(Self.isFunctionName)
    }

    /// The folder of a function, where there is one.
    func folder(of name: String, in namespace: String) -> FilePath? {
        contained(root.appending(namespace).appending(name))
    }

    /// The published versions of a function, in order: the folders `NAME@1`, `NAME@2`, ….
    func versions(of name: String, in namespace: String) -> [Int] {
        entries(of: root.appending(namespace)).compactMap { entry in
            let parts = entry.split(separator: "@", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0] == name, case .published(let number)? = FunctionVersion(parts[1]) else {
                return nil
            }
            return number
        }.sorted()
    }

    /// A version of a function; `code` says what it means that there is no folder for it.
    private func function(
        named name: String, in namespace: String, version: FunctionVersion,
        insteadOf code: ErrorCode = "ResourceNotFound.FunctionName"
    ) throws(CloudError) -> Function {
        let entry = version.folder(of: name)
        guard let folder = contained(root.appending(namespace).appending(entry)) else {
            throw CloudError(code, "function \(name) has no version \(version): there is no \(namespace)/\(entry)")
        }
        do {
            let settings = try settings(in: folder)
            guard let runtime = runtime(of: folder, settings) else { throw notRunnable(entry, in: namespace) }
            return Function(
                name: name, namespace: namespace, version: version, folder: folder, settings: settings,
                runtime: runtime)
        } catch let error as FunctionSettingsError {
            let line = error.line.map { ", line \($0)" } ?? ""
            throw CloudError(
                "FailedOperation.FunctionStatusError", "\(namespace)/\(entry)/function.yaml\(line): \(error.message)")
        } catch {
            throw error as? CloudError ?? CloudError("InternalError", "\(error)")
        }
    }

    private func notRunnable(_ entry: String, in namespace: String) -> CloudError {
        let files = FunctionRuntime.all.map(\.entryFile).joined(separator: ", ")
        return CloudError(
            "ResourceNotFound.FunctionName", "there is nothing to run in \(namespace)/\(entry): none of \(files)")
    }

    private func summary(of name: String, in namespace: String) -> FunctionSummary? {
        var summary = FunctionSummary(name: name, namespace: namespace)
        do {
            let function = try function(named: name, in: namespace)
            summary.description = function.settings.description
            summary.runtime = function.runtimeName
            summary.handler = function.runtime.keepsProcesses ? function.settings.handler : ""
            summary.aliases = function.settings.aliases.mapValues(\.description)
        } catch {
            // A folder with nothing to run is no function; one whose settings are wrong was meant to be one.
            guard !error.code.belongs(to: "ResourceNotFound") else { return nil }
            summary.problem = error.message
        }
        summary.versions = versions(of: name, in: namespace)
        return summary
    }

    /// What `function.yaml` says; else what there is a file for: `bootstrap`, the handler's own, `index.py`, `index.js`.
    private func runtime(of folder: FilePath, _ settings: FunctionSettings) -> FunctionRuntime? {
        func has(_ file: String) -> Bool { contained(folder.appending(file))?.isRegularFile == true }
        if let runtime = settings.runtime.flatMap(FunctionRuntime.named) {
            let file = folder.appending(
                runtime.handlerSuffix.map { settings.handlerModule + $0 } ?? runtime.entryFile)
            // A link that leads out is nothing to run, whatever the settings say.
            return file.exists && contained(file) == nil ? nil : runtime
        }
        if has(FunctionRuntime.custom.entryFile) { return .custom }
        return FunctionRuntime.all.first { runtime in
            runtime.handlerSuffix.map { has(settings.handlerModule + $0) } ?? false
        } ?? FunctionRuntime.all.first { has($0.entryFile) }
    }

    private func settings(in folder: FilePath) throws(FunctionSettingsError) -> FunctionSettings {
        let file = folder.appending("function.yaml")
        guard file.exists else { return FunctionSettings() }
        guard let file = contained(file), file.isRegularFile else {
            throw FunctionSettingsError(line: nil, message: "not a file in this folder")
        }
        guard let bytes = readFile(file, upTo: Self.settingsBytes), let text = String(validating: bytes, as: UTF8.self)
        else {
            throw FunctionSettingsError(
                line: nil, message: "not readable as UTF-8 text of at most \(Self.settingsBytes) bytes")
        }
        return try FunctionSettings(yaml: text)
    }

    /// The path without symbolic links, where it exists and lies within the root.
    func contained(_ path: FilePath) -> FilePath? {
        guard let resolved = path.resolved, resolved.string.hasPrefix(rootPrefix) else { return nil }
        return resolved
    }

    private func namespaces() -> [String] {
        entries(of: root).filter(Self.isNamespace)
    }

    private func entries(of folder: FilePath) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []).sorted()
    }

    /// 1 to 30 letters, digits, `-` and `_`.
    private static func isNamespace(_ name: String) -> Bool {
        (1...30).contains(name.utf8.count) && name.hasOnlyNameCharacters
    }

    /// 1 to 60 letters, digits, `-` and `_`, the first a letter.
    private static func isFunctionName(_ name: String) -> Bool {
        (1...60).contains(name.utf8.count) && name.hasOnlyNameCharacters && name.first?.isLetter == true
    }
}
