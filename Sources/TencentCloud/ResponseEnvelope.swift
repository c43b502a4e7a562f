// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// `{"Response": …}`: the frame that every answer of the cloud's API has.
public enum ResponseEnvelope {
    /// What an answer says.
    public enum Answer<Result: Sendable>: Sendable {
        /// The call was done.
        case success(Result, requestId: String)
        /// The cloud refused it, or failed. `upstreamRequestId` is set where the answer has one.
        case failure(CloudError)
    }
}

/// An answer that is not what the API promises: neither a result nor an error.
public struct UnexpectedAnswer: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong with it. It shows at most one character of the answer.
    public let detail: String

    /// `The answer is not what the API promises: …`.
    public var description: String { "The answer is not what the API promises: \(detail)." }
}

// MARK: - Writing

extension ResponseEnvelope {
    /// `{"Response":{"Error":{"Code":…,"Message":…},"RequestId":…}}`.
    public static func failure(_ error: CloudError, requestId: String) -> [UInt8] {
        var output: [UInt8] = []
        output.append(contentsOf: "{\"Response\":{\"Error\":{\"Code\":".utf8)
        JSONString.appendQuoted(error.code.rawValue, to: &output)
        output.append(contentsOf: ",\"Message\":".utf8)
        JSONString.appendQuoted(error.message, to: &output)
        output.append(contentsOf: "},\"RequestId\":".utf8)
        JSONString.appendQuoted(requestId, to: &output)
        output.append(contentsOf: "}}".utf8)
        return output
    }

    /// `{"Response":{"Result":…,"RequestId":…}}`.
    ///
    /// - Parameters:
    ///   - requestId: The id of the answer.
    ///   - appendResult: Appends the result, one JSON value.
    /// - Returns: The envelope's bytes.
    public static func success(requestId: String, appendResult: (inout [UInt8]) -> Void) -> [UInt8] {
        var output: [UInt8] = []
        output.append(contentsOf: "{\"Response\":{\"Result\":".utf8)
        appendResult(&output)
        output.append(contentsOf: ",\"RequestId\":".utf8)
        JSONString.appendQuoted(requestId, to: &output)
        output.append(contentsOf: "}}".utf8)
        return output
    }
}

// MARK: - Reading

extension ResponseEnvelope {
    /// Reads an answer in one walk. Members that nobody knows are skipped, and checked all the same.
    ///
    /// - Parameters:
    ///   - answer: The whole answer.
    ///   - maximumBytes: Bytes that it may have.
    ///   - maximumDepth: Levels of arrays and objects that may lie in one another in a member.
    ///   - readResult: Reads the members of `Result`.
    /// - Returns: The result, or the error that the answer carries.
    /// - Throws: Where the answer is no strict JSON, or says neither a result nor an error.
    public static func read<Result>(
        _ answer: ArraySlice<UInt8>, maximumBytes: Int, maximumDepth: Int = JSONValidator.defaultMaximumDepth,
        result readResult: (inout JSONObjectReader) throws(JSONSyntaxError) -> Result
    ) throws(UnexpectedAnswer) -> Answer<Result> {
        guard answer.count <= maximumBytes else {
            throw UnexpectedAnswer(detail: "it is \(answer.count) bytes long; at most \(maximumBytes) are taken")
        }
        var content = Content<Result>()
        do throws(JSONSyntaxError) {
            let bounds = JSONObjectReader.Bounds(depth: maximumDepth)
            var reader = try JSONObjectReader(answer, bounds: bounds)
            while let member = try reader.nextMember() {
                guard member.name == "Response" else { continue }
                content = try reader.readObject { response throws(JSONSyntaxError) in
                    try Content(readingFrom: &response, result: readResult)
                }
            }
        } catch {
            throw UnexpectedAnswer(detail: error.description)
        }
        return try content.answer()
    }

    /// What `Response` holds, before it is known whether it makes sense.
    private struct Content<Result: Sendable> {
        var error: (code: String, message: String)?
        var result: Result?
        var requestId: String?

        init() {}

        init(
            readingFrom reader: inout JSONObjectReader,
            result readResult: (inout JSONObjectReader) throws(JSONSyntaxError) -> Result
        ) throws(JSONSyntaxError) {
            while let member = try reader.nextMember() {
                if member.kind == .null { continue }
                switch member.name {
                case "RequestId": requestId = try reader.readString()
                case "Result": result = try reader.readObject(readResult)
                case "Error": error = try reader.readObject(Self.readError)
                default: continue
                }
            }
        }

        private static func readError(
            _ reader: inout JSONObjectReader
        ) throws(JSONSyntaxError) -> (code: String, message: String) {
            var (code, message) = ("", "")
            while let member = try reader.nextMember() {
                switch member.name {
                case "Code": code = try reader.readString()
                case "Message" where member.kind != .null: message = try reader.readString()
                default: continue
                }
            }
            return (code, message)
        }

        func answer() throws(UnexpectedAnswer) -> Answer<Result> {
            if let error {
                guard !error.code.isEmpty else { throw UnexpectedAnswer(detail: "its Error has no Code") }
                return .failure(
                    CloudError(ErrorCode(rawValue: error.code), error.message, upstreamRequestId: requestId))
            }
            guard let result else { throw UnexpectedAnswer(detail: "it has neither Result nor Error") }
            guard let requestId else { throw UnexpectedAnswer(detail: "it has no RequestId") }
            return .success(result, requestId: requestId)
        }
    }
}
