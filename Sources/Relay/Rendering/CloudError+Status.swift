// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import TencentCloud

extension CloudError {
    /// The status of an answer that carries this error, with its reason phrase: nginx passes on the line as it is.
    var status: HTTPResponse.Status {
        Self.statuses.first { $0.code == httpStatus } ?? .init(code: httpStatus, reasonPhrase: "Error")
    }

    private static let statuses: [HTTPResponse.Status] = [
        .badRequest, .unauthorized, .forbidden, .notFound, .methodNotAllowed, .conflict, .contentTooLarge,
        .unsupportedMediaType,
        .unprocessableContent, .tooManyRequests, .requestHeaderFieldsTooLarge, .internalServerError, .badGateway,
        .serviceUnavailable,
        .gatewayTimeout,
    ]
}
