// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
public import TencentCloud

/// An action of the API that asks a catalogue.
public enum CatalogueAction: String, Sendable, CaseIterable {
    /// Which functions there are.
    case listFunctions = "ListFunctions"
    /// What is known about one.
    case getFunction = "GetFunction"
}

extension FunctionCatalogue {
    /// Answers a call as the API does.
    ///
    /// ```swift
    /// let body = try await folder.answer(.getFunction, parameters: [(name: "FunctionName", value: "hello")], requestId: id)
    /// // {"Response":{"FunctionName":"hello",…,"RequestId":"…"}}
    /// ```
    ///
    /// - Parameters:
    ///   - action: What is asked.
    ///   - parameters: The action's own parameters: none of the common ones, such as Action or Region. Numbers are their
    ///     digits, and nested ones are flat: `Filters.0.Values.1`.
    ///   - requestId: The id of the answer.
    /// - Returns: The envelope's bytes.
    /// - Throws: `MissingParameter`, `UnknownParameter`, `InvalidParameterValue.*`, `ResourceNotFound.*`.
    public func answer(
        _ action: CatalogueAction, parameters: some Sequence<(name: String, value: String)>, requestId: String
    ) async throws(CloudError) -> [UInt8] {
        switch action {
        case .listFunctions:
            CatalogueEnvelope.bytes(try await list(ListFunctionsRequest(parameters: parameters)), requestId: requestId)
        case .getFunction:
            CatalogueEnvelope.bytes(try await get(GetFunctionRequest(parameters: parameters)), requestId: requestId)
        }
    }
}

private struct MemberName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        return nil
    }
}

/// `{"Response":{…,"RequestId":"…"}}`, the answer's own members beside the id.
private struct CatalogueEnvelope<Answer: Encodable>: Encodable {
    private struct Response: Encodable {
        enum CodingKeys: CodingKey {
            case requestId
        }

        let answer: Answer
        let requestId: String

        func encode(to encoder: any Encoder) throws {
            try answer.encode(to: encoder)
            var members = encoder.container(keyedBy: CodingKeys.self)
            try members.encode(requestId, forKey: .requestId)
        }
    }

    private let response: Response

    static func bytes(_ answer: Answer, requestId: String) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The API's names begin with capitals: FunctionName.
        encoder.keyEncodingStrategy = .custom { path in
            let name = path.last?.stringValue ?? ""
            return MemberName(stringValue: name.prefix(1).uppercased() + name.dropFirst())
        }
        let envelope = CatalogueEnvelope(response: Response(answer: answer, requestId: requestId))
        // Texts and whole numbers alone: there is nothing in it that could fail to be encoded.
        return Array((try? encoder.encode(envelope)) ?? Data())
    }
}
