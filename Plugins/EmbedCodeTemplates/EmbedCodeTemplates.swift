// SPDX-License-Identifier: Apache-2.0

import Foundation
import PackagePlugin

/// Makes every file of the target's `Code/Templates` a part of the program, so that a new language is a new file.
///
/// SwiftPM's own embedding gives each file a name and no list of them.
@main
struct EmbedCodeTemplates: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
        let folder = target.directoryURL.appending(path: "Code/Templates")
        let templates = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "mustache" }
            .sorted { $0.path < $1.path }
        let source = context.pluginWorkDirectoryURL.appending(path: "CodeTemplates.swift")
        return [
            .buildCommand(
                displayName: "Embed code templates",
                executable: try context.tool(named: "embed-code-templates").url,
                arguments: [source.path] + templates.map(\.path), inputFiles: templates, outputFiles: [source])
        ]
    }
}
