// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SystemPackage
public import TencentCloud

/// The folder that functions are found in: `ROOT/<namespace>/<function>/`.
///
/// It is read anew at each call, so a function that was just saved is the one that runs.
/// Nothing outside the root is ever reached: names cannot hold a path, and links that lead out are refused.
public struct FunctionFolder: Sendable {
    static let defaultNamespace = "default"
    /// Far more than the five keys need.
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
        entries(of: root).filter(Self.isNamespace).flatMap { namespace in
            entries(of: root.appending(namespace)).filter(Self.isFunctionName).compactMap { name in
                summary(of: name, in: namespace)
            }
        }
    }

    /// The function of this name, ready to run.
    ///
    /// - Throws: `ResourceNotFound.Namespace`, `ResourceNotFound.FunctionName`, or
    ///   `FailedOperation.FunctionStatusError` where its `function.yaml` is wrong.
    func function(named name: String, in namespace: String) throws(CloudError) -> Function {
        guard Self.isNamespace(namespace), contained(root.appending(namespace))?.isDirectory == true else {
            throw CloudError("ResourceNotFound.Namespace", "namespace \(namespace) does not exist")
        }
        guard Self.isFunctionName(name), let folder = contained(root.appending(namespace).appending(name)) else {
            throw CloudError(
                "ResourceNotFound.FunctionName", "function \(name) does not exist in namespace \(namespace)")
        }
        guard let runtime = runtime(of: folder) else {
            let files = FunctionRuntimes.all.map(\.entryFile).joined(separator: " or ")
            throw CloudError(
                "ResourceNotFound.FunctionName", "function \(name) in namespace \(namespace) has no \(files)")
        }
        do {
            let settings = try settings(in: folder)
            return Function(name: name, namespace: namespace, folder: folder, settings: settings, runtime: runtime)
        } catch {
            let line = error.line.map { ", line \($0)" } ?? ""
            throw CloudError(
                "FailedOperation.FunctionStatusError", "\(namespace)/\(name)/function.yaml\(line): \(error.message)")
        }
    }

    private func summary(of name: String, in namespace: String) -> FunctionSummary? {
        do {
            let function = try function(named: name, in: namespace)
            return FunctionSummary(name: name, namespace: namespace, description: function.settings.description)
        } catch  where error.code.belongs(to: "ResourceNotFound") {
            return nil
        } catch {
            return FunctionSummary(name: name, namespace: namespace, description: "", problem: error.message)
        }
    }

    private func runtime(of folder: FilePath) -> (any FunctionRuntime)? {
        FunctionRuntimes.all.first { contained(folder.appending($0.entryFile))?.isRegularFile == true }
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
    private func contained(_ path: FilePath) -> FilePath? {
        guard let resolved = path.resolved, resolved.string.hasPrefix(rootPrefix) else { return nil }
        return resolved
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
