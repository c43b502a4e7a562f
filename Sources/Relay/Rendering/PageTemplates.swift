// SPDX-License-Identifier: Apache-2.0

import Mustache

/// The page's templates, parsed once. `Templates/page.mustache` says what the context holds.
struct PageTemplates: Sendable {
    private let library: MustacheLibrary

    /// The templates that this program was built with. One that cannot be parsed stops it at once, in every test.
    static let embedded: PageTemplates = {
        let sources = [
            "page": PackageResources.page_mustache, "form": PackageResources.form_mustache,
            "result": PackageResources.result_mustache, "error": PackageResources.error_mustache,
        ]
        do {
            return try PageTemplates(sources: sources.mapValues { String(decoding: $0, as: UTF8.self) })
        } catch {
            preconditionFailure("template: \(error)")
        }
    }()

    /// Parses the templates.
    ///
    /// - Parameter sources: Template text by name: `page` and its partials `form`, `result` and `error`.
    /// - Throws: `MustacheTemplate.ParserError` for a template that cannot be parsed.
    init(sources: [String: String]) throws {
        MustacheContentTypes.register(StrictHTML(), named: StrictHTML.name)
        library = MustacheLibrary(templates: try sources.mapValues { try MustacheTemplate(string: $0) })
    }

    /// The whole page as HTML.
    func render(_ context: [String: any Sendable]) -> String {
        library.render(context, withTemplate: "page") ?? ""
    }
}
