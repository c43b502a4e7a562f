// SPDX-License-Identifier: Apache-2.0

/// What a request itself shows to be wrong about its signature.
public enum SignatureMistake: String, Sendable, CaseIterable {
    /// The text does not begin with a request line.
    case notHTTP
    /// Neither GET nor POST.
    case method
    /// The API has one path.
    case path
    /// A POST's signature does not cover a query.
    case queryOfPost
    /// A header that every call needs is absent.
    case missingHeader
    /// Not a host of this API: what is signed for another one does not fit.
    case host
    /// The body has another length than Content-Length says.
    case contentLength
    /// Not UNIX seconds.
    case timestamp
    /// More than five minutes from the time of the cloud.
    case clock
    /// Another signature method.
    case algorithm
    /// Names of signed headers have to be in lower case and in order.
    case signedHeadersOrder
    /// Not 64 lower-case hex digits.
    case signatureForm
    /// Another part of Authorization.
    case authorizationForm
    /// Content-Type and Host have to be signed.
    case headerNotSigned
    /// A header is said to be signed and is not there.
    case signedHeaderNotSent
    /// The scope names another product.
    case service
    /// The scope's date is not the UTC date of the timestamp.
    case date
}
