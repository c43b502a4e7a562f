// SPDX-License-Identifier: Apache-2.0

import Mustache

/// The page's templates, parsed once. `Templates/layout.mustache` says what the context holds.
struct PageTemplates: Sendable {
    private let library: MustacheLibrary

    /// The templates that this program was built with. One that cannot be parsed stops it at once, in every test.
    static let embedded: PageTemplates = {
        do {
            return try PageTemplates(sources: sources)
        } catch {
            preconditionFailure("template: \(error)")
        }
    }()

    /// Every template by name. A new one has its line here.
    static let sources: [String: String] = {
        let files = [
            "layout": PackageResources.layout_mustache,
            "run": PackageResources.run_mustache, "form": PackageResources.form_mustache,
            "result": PackageResources.result_mustache, "error": PackageResources.error_mustache,
            "problem": PackageResources.problem_mustache,
            "code": PackageResources.code_mustache, "functions": PackageResources.functions_mustache,
            "errors": PackageResources.errors_mustache,
            "signature": PackageResources.signature_mustache,
            "history": PackageResources.history_mustache, "calls": PackageResources.calls_mustache,
            "call": PackageResources.call_mustache,
            "statistics": PackageResources.statistics_mustache,
            "chart-frame": PackageResources.chart_frame_mustache,
            "chart-times": PackageResources.chart_times_mustache,
            "chart-outcomes": PackageResources.chart_outcomes_mustache,
            "chart-cost": PackageResources.chart_cost_mustache,
            "deliveries": PackageResources.deliveries_mustache, "delivery": PackageResources.delivery_mustache,
            "deliverystate": PackageResources.deliverystate_mustache,
        ]
        return files.mapValues { String(decoding: $0, as: UTF8.self) }
    }()

    /// Parses the templates.
    ///
    /// - Parameter sources: Template text by name: `layout`, and what it and its partials name.
    /// - Throws: `MustacheTemplate.ParserError` for a template that cannot be parsed.
    init(sources: [String: String]) throws {
        MustacheContentTypes.register(StrictHTML(), named: StrictHTML.name)
        library = MustacheLibrary(templates: try sources.mapValues { try MustacheTemplate(string: $0) })
    }

    /// The whole page as HTML.
    func render(_ context: [String: any Sendable]) -> String {
        library.render(context, withTemplate: "layout") ?? ""
    }
}
