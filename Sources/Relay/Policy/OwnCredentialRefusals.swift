// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud

/// Keeps apart whose credentials were refused, for callers who have some of their own.
///
/// Where the cloud refuses the relay's credential, its code (`AuthFailure.…`) would tell an SDK's user that the own key
/// is wrong. What is true for him is that the service behind the key has an error of its own. The log has the rest.
struct OwnCredentialRefusals: Invoker {
    let invoker: any Invoker

    func invoke(_ request: InvokeRequest, for context: CallContext) async throws(CloudError) -> InvokeAnswer {
        do throws(CloudError) {
            return try await invoker.invoke(request, for: context)
        } catch {
            throw Self.forCaller(error)
        }
    }

    private static let families = ["AuthFailure", "UnauthorizedOperation", "InvalidCredential"]

    private static func forCaller(_ error: CloudError) -> CloudError {
        guard families.contains(where: error.code.belongs) else { return error }
        var hidden = error
        hidden.code = "InternalError"
        hidden.operatorDetail = "\(error.code): \(error.operatorDetail ?? error.message)"
        return hidden
    }
}
