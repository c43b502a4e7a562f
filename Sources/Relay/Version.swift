// SPDX-License-Identifier: Apache-2.0

/// The version of both programs, and of the package: `script/package` reads it here.
public enum Version {
    /// By Semantic Versioning.
    public static let current = "0.1.0"
}
