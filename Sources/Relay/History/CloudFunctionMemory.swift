// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Invocation

/// Asks the cloud how much memory functions may use, and remembers what it says.
///
/// Where the credential may not ask, or the cloud does not answer, that is remembered too, for a shorter time.
actor CloudFunctionMemory: FunctionMemory {
    private let ask: @Sendable (FunctionVersion) async -> Int?
    private let now: @Sendable () -> Monotonic
    private var known: [FunctionVersion: (memorySize: Int?, until: Monotonic)] = [:]

    /// A function's memory is changed now and then.
    private static let rememberAnswer = Duration.seconds(3600)
    private static let rememberSilence = Duration.seconds(600)
    /// Versions that are remembered; whoever names more has them asked again.
    private static let most = 4096

    /// - Parameters:
    ///   - now: The monotonic clock.
    ///   - ask: Asks the cloud.
    init(now: @escaping @Sendable () -> Monotonic = { .now }, ask: @escaping @Sendable (FunctionVersion) async -> Int?)
    {
        self.now = now
        self.ask = ask
    }

    func memorySize(of function: FunctionVersion) async -> Int? {
        let time = now()
        if let answer = known[function], answer.until > time { return answer.memorySize }
        let memorySize = await ask(function)
        if known.count >= Self.most { known = [:] }
        known[function] = (memorySize, time + (memorySize == nil ? Self.rememberSilence : Self.rememberAnswer))
        return memorySize
    }
}

extension CloudFunctionMemory {
    /// One that asks this catalogue's cloud.
    init(_ catalogue: CloudCatalogue) {
        self.init { function in
            await catalogue.memorySize(
                of: function.functionName, namespace: function.namespace,
                qualifier: function.qualifier.isEmpty ? nil : function.qualifier,
                region: function.region.isEmpty ? nil : function.region)
        }
    }
}
