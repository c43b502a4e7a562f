// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import StrictJSON
import TencentCloud

extension CloudCatalogue {
    /// The memory that a version of a function may use, and is billed by: `MemorySize` of `GetFunction`.
    ///
    /// Source: <https://cloud.tencent.com/document/product/583/18584>.
    ///
    /// - Parameters:
    ///   - functionName: FunctionName.
    ///   - namespace: Namespace.
    ///   - qualifier: Version or alias; `nil` for the cloud's choice.
    ///   - region: Where the function is; `nil` for the configured region.
    /// - Returns: MB; `nil` where the cloud does not say, whatever the reason: the credential may run functions and not
    ///   look at them, the function is gone, the cloud cannot be reached.
    public func memorySize(
        of functionName: String, namespace: String, qualifier: String?, region: String?
    ) async -> Int? {
        var body = Array("{\"FunctionName\":".utf8)
        JSONString.appendQuoted(functionName, to: &body)
        body += ",\"Namespace\":".utf8
        JSONString.appendQuoted(namespace, to: &body)
        if let qualifier {
            body += ",\"Qualifier\":".utf8
            JSONString.appendQuoted(qualifier, to: &body)
        }
        body.append(UInt8(ascii: "}"))
        let timestamp = clock.now()
        guard let signer = try? await signer.signer(at: timestamp) else { return nil }
        let request = endpoint.request(
            action: CatalogueAction.getFunction.rawValue, [body[...]], region: region ?? self.region,
            timestamp: timestamp, by: signer, timeout: timeout)
        guard let response = try? await client.send(request), response.status == 200 else { return nil }
        return try? Self.memorySize(in: response.body[...])
    }

    /// `Response.MemorySize` of an answer; `nil` where it has none, as one that carries an error.
    static func memorySize(in answer: ArraySlice<UInt8>) throws(JSONSyntaxError) -> Int? {
        var memorySize: Int?
        var reader = try JSONObjectReader(answer, bounds: JSONObjectReader.Bounds(memberCount: 512))
        while let member = try reader.nextMember() {
            guard member.name == "Response", member.kind == .object else { continue }
            memorySize = try reader.readObject { response throws(JSONSyntaxError) in
                var size: Int?
                while let member = try response.nextMember() {
                    guard member.name == "MemorySize", member.kind == .number else { continue }
                    size = try response.readInteger()
                }
                return size.flatMap { (1...1_048_576).contains($0) ? $0 : nil }
            }
        }
        return memorySize
    }
}
