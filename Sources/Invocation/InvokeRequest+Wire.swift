// SPDX-License-Identifier: Apache-2.0

import StrictJSON

extension InvokeRequest {
    /// The JSON body of the cloud's POST: only what differs from the cloud's defaults.
    ///
    /// Region is no part of it: it travels in the header `X-TC-Region`. The body comes in pieces that follow one another:
    /// a large ClientContext that lies quoted in the caller's request stays where it lies.
    ///
    /// Where `action` is not the caller's, whose default version is another, the version is written out. InvokeFunction
    /// knows no Event calls.
    public func wirePieces(for action: InvokeAction) -> [ArraySlice<UInt8>] {
        var head = wireHead(for: action)
        if let routingKey {
            head.append(literal: #","RoutingKey":"#)
            QuotableText(ArraySlice(routingKey.utf8)).append(to: &head)
        }
        guard let clientContext else { return [head + Self.wireEnd] }
        head.append(literal: #",""#)
        head.append(text: action.eventName)
        head.append(literal: #"":"#)
        if let literal = clientContext.quotedLiteral, literal.count > Self.joinedBytes {
            return [head[...], literal, Self.wireEnd]
        }
        head.reserveCapacity(head.count + clientContext.quotedByteCount + Self.wireEnd.count)
        clientContext.appendQuoted(to: &head)
        head.append(contentsOf: Self.wireEnd)
        return [head[...]]
    }

    private static let wireEnd: ArraySlice<UInt8> = [UInt8(ascii: "}")]
    /// Up to this size a copy costs less than a piece of its own.
    private static let joinedBytes = 16 << 10

    /// The members whose values need no escapes, because no character that was let through does.
    private func wireHead(for action: InvokeAction) -> [UInt8] {
        var head: [UInt8] = []
        head.reserveCapacity(256)
        head.append(literal: #"{"FunctionName":""#)
        head.append(text: functionName)
        if invocationType != .requestResponse {
            head.append(literal: #"","InvocationType":""#)
            head.append(text: invocationType.rawValue)
        }
        if let qualifier = action == self.action ? qualifier : qualifierInForce {
            head.append(literal: #"","Qualifier":""#)
            head.append(text: qualifier)
        }
        if logType != .none {
            head.append(literal: #"","LogType":""#)
            head.append(text: logType.rawValue)
        }
        if let namespace {
            head.append(literal: #"","Namespace":""#)
            head.append(text: namespace)
        }
        head.append(UInt8(ascii: "\""))
        return head
    }
}
