// SPDX-License-Identifier: Apache-2.0

/// A call of the cloud's API as it came over the wire, signed in whichever way; nothing of it is verified yet.
///
/// ```swift
/// let call = try APICall(method: method, query: query, body: body[...], header: header)
/// let caller = try verifier.verify(call, body: body.span, now: now)
/// let action = call[.action]
/// ```
public struct APICall {
    /// How a call carries its common parameters and its signature.
    public enum Scheme: Sendable, Equatable {
        /// In headers: a JSON or multipart POST, or a GET.
        case tc3
        /// Among the parameters: a form POST, or a GET.
        case v1
    }

    /// How this call carries its signature.
    public let scheme: Scheme
    /// All parameters of a v1 call; `nil` with TC3.
    public let form: FormParameters?
    let method: String
    let query: String
    let header: (String) -> String?

    /// Reads a call, as far as it can be read without knowing its action.
    ///
    /// - Parameters:
    ///   - method: The HTTP method.
    ///   - query: The query as sent, without the `?`.
    ///   - body: The body as sent. A v1 form is read from it; its values may stay slices of it.
    ///   - header: Looks a header up, whatever the case of its name.
    /// - Throws: `InvalidParameter` or `InvalidParameterValue` where the parameters of a v1 call cannot be read.
    public init(
        method: String, query: String, body: ArraySlice<UInt8>, header: @escaping (_ name: String) -> String?
    ) throws(CloudError) {
        self.method = method
        self.query = query
        self.header = header
        scheme = Self.scheme(method: method, header: header)
        switch (scheme, method) {
        case (.tc3, _): form = nil
        case (.v1, "POST"): form = try FormParameters(body)
        case (.v1, _): form = try FormParameters(ArraySlice(query.utf8))
        }
    }

    /// Tells how a call is signed: TC3 has headers of its own, and JSON is always TC3. An SDK that signs with v1 sends
    /// neither `Authorization` nor `X-TC-Action`.
    public static func scheme(method: String, header: (_ name: String) -> String?) -> Scheme {
        for name in ["Authorization", CommonParameter.action.header] {
            if let value = header(name), !value.isEmpty { return .tc3 }
        }
        if method == "GET" { return .v1 }
        let type = HeaderText.lowercased(header("Content-Type") ?? "").prefix { $0 != ";" }
        return HeaderText.trimmed(String(type)) == FormParameters.mediaType ? .v1 : .tc3
    }

    /// A common parameter, from where this call carries it; `nil` where it is absent or empty.
    public subscript(parameter: CommonParameter) -> String? {
        let value = form.map { $0[parameter.rawValue] } ?? header(parameter.header)
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The language that the caller wants messages in; English where it says nothing that is known.
    public var language: Language { self[.language].flatMap(Language.init) ?? .en }
}
