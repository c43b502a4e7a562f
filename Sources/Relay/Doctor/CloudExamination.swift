// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import EventLoop
import Invocation
import TencentCloud

/// Looks at what the cloud says: its clock, whether it takes the credential, and how long each function may run. It asks for
/// lists and settings; nothing is run.
struct CloudExamination {
    let relay: Examined
    let credentials: Result<CloudCredentials, CloudError>
    let inquiry: CloudInquiry?
    /// The time, in UNIX seconds.
    let now: @Sendable () -> Int

    /// Functions whose settings are asked for.
    private static let maximumFunctions = 50
    /// What the cloud lets a clock be off is 300 s. Well before that, something is wrong with it.
    private static let clockSeconds = 30

    func diagnosis() async -> Diagnosis {
        var diagnosis = Diagnosis()
        guard case .success = credentials, let inquiry else {
            if case .failure(let error) = credentials {
                diagnosis.findings.append(
                    Finding(
                        at: relay.lines.place(of: "cloud.credentials"), error.message,
                        write: "credentials: environment    # or file, role, sdk: where they are"))
            }
            diagnosis.unknowns.append(
                "the cloud's clock, and how long functions may run: there is nothing to sign with.")
            return diagnosis
        }
        let time = now()
        do throws(CloudError) {
            let reply = try await inquiry.anything(now: time)
            if let finding = clock(reply, askedAt: time) { diagnosis.findings.append(finding) }
            if let finding = refusal(reply) {
                diagnosis.findings.append(finding)
                diagnosis.unknowns.append("how long functions may run: the cloud does not take the credential.")
                return diagnosis
            }
        } catch {
            diagnosis.findings.append(
                Finding(
                    at: relay.lines.place(of: "cloud.endpoint"),
                    "\(relay.configuration.cloud.endpoint) cannot be asked: \(error.message).",
                    write: "endpoint: https://scf.tencentcloudapi.com    # reachable from here, by TCP and TLS"))
            diagnosis.unknowns.append("how long functions may run: the cloud cannot be asked.")
            return diagnosis
        }
        await functions(inquiry, &diagnosis)
        return diagnosis
    }

    private func clock(_ reply: CloudInquiry.Reply, askedAt time: Int) -> Finding? {
        guard let cloud = reply.time else { return nil }
        let offset = time - cloud
        guard abs(offset) > Self.clockSeconds else { return nil }
        return Finding(
            at: nil,
            "This machine's clock is \(abs(offset)) s \(offset > 0 ? "ahead of" : "behind") the cloud's. The relay makes up for "
                + "that with a second call each time it starts, but what callers sign is checked by this clock.",
            write: "timedatectl set-ntp true")
    }

    private func refusal(_ reply: CloudInquiry.Reply) -> Finding? {
        // Where the clock is off that has been said, and it is all that this code means.
        guard let refusal = reply.refusal, refusal.code.belongs(to: "AuthFailure"),
            refusal.code != "AuthFailure.SignatureExpire"
        else { return nil }
        let description = (try? credentials.get().description) ?? ""
        return Finding(
            at: relay.lines.place(of: "cloud.credentials"),
            "The cloud does not take the credential \(description): \(refusal.code.rawValue), \(refusal.message)",
            write:
                "credentials: \(relay.configuration.cloud.credentials.rawValue)    # with a pair of keys that is in use"
        )
    }

    private func functions(_ inquiry: CloudInquiry, _ diagnosis: inout Diagnosis) async {
        let functions = relay.configuration.functions
        if functions.count > Self.maximumFunctions {
            diagnosis.unknowns.append(
                "how long functions after the first \(Self.maximumFunctions) may run: so many were asked for.")
        }
        for function in functions.prefix(Self.maximumFunctions) {
            let name = "\(function.namespace)/\(function.name)"
            do throws(CloudError) {
                let reply = try await inquiry.function(function.name, namespace: function.namespace, now: now())
                if let refusal = reply.refusal {
                    add(refusal, of: name, &diagnosis)
                } else if let seconds = reply.timeoutSeconds, let finding = timeout(seconds, of: name) {
                    diagnosis.findings.append(finding)
                }
            } catch {
                diagnosis.unknowns.append("how long \(name) may run: \(error.message).")
            }
        }
    }

    private func add(_ refusal: CloudError, of name: String, _ diagnosis: inout Diagnosis) {
        guard refusal.code.belongs(to: "ResourceNotFound") else {
            return diagnosis.unknowns.append("how long \(name) may run: \(refusal.code.rawValue), \(refusal.message)")
        }
        diagnosis.findings.append(
            Finding(
                at: relay.lines.place(of: "functions"),
                "The cloud has no function \(name) in \(relay.configuration.cloud.region): \(refusal.message)",
                write: "# take it out of 'functions', deploy it, or set cloud.region"))
    }

    private func timeout(_ seconds: Int, of name: String) -> Finding? {
        let patience = relay.configuration.cloud.timeoutSeconds
        guard seconds >= patience else { return nil }
        return Finding(
            at: relay.lines.place(of: "cloud.timeoutSeconds"),
            "\(name) may run \(seconds) s, and the relay gives up after \(patience) s: such a call ends with 504 and an unknown "
                + "outcome, though the function may go on.",
            write: "timeoutSeconds: \(seconds + 10)    # and fastcgi_read_timeout above it")
    }
}
