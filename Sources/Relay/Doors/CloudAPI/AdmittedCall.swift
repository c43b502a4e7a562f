// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import TencentCloud

/// A call whose caller is known and let in.
struct AdmittedCall {
    let http: HTTPCall
    let api: APICall
    let invoker: any Invoker
    let catalogue: (any FunctionCatalogue)?

    var offeredActions: [CloudAPIAction] { CloudAPIAction.offered(withCatalogue: catalogue != nil) }
}

extension AdmittedCall {
    /// The action's own parameters, from where the call carries them.
    ///
    /// - Throws: `UnsupportedProtocol` for another Content-Type, `InvalidRequest` for a malformed multipart body, and
    ///   what the readers of the forms throw.
    func fields(_ names: InvokeParameterNames, limits: Limits) throws(CloudError) -> InvokeFields {
        if let own = try formParameters() { return try InvokeFields(own, names, limits: limits) }
        let body = http.request.body[...]
        let type = MediaType(http.contentType)
        switch type?.essence {
        case "application/json":
            return try JSONBody.fields(in: body, names: names, clientContext: .stringOnly, limits: limits)
        case "multipart/form-data":
            return try Self.multipart(body, type, names, limits: limits)
        default:
            throw Self.unsupportedType
        }
    }

    /// The action's own parameters as texts, for an action that has no payload.
    ///
    /// - Throws: `UnsupportedProtocol` for another Content-Type, and what the readers of the forms throw.
    func textParameters() throws(CloudError) -> [(name: String, value: String)] {
        guard let form = try formParameters() else {
            guard MediaType(http.contentType)?.essence == "application/json" else { throw Self.unsupportedType }
            return try FlatParameters.read(http.request.body[...])
        }
        return try form.map { (parameter) throws(CloudError) in
            guard let text = parameter.text else {
                throw CloudError("InvalidParameterValue", "\(parameter.name) is not UTF-8.")
            }
            return (parameter.name, text)
        }
    }

    /// The action's own parameters where they come in a form or a query; `nil` where they come in another body.
    private func formParameters() throws(CloudError) -> [FormParameter]? {
        if let form = api.form { return form.all.filter { CommonParameter(rawValue: $0.name) == nil } }
        guard http.method == .get else { return nil }
        // The API page writes action and version into the query too; what counts is the header, which is checked.
        return try FormParameters(ArraySlice(http.query.utf8)).all
            .filter { $0.name != CommonParameter.action.rawValue && $0.name != CommonParameter.version.rawValue }
    }

    /// The cloud has a code of its own for what breaks the rules of multipart.
    private static func multipart(
        _ body: ArraySlice<UInt8>, _ type: MediaType?, _ names: InvokeParameterNames, limits: Limits
    ) throws(CloudError) -> InvokeFields {
        guard let type else { throw unsupportedType }
        do throws(CloudError) {
            return try MultipartBody.fields(in: body, type: type, names: names, limits: limits)
        } catch {
            guard error.code == "InvalidParameter" else { throw error }
            throw CloudError(
                "InvalidRequest",
                LocalizedText(
                    zh: "请求 body 的 multipart 格式错误。\(error.message)",
                    en: "The multipart format of the request body is incorrect. \(error.message)"))
        }
    }

    /// No code is documented for this; the one for a wrong method is the nearest.
    private static let unsupportedType = CloudError(
        "UnsupportedProtocol",
        LocalizedText(
            zh: "http(s) 请求协议错误：签名方法 v3 的 POST 请求，Content-Type 须为 application/json 或 multipart/form-data。",
            en: "HTTP(S) request protocol error: a POST that is signed with method v3 carries its parameters as "
                + "application/json or multipart/form-data."))
}

extension InvokeFields {
    /// Takes the parameters of a query or a form.
    fileprivate init(
        _ parameters: [FormParameter], _ names: InvokeParameterNames, limits: Limits
    ) throws(CloudError) {
        self.init(names)
        try Self.check(count: parameters.count, limits: limits)
        for field in parameters {
            let parameter = try names.parameter(named: field.name, limits: limits)
            try announce(parameter)
            try set(parameter, toBytes: field.value, limits: limits)
        }
    }
}
