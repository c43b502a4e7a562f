// SPDX-License-Identifier: Apache-2.0

/// The host names of the SCF API.
public enum Endpoint {
    /// Leads to the nearest region; it does not serve the finance regions.
    public static let standard = "scf.tencentcloudapi.com"

    /// The host name of one region's own endpoint; the finance regions (`…-fsi`) are reached in no other way.
    ///
    /// - Parameter region: A region's id, known or not.
    /// - Returns: `nil` where `region` does not have the form of an id: it becomes part of a host name.
    public static func regional(_ region: String) -> String? {
        Region.isWellFormed(region) ? "scf.\(region).tencentcloudapi.com" : nil
    }
}
