// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// The environment of a function's process: what the cloud sets, and what `function.yaml` adds.
///
/// Nothing is taken over from this program's own environment, which may hold credentials.
struct FunctionEnvironment {
    /// Where programs are looked up: `python3`, and whatever a `bootstrap` calls.
    static let searchPath = "/usr/local/bin:/usr/bin:/bin"

    let variables: [String: String]

    init(of function: Function, region: String) {
        let folder = function.folder.string
        var variables = [
            "PATH": Self.searchPath,
            "HOME": "/tmp",  // the one folder that the cloud lets functions write to
            "USER": "qcloud",
            "LOGNAME": "qcloud",
            "PWD": folder,
            "PYTHONPATH": "\(folder):/opt",
            "NODE_PATH": "\(folder)/node_modules:/opt/node_modules",
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TENCENTCLOUD_RUNENV": "SCF",
            "TENCENTCLOUD_REGION": region,
            // There is no account on this machine, but code that reads these should not fail for a missing one.
            "TENCENTCLOUD_APPID": "",
            "TENCENTCLOUD_UIN": "",
            "TENCENTCLOUD_TZ": "UTC",
            "TZ": "UTC",
            "SCF_RUNTIME": function.runtimeName,
            "SCF_FUNCTIONNAME": function.name,
            "SCF_FUNCTIONVERSION": function.version.description,
            "SCF_NAMESPACE": function.namespace,
            "USER_CODE_ROOT": folder + "/",
            "_HANDLER": function.settings.handler,
        ]
        variables.merge(function.settings.environment) { _, own in own }
        self.variables = variables
    }
}
