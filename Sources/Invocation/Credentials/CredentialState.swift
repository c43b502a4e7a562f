// SPDX-License-Identifier: Apache-2.0

/// What is known of a provider's credential, for whoever watches: never the credential itself.
public struct CredentialState: Sendable, Equatable {
    /// Time since the provider got it.
    public var age: Duration
    /// When the cloud stops taking it, in UNIX seconds; `nil` for a permanent one.
    public var end: Int?
    /// Credentials that were fetched, also such as were known already.
    public var fetched = 0
    /// Fetches that failed.
    public var failed = 0

    /// Creates a state; nothing was fetched unless said otherwise.
    public init(age: Duration, end: Int? = nil, fetched: Int = 0, failed: Int = 0) {
        self.age = age
        self.end = end
        self.fetched = fetched
        self.failed = failed
    }
}
