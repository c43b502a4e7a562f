// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import TencentCloud

/// Renders views of the page.
struct PageRendering: Sendable {
    private let templates: PageTemplates

    init(templates: PageTemplates) {
        self.templates = templates
    }

    /// A page.
    ///
    /// - Parameters:
    ///   - view: The view.
    ///   - call: What is answered: it says which language the reader wants.
    ///   - content: The context of the view's template, beside that of `layout.mustache`.
    ///   - status: The status of the answer.
    ///   - title: What the title says before the view's heading; `nil` for nothing.
    /// - Returns: The answer.
    func response(
        _ view: PageView, to call: HTTPCall, showing content: [String: any Sendable],
        status: HTTPResponse.Status = .ok, title: String? = nil
    ) -> Response {
        html(status, PageLayout.context(view, PageLanguage.of(call), for: call, title: title, content))
    }

    /// The page of a view that cannot show what was asked for: the error, and with `isExplained` what it means and what to
    /// do, in the catalogue's words, which are about functions.
    func response(
        _ view: PageView, to call: HTTPCall, failed error: CloudError, isExplained: Bool = true
    ) -> Response {
        let language = PageLanguage.of(call)
        var content = ErrorContext.of(error, requestId: call.requestId, language)
        if !isExplained { for part in ["meaning", "advice"] { content[part] = nil } }
        let context = PageLayout.context(
            view, language, for: call, title: PageStrings.table(language)["titleError"], template: "problem",
            ["error": content])
        return html(error.status, context, retryAfter: error.retryAfterSeconds)
    }

    private func html(
        _ status: HTTPResponse.Status, _ context: [String: any Sendable], retryAfter: Int? = nil
    ) -> Response {
        var fields = AnswerFields.html
        if let retryAfter { fields[.retryAfter] = String(retryAfter) }
        return Response(status: status, headerFields: fields, body: Array(templates.render(context).utf8))
    }
}
