// SPDX-License-Identifier: Apache-2.0

/// How lines of the log look. Both have the same names and values, in the same order, one line each.
public enum LogFormat: String, Sendable, CaseIterable {
    /// A flat JSON object.
    case json
    /// `name=value` pairs (logfmt), for people and for tools that read these.
    case text
}
