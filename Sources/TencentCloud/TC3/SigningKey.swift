// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The key that signs the calls of one day to one service.
enum SigningKey {
    /// Derives it: an HMAC chain from `TC3` + SecretKey over the date, the service and `tc3_request`.
    static func derive(
        from secretKey: Secret, date: UTCDate, service: String, hasher: borrowing SHA256Hasher
    ) -> SHA256Digest {
        var dateText: [UInt8] = []
        date.append(to: &dateText)
        let start = Array("TC3\(secretKey.reveal())".utf8)
        let ofDate = hasher.authenticate(dateText.span, key: start.span)
        let ofService = hasher.authenticate(Array(service.utf8).span, key: ofDate.span)
        return hasher.authenticate(Array(TC3.terminator.utf8).span, key: ofService.span)
    }
}

/// Remembers one signer's key of the day, because deriving it costs more than signing a small call.
///
/// Credential and service are fixed for a signer, so the day is all that can change.
final class SigningKeyOfTheDay: Sendable {
    private let remembered = Mutex<(date: UTCDate, key: SHA256Digest)?>(nil)

    /// The key for `date`; `derive` runs where the day has changed.
    func key(for date: UTCDate, derive: () -> SHA256Digest) -> SHA256Digest {
        remembered.withLock { remembered in
            if let remembered, remembered.date == date { return remembered.key }
            let key = derive()
            remembered = (date, key)
            return key
        }
    }
}

extension SigningKeyOfTheDay: CustomReflectable {
    /// Without children: a dump of a signer must not show a key.
    var customMirror: Mirror { Mirror(self, children: []) }
}
