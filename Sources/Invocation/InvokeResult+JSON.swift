// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

extension InvokeResult {
    /// Reads the `Result` of an answer. Members that are missing, `null` or `""` count as empty or zero.
    ///
    /// Times and memory are held to ``Limits/durations`` and ``Limits/memoryUsages``.
    ///
    /// - Throws: Where a member is of a kind that the API page does not give it.
    public init(readingFrom reader: inout JSONObjectReader) throws(JSONSyntaxError) {
        self.init(functionRequestId: "")
        while let member = try reader.nextMember() {
            if member.kind == .null { continue }
            switch member.name {
            case "RetMsg": retMsg = try reader.readString()
            case "ErrMsg": errMsg = try reader.readString()
            case "Log": log = try reader.readString()
            case "FunctionRequestId": functionRequestId = try reader.readString()
            case "Duration", "BillDuration", "MemUsage", "InvokeResult":
                if member.kind == .string, try reader.skipEmptyString() { continue }
                switch member.name {
                case "Duration": duration = try reader.readDouble().clamped(to: Self.durations)
                case "BillDuration": billDuration = try reader.readInteger().clamped(to: Limits.durations)
                case "MemUsage": memUsage = try reader.readInteger().clamped(to: Limits.memoryUsages)
                default: invokeResult = try reader.readInteger()
                }
            default: continue
            }
        }
    }

    private static let durations = Double(Limits.durations.lowerBound)...Double(Limits.durations.upperBound)

    /// Appends the result as a JSON object, its members in the order of the API page's example.
    public func append(to output: inout [UInt8]) {
        func member(_ name: String, _ number: String) { output.append(contentsOf: "\(name):\(number)".utf8) }
        func member(_ name: String, text: String) {
            output.append(contentsOf: "\(name):".utf8)
            JSONString.appendQuoted(text, to: &output)
        }
        member("{\"MemUsage\"", String(memUsage))
        member(",\"Log\"", text: log)
        member(",\"RetMsg\"", text: retMsg)
        member(",\"BillDuration\"", String(billDuration))
        member(",\"FunctionRequestId\"", text: functionRequestId)
        member(",\"Duration\"", duration.isFinite ? String(duration) : "0")
        member(",\"ErrMsg\"", text: errMsg)
        member(",\"InvokeResult\"", String(invokeResult))
        output.append(UInt8(ascii: "}"))
    }
}

extension Comparable {
    /// The nearest value within the range.
    fileprivate func clamped(to range: ClosedRange<Self>) -> Self { min(max(self, range.lowerBound), range.upperBound) }
}
