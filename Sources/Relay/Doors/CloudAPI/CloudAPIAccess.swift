// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud

/// Who may call the cloud's API here, and what their calls run with.
protocol CloudAPIAccess: Sendable {
    /// The credentials of a SecretId: none where it is unknown, several while a key is replaced.
    func credentials(of secretId: String) -> [Credential]
    /// Lets a caller in, whose signature was made with one of ``credentials(of:)``.
    func admit(_ caller: VerifiedCaller) -> Admission
}

/// What a caller is let in as.
struct Admission: Sendable {
    /// The caller's name for the log; `nil` where callers have none.
    let name: String?
    /// Runs functions by the rules that hold for this caller.
    let invoker: any Invoker
    /// Knows what functions there are; `nil` where callers may not ask.
    var catalogue: (any FunctionCatalogue)?
    /// Which of the caller's keys it was, from 1, for the log; `nil` where callers have but one.
    var key: Int?
}
