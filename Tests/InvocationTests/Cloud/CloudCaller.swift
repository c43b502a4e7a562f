// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import EventLoop
import Foundation
import Synchronization
import TencentCloud

@testable import Invocation

/// An invoker, and how long it waited.
struct CloudCaller: Sendable {
    private let invoker: CloudInvoker
    private let recorder = Recorder()
    let furtherTries = FurtherTries()
    let clock: CloudClock

    var waits: [Duration] { recorder.durations }

    init(
        port: UInt16, credential: Credential = TestCloud.credential, credentials: (any CredentialProvider)? = nil,
        timeout: Duration = .seconds(20),
        limits: Limits = Limits(), now: @escaping @Sendable () -> Int = { TestCloud.now },
        actions: ActionChoice = ActionChoice(),
        pause: @escaping CloudInvoker.Pause = { _, _ in }
    ) throws {
        var settings = HTTPClient.Settings()
        settings.allowsPlainHTTP = true
        settings.responseBytes = limits.responseBytes
        clock = CloudClock(now: now)
        invoker = CloudInvoker(
            endpoint: try CloudEndpoint("http://127.0.0.1:\(port)"), region: "ap-guangzhou", actions: actions,
            credentials: credentials ?? FixedCredential(credential),
            client: HTTPClient(loops: try EventLoopGroup(count: 1), settings: settings), timeout: timeout,
            limits: limits, clock: clock, furtherTries: furtherTries,
            pause: { [recorder] (time, action) throws(CloudError) in
                recorder.add(time)
                try await pause(time, action)
            })
    }

    func invoke(
        _ parameters: [(name: String, value: String)] = [], for context: CallContext = CallContext(requestId: "id")
    ) async throws -> Result<InvokeAnswer, CloudError> {
        let all =
            parameters.contains { $0.name == "FunctionName" }
            ? parameters : parameters + [("FunctionName", "hello")]
        let request = try InvokeRequest(parameters: all, limits: Limits())
        do throws(CloudError) {
            return .success(try await invoker.invoke(request, for: context))
        } catch {
            return .failure(error)
        }
    }
}

final class Recorder: Sendable {
    private let state = Mutex<[Duration]>([])
    var durations: [Duration] { state.withLock { $0 } }
    func add(_ duration: Duration) { state.withLock { $0.append(duration) } }
}

extension TestCloud {
    static let now = 1_700_000_000
    static let credential = Credential(secretId: "AKIDTEST", secretKey: Secret("a-secret-key"))
    static let success = #"{"Response":{"Result":{"RetMsg":"hi","FunctionRequestId":"f"},"RequestId":"r"}}"#

    static func failure(_ code: String, _ message: String = "as the cloud says it") -> String {
        #"{"Response":{"Error":{"Code":"\#(code)","Message":"\#(message)"},"RequestId":"e"}}"#
    }

    /// The error that a call must end in.
    static func error(_ result: Result<InvokeAnswer, CloudError>) throws -> CloudError {
        guard case .failure(let error) = result else { throw CloudError("none", "the call succeeded") }
        return error
    }

    /// A time as servers write it.
    static func date(_ seconds: Int) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds)))
    }
}
