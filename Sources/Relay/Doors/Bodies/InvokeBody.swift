// SPDX-License-Identifier: Apache-2.0

public import Invocation
public import TencentCloud

/// The body of `POST /invoke`, in any of the three forms in which it may come.
public enum InvokeBody {
    /// Reads a body and checks the call in it. ClientContext stays a slice of the body wherever it can.
    ///
    /// - Parameters:
    ///   - contentType: The value of the header field, as it came.
    ///   - body: The whole body.
    ///   - limits: Bound everything.
    /// - Returns: The call, checked.
    /// - Throws: `UnsupportedProtocol` for another form, `RequestSizeLimitExceeded`, `InvalidParameter` where the body
    ///   breaks the rules of its form, and what `InvokeFields`, `ClientContext` and `InvokeRequest` throw.
    public static func decode(
        contentType: String, body: ArraySlice<UInt8>, limits: Limits
    ) throws(CloudError) -> InvokeRequest {
        guard body.count <= limits.requestBodyBytes else {
            throw CloudError(
                "RequestSizeLimitExceeded",
                "The body is \(body.count.grouped) bytes; at most \(limits.requestBodyBytes.grouped) are allowed.")
        }
        let type = try mediaType(contentType)
        let fields: InvokeFields
        switch type.essence {
        case "application/x-www-form-urlencoded": fields = try URLEncodedBody.fields(in: body, limits: limits)
        case "multipart/form-data": fields = try MultipartBody.fields(in: body, type: type, limits: limits)
        case "application/json": fields = try JSONBody.fields(in: body, limits: limits)
        default: throw unsupported("is none that is taken")
        }
        return try InvokeRequest(fields, limits: limits)
    }

    private static func mediaType(_ contentType: String) throws(CloudError) -> MediaType {
        if contentType == MediaType.json.essence { return .json }
        guard !contentType.isEmpty else { throw unsupported("is missing") }
        guard let type = MediaType(contentType) else { throw unsupported("cannot be read") }
        guard type.isUTF8 else { throw unsupported("names a charset that is not UTF-8") }
        return type
    }

    private static func unsupported(_ what: String) -> CloudError {
        CloudError(
            "UnsupportedProtocol",
            "Content-Type \(what); right is: application/x-www-form-urlencoded, multipart/form-data or application/json, "
                + "in UTF-8.")
    }
}
