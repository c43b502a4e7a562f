// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import TencentCloud
import Testing

@testable import Relay

/// Callers at the relay's own cloud API: their keys, their rights, their rates, what they are told.
@Suite("Callers")
struct CallersTests {
    private static let now = 1_700_000_000
    private static let reports = Credential(secretId: "AKIDREPORTS", secretKey: Secret("reports-secret"))
    private static let old = Credential(secretId: "AKIDCI", secretKey: Secret("the-old-secret"))
    private static let new = Credential(secretId: "AKIDCI", secretKey: Secret("the-new-secret"))
    private static let other = Credential(secretId: "AKIDCI2", secretKey: Secret("another-secret"))
    private static let temporary = Credential(
        secretId: "AKIDTEMP", secretKey: Secret("passing-secret"), token: Secret("the-token"))

    /// The door with its callers, and an invoker of the test's instead of the cloud.
    private struct API {
        let router: Router
        let callers: Callers
        let cloud: FakeInvoker
        let log: CapturedLog

        init(_ all: [Caller], cloud: FakeInvoker = FakeInvoker(), ownPacer: Pacer? = nil, pacer: Pacer? = nil) throws {
            let gate = InFlightGate(limit: 100)
            let readiness = Readiness(gate: gate)
            let pacer = pacer ?? Pacer(perSecond: 0, longestWait: .zero)
            log = try CapturedLog()
            self.cloud = cloud
            callers = Callers(all) { caller in
                PolicedInvoker(
                    functions: FunctionList(caller.functions, of: "the caller \(caller.name)"), gate: gate,
                    pacer: pacer,
                    ownPacer: ownPacer, invoker: OwnCredentialRefusals(invoker: cloud))
            }
            router = .cloudAPI(
                access: callers, regions: .any, limits: Limits(), obstacle: { readiness.obstacle }, observer: log.log,
                now: { CallersTests.now })
        }

        /// The code that a call is answered with; `OK` for success.
        func call(
            _ function: String = "hello", by credential: Credential, token: String? = nil, language: String = "en-US"
        ) async -> String {
            let body = Array("{\"FunctionName\":\"\(function)\"}".utf8)
            let signature = TC3Signer(credential: credential, host: "relay.example").sign(
                .post, contentType: "application/json", body: body.span, timestamp: CallersTests.now)
            var headers = [
                "Host": "relay.example", "Authorization": signature.authorization,
                "X-TC-Timestamp": signature.timestamp, "X-TC-Action": "Invoke", "X-TC-Version": "2018-04-16",
                "X-TC-Region": "ap-guangzhou", "X-TC-Language": language,
            ]
            headers["X-TC-Token"] = token ?? credential.token?.reveal()
            let response = await router.answer(
                TestRelay.request("POST", "/", contentType: "application/json", headers: headers, body: body))
            #expect(response.status == .ok)
            #expect(response.type == "application/json")
            guard let code = response.text.firstMatch(of: /"Code":"([^"]*)"/) else { return "OK" }
            return String(code.output.1)
        }
    }

    private static func caller(_ name: String, _ keys: Credential..., functions: [String] = ["hello"]) -> Caller {
        Caller(name: name, keys: keys, functions: functions.map { .init(name: $0) })
    }

    @Test("A caller runs what is on the own list, and nothing that is on another's")
    func rights() async throws {
        let api = try API([
            Self.caller("reports", Self.reports, functions: ["hello", "echo"]),
            Self.caller("ci", Self.old, functions: ["job"]),
        ])
        #expect(await api.call("hello", by: Self.reports) == "OK")
        #expect(await api.call("echo", by: Self.reports) == "OK")
        #expect(await api.call("job", by: Self.reports) == "UnauthorizedOperation.CAM")
        #expect(await api.call("job", by: Self.old) == "OK")
        #expect(await api.call("hello", by: Self.old) == "UnauthorizedOperation.CAM")
        #expect(api.cloud.calls.map(\.request.functionName) == ["hello", "echo", "job"])
        let refusals = api.log.lines().filter { $0.contains("UnauthorizedOperation.CAM") }
        #expect(refusals.count == 2)
        #expect(refusals.first?.contains(#""caller":"reports","secretId":"AKIDREPORTS""#) == true)
        #expect(refusals.first?.contains("default/job is not on the list of functions of the caller reports") == true)
    }

    @Test("Both keys of a caller open the door while one is replaced; each is counted, and named in the log")
    func rotation() async throws {
        let api = try API([Self.caller("ci", Self.old, Self.new), Self.caller("two", Self.reports, Self.other)])
        for key in [Self.old, Self.new, Self.new, Self.other] { #expect(await api.call(by: key) == "OK") }
        #expect(await api.call("job", by: Self.new) == "UnauthorizedOperation.CAM")
        let wrong = Credential(secretId: "AKIDCI", secretKey: Secret("neither-of-them"))
        #expect(await api.call(by: wrong) == "AuthFailure.SignatureFailure")
        #expect(api.callers.keyUses.map(\.calls) == [1, 3, 0, 1])
        #expect(api.callers.keyUses.map(\.number) == [1, 2, 1, 2])
        #expect(api.callers.keyUses.map(\.caller) == ["ci", "ci", "two", "two"])
        let keys = api.log.lines().map { $0.firstMatch(of: /"key":(\d)/)?.output.1 }
        #expect(keys == ["1", "2", "2", "2", "2", nil])
    }

    @Test("A caller with one key has no number in the log")
    func oneKey() async throws {
        let api = try API([Self.caller("reports", Self.reports)])
        #expect(await api.call(by: Self.reports) == "OK")
        let line = try #require(api.log.lines().first)
        #expect(line.contains(#""caller":"reports""#) && !line.contains(#""key""#))
    }

    static let tokens: [(token: String?, code: String)] = [
        ("the-token", "OK"), ("the-tokeN", "AuthFailure.TokenFailure"), ("the-token2", "AuthFailure.TokenFailure"),
        ("", "AuthFailure.TokenFailure"),
    ]

    @Test("A temporary key goes with its token alone", arguments: tokens)
    func token(token: String?, code: String) async throws {
        let api = try API([Self.caller("temp", Self.temporary), Self.caller("reports", Self.reports)])
        #expect(await api.call(by: Self.temporary, token: token) == code)
        #expect(await api.call(by: Self.reports, token: "the-token") == "AuthFailure.TokenFailure")
        #expect(api.callers.keyUses.map(\.calls) == [code == "OK" ? 1 : 0, 0])
    }

    @Test("Who is nobody's caller is refused")
    func nobody() async throws {
        let api = try API([Self.caller("reports", Self.reports)])
        let stranger = Credential(secretId: "AKIDLOCAL", secretKey: Secret("local-secret"))
        #expect(await api.call(by: stranger) == "AuthFailure.SecretIdNotFound")
        #expect(api.cloud.calls.isEmpty)
    }

    @Test("A caller's own rate comes before that of all calls, and takes none of its turns")
    func ownRate() async throws {
        let own = PacedCalls(perSecond: 1, longestWait: .zero)
        let shared = PacedCalls(perSecond: 2, longestWait: .zero)
        let api = try API([Self.caller("reports", Self.reports)], ownPacer: own.pacer, pacer: shared.pacer)
        #expect(await api.call(by: Self.reports) == "OK")
        #expect(await api.call(by: Self.reports) == "RequestLimitExceeded")
        #expect(api.cloud.calls.count == 1)
        // One of two turns is left.
        await shared.arrive()
        await shared.arrive()
        #expect(shared.outcomes == [.started(.zero), .refused(retryAfterSeconds: 1)])
    }

    @Test("The rate of all calls holds for callers, too")
    func sharedRate() async throws {
        let shared = PacedCalls(perSecond: 1, longestWait: .zero)
        await shared.arrive()
        let api = try API([Self.caller("reports", Self.reports)], pacer: shared.pacer)
        #expect(await api.call(by: Self.reports) == "RequestLimitExceeded")
    }

    static let refusals: [(code: ErrorCode, told: String)] = [
        ("AuthFailure.SignatureFailure", "InternalError"), ("AuthFailure.SecretIdNotFound", "InternalError"),
        ("UnauthorizedOperation.CAM", "InternalError"), ("UnauthorizedOperation", "InternalError"),
        ("InvalidCredential", "InternalError"), ("ResourceNotFound.FunctionName", "ResourceNotFound.FunctionName"),
        ("RequestLimitExceeded", "RequestLimitExceeded"), ("ClientError.Timeout", "ClientError.Timeout"),
    ]

    @Test(
        "Where the cloud refuses the relay's credential, a caller is not told that the own key is wrong",
        arguments: refusals)
    func refusal(code: ErrorCode, told: String) async throws {
        let cloud = FakeInvoker(CloudError(code, "for the caller", operatorDetail: "the cloud's own words"))
        let api = try API([Self.caller("reports", Self.reports)], cloud: cloud)
        #expect(await api.call(by: Self.reports) == told)
        let line = try #require(api.log.lines().first)
        #expect(line.contains("the cloud's own words"))
        #expect(line.contains(code.rawValue))
    }

    @Test("The door is ready when all sockets are open, and says so until it drains")
    func readiness() {
        let readiness = Readiness(gate: InFlightGate(limit: 1))
        #expect(readiness.obstacle == "starting")
        readiness.beginServing()
        #expect(readiness.obstacle == nil)
        readiness.beginDraining()
        #expect(readiness.obstacle == "draining")
    }
}
