// SPDX-License-Identifier: Apache-2.0

import Invocation

extension InvokeRequest {
    /// The pieces of the cloud's POST as one body.
    var wireBody: [UInt8] { Array(wirePieces(for: action).joined()) }
}
