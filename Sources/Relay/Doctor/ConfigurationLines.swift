// SPDX-License-Identifier: Apache-2.0

import StrictYAML
import Yams

/// Where the keys of a configuration file stand.
struct ConfigurationLines: Sendable {
    private let file: String
    private let lines: [String: Int]

    /// Takes the text of a file that has been read as a configuration before.
    init(yaml: String, file: String) {
        self.file = file
        var lines: [String: Int] = [:]
        if let top = (try? StrictYAML.compose(yaml))?.mapping {
            for (key, value) in top {
                guard let name = key.scalar?.string else { continue }
                lines[name] = key.mark?.line
                for (inner, _) in value.mapping ?? [:] {
                    if let innerName = inner.scalar?.string { lines["\(name).\(innerName)"] = inner.mark?.line }
                }
            }
        }
        self.lines = lines
    }

    /// `relay.yaml:7` for `cloud.timeoutSeconds`; where the key is not there, the line of `cloud`; else the file.
    func place(of key: String) -> String {
        let section = String(key.prefix { $0 != "." })
        guard let line = lines[key] ?? lines[section] else { return file }
        return "\(file):\(line)"
    }
}
