// SPDX-License-Identifier: Apache-2.0

import TencentCloud

/// Which regions calls may name.
enum RegionRule: Sendable {
    /// Those that the documents list: for a stand-in, which has to find a caller's mistake.
    case documented
    /// Any: for a relay. The cloud opens regions faster than lists are updated, and knows best.
    case any

    /// The region of a call. Every action of the door needs one.
    ///
    /// - Throws: `MissingParameter`, `UnsupportedRegion`.
    func region(of call: APICall) throws(CloudError) -> String {
        guard let region = call[.region] else { throw .missingParameter("Region") }
        guard self == .any || Region.named(region) != nil else {
            // The text of the documents' table of common errors; the cloud's own was never seen.
            throw CloudError(
                "UnsupportedRegion",
                LocalizedText(zh: "接口不支持所传地域。", en: "API does not support the requested region."))
        }
        return region
    }
}
