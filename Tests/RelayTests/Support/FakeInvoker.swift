// SPDX-License-Identifier: Apache-2.0

import Invocation
import Synchronization
import TencentCloud

/// An invoker that does what a test says, and remembers what it was asked for.
final class FakeInvoker: Invoker {
    typealias Behaviour = @Sendable (InvokeRequest) async throws(CloudError) -> InvokeAnswer

    private let behaviour: Behaviour
    private let received = Mutex<[(request: InvokeRequest, context: CallContext)]>([])

    /// The calls that came in.
    var calls: [(request: InvokeRequest, requestId: String)] {
        received.withLock { $0.map { ($0.request, $0.context.requestId) } }
    }

    /// What came with them.
    var contexts: [CallContext] { received.withLock { $0.map(\.context) } }

    init(_ behaviour: @escaping Behaviour = { _ in FakeInvoker.hello }) {
        self.behaviour = behaviour
    }

    /// An invoker that gives the same answer to every call.
    convenience init(_ answer: InvokeAnswer) {
        self.init { _ in answer }
    }

    /// An invoker that refuses every call.
    convenience init(_ error: CloudError) {
        self.init { (_) throws(CloudError) in throw error }
    }

    func invoke(_ request: InvokeRequest, for context: CallContext) async throws(CloudError) -> InvokeAnswer {
        received.withLock { $0.append((request, context)) }
        return try await behaviour(request)
    }

    /// The API page's example. Its spaces show whether the bytes are passed on as they are.
    static let hello: InvokeAnswer = {
        let envelope = """
            { "Response": { "Result": { "MemUsage": 3207168, "Log": "", "RetMsg": "hello from scf", "BillDuration": 100,
            "FunctionRequestId": "6add56fa-58f1-11e8-89a9-5254005d5fdb", "Duration": 0.826, "ErrMsg": "",
            "InvokeResult": 0 }, "RequestId": "c2af8a64-c922-4d55-aee0-bd86a5c2cd12" } }
            """
        return InvokeAnswer(
            envelope: Array(envelope.utf8),
            result: InvokeResult(
                retMsg: "hello from scf", functionRequestId: "6add56fa-58f1-11e8-89a9-5254005d5fdb", duration: 0.826,
                billDuration: 100, memUsage: 3_207_168),
            requestId: "c2af8a64-c922-4d55-aee0-bd86a5c2cd12")
    }()
}
