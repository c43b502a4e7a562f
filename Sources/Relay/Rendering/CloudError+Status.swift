// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import TencentCloud

extension CloudError {
    /// The status of an answer that carries this error, with its reason phrase: nginx passes on the line as it is.
    var status: HTTPResponse.Status { .withReason(httpStatus) }
}

extension HTTPResponse.Status {
    /// A status with its reason phrase, where that is known.
    static func withReason(_ code: Int) -> HTTPResponse.Status {
        known.first { $0.code == code } ?? .init(code: code, reasonPhrase: code < 400 ? "" : "Error")
    }

    private static let known: [HTTPResponse.Status] = [
        .ok, .created, .accepted, .noContent, .movedPermanently, .found, .seeOther, .notModified,
        .badRequest, .unauthorized, .forbidden, .notFound, .methodNotAllowed, .conflict, .contentTooLarge,
        .unsupportedMediaType,
        .unprocessableContent, .tooManyRequests, .requestHeaderFieldsTooLarge, .internalServerError, .badGateway,
        .serviceUnavailable,
        .gatewayTimeout,
    ]
}
