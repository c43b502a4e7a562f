// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import StrictJSON

/// What senders send to see whether the address is right. The relay answers it, and no function runs.
enum Greeting {
    /// - Returns: The answer, and what it was; `nil` for an ordinary delivery.
    static func answer(to request: HookRequest) -> (response: Response, note: String)? {
        if let ping = request.sender.ping, request.call.header(ping.header) == ping.event {
            return (Response(status: .ok, headerFields: AnswerFields.text, body: Array("pong\n".utf8)), "ping")
        }
        guard request.sender == .slack, let challenge = challenge(in: request.call.request.body[...]) else {
            return nil
        }
        return (Response(status: .ok, headerFields: AnswerFields.text, body: challenge), "url_verification")
    }

    /// Slack's `{"type": "url_verification", "challenge": "…"}`, which is signed like everything else.
    ///
    /// Source: <https://docs.slack.dev/reference/events/url_verification>.
    private static func challenge(in body: ArraySlice<UInt8>) -> [UInt8]? {
        do throws(JSONSyntaxError) {
            var type: String?
            var challenge: String?
            var reader = try JSONObjectReader(body)
            while let member = try reader.nextMember() {
                guard member.kind == .string else { continue }
                switch member.name {
                case "type": type = try reader.readString()
                case "challenge": challenge = try reader.readString()
                default: continue
                }
            }
            guard type == "url_verification", let challenge else { return nil }
            return Array(challenge.utf8)
        } catch {
            return nil
        }
    }
}
