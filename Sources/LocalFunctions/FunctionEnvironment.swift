// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// The environment of a function's process: what the cloud sets, and what `function.yaml` adds.
///
/// Nothing is taken over from this program's own environment, which may hold credentials.
struct FunctionEnvironment {
    /// Where programs are looked up: `python3`, and whatever a `bootstrap` calls.
    static let searchPath = "/usr/local/bin:/usr/bin:/bin"

    let variables: [String: String]

    init(of function: Function, region: String, marker: RunMarker) {
        var variables = [
            "PATH": Self.searchPath,
            "HOME": "/tmp",  // the one folder that the cloud lets functions write to
            "PWD": function.folder.string,
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TENCENTCLOUD_RUNENV": "SCF",
            "TENCENTCLOUD_REGION": region,
            "SCF_RUNTIME": function.runtime.name,
            "SCF_FUNCTIONNAME": function.name,
            "SCF_FUNCTIONVERSION": Function.version,
            "SCF_NAMESPACE": function.namespace,
            "USER_CODE_ROOT": function.folder.string + "/",
            "_HANDLER": function.settings.handler,
        ]
        variables.merge(function.settings.environment) { _, own in own }
        variables[RunMarker.variable] = marker.value
        self.variables = variables
    }
}
