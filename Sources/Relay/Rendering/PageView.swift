// SPDX-License-Identifier: Apache-2.0

/// A view of the page: what stands at one address. CONTRIBUTING.md says how one is added.
///
/// Its name is also that of its template (`Templates/NAME.mustache`), of its styles (`public/css/NAME.css`), of its
/// script (`public/js/views/NAME.js`), and begins the keys of its strings (`NAMEHeading`, `NAMELead`, `NAMENav`).
struct PageView: Sendable, Equatable {
    /// The name.
    let name: String
    /// The address that navigation leads to. Addresses below it belong to the view too.
    let path: String
    /// Another address of it.
    var otherPath: String?
    /// The modules that its script imports, directly or not: the browser fetches all of them at once.
    var modules: [String] = []
    /// The view whose styles and script it has; `nil` where they are its own.
    var like: String?

    /// The name of its styles and its script.
    var files: String { like ?? name }

    /// Runs a function.
    static let run = PageView(
        name: "run", path: "/", otherPath: "/run",
        modules: [
            "advice", "announce", "answer", "as-typed", "call", "copy", "editor", "events", "functions", "history-link",
            "json-check", "json-format", "remember", "run", "strings", "text-block", "text-file", "units",
        ])

    /// Lists what may be called.
    static let functions = PageView(name: "functions", path: "/functions")

    /// Explains error codes.
    static let errors = PageView(name: "errors", path: "/errors")

    /// Explains signatures.
    static let signature = PageView(name: "signature", path: "/signature", modules: ["as-typed", "tc3-key"])

    /// Lists calls that were made.
    static let history = PageView(name: "history", path: "/history")

    /// Shows one of them.
    static let call = PageView(name: "call", path: "/history", like: "history")

    /// Shows what they have in common, as charts.
    static let statistics = PageView(name: "statistics", path: "/history/statistics", like: "history")

    /// Lists accepted webhooks.
    static let deliveries = PageView(name: "deliveries", path: "/deliveries", like: "history")

    /// Shows one of them to whoever looks after the relay.
    static let delivery = PageView(name: "delivery", path: "/deliveries", like: "history")

    /// Tells a sender what became of one.
    static let deliverystate = PageView(name: "deliverystate", path: "/deliveries", like: "history")

    /// The views that navigation names, in its order.
    static let navigation: [PageView] = [
        .run, .functions, .history, .statistics, .deliveries, .errors, .signature,
    ]

    /// Every view.
    static let all: [PageView] = navigation + [.call, .delivery, .deliverystate]
}
