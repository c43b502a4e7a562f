// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Writes a Swift source with the texts of files: `embed-code-templates SOURCE TEMPLATE…`. Run by the plugin of that name.
@main
enum EmbedCodeTemplates {
    static func main() throws {
        let paths = CommandLine.arguments.dropFirst()
        guard let source = paths.first else { fatalError("usage: embed-code-templates SOURCE TEMPLATE...") }
        let templates = try paths.dropFirst().map { try literal(String(contentsOfFile: $0, encoding: .utf8)) }
        let text = """
            /// The files of `Code/Templates`.
            let codeTemplates: [String] = [
            \(templates.joined(separator: ",\n"))
            ]

            """
        // SwiftPM runs this anew where a variable of the environment has changed: a new file would build all that needs it.
        if let written = try? String(contentsOfFile: source, encoding: .utf8), written == text { return }
        try text.write(toFile: source, atomically: true, encoding: .utf8)
    }

    /// Every scalar by its number where it means something in a literal, and not only where it would end it.
    private static func literal(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\\", "\"", "\0"..<" ": "\\u{\(String(scalar.value, radix: 16))}"
            default: String(scalar)
            }
        }
        return "\"\(scalars.joined())\""
    }
}
