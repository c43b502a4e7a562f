// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud

/// scf-local's callers: whoever has one of a few credentials, and all alike.
struct FixedAccess: CloudAPIAccess {
    let credentials: [Credential]
    let invoker: any Invoker
    let catalogue: any FunctionCatalogue

    func credentials(of secretId: String) -> [Credential] {
        credentials.filter { $0.secretId == secretId }
    }

    func admit(_ caller: VerifiedCaller) -> Admission {
        Admission(name: nil, invoker: invoker, catalogue: catalogue)
    }
}
