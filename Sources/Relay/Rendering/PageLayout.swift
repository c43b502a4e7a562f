// SPDX-License-Identifier: Apache-2.0

import TencentCloud

/// What `layout.mustache` is given: all that a view has around its own part.
enum PageLayout {
    /// The context of a page.
    ///
    /// - Parameters:
    ///   - view: The view.
    ///   - language: The reader's.
    ///   - call: What is answered; `nil` for a static page.
    ///   - title: What the title says before the view's heading; `nil` for nothing.
    ///   - template: What stands in the page; `nil` for the view's own template.
    ///   - content: The context of that template.
    /// - Returns: The context of `layout.mustache`.
    static func context(
        _ view: PageView, _ language: Language, for call: HTTPCall? = nil, title: String? = nil,
        template: String? = nil, _ content: [String: any Sendable]
    ) -> [String: any Sendable] {
        let strings = PageStrings.table(language)
        var layout: [String: any Sendable] = [
            "view": view.name,
            "template": template ?? view.name,
            "heading": strings[view.name + "Heading"] ?? "",
            "lead": strings[view.name + "Lead"] ?? "",
            "styles": [view.files],
            "scripts": ["page", "views/\(view.files)"],
            "preloads": view.modules,
            "navigation": PageView.navigation.map { navigation($0, isHere: $0.path == view.path, strings) },
            "otherLanguage": PageLanguage.address(of: call, view, in: strings["otherLang"] ?? ""),
        ]
        if let title { layout["title"] = title }
        var context = content
        context["s"] = strings
        context["layout"] = layout
        return context
    }

    private static func navigation(
        _ view: PageView, isHere: Bool, _ strings: [String: String]
    ) -> [String: any Sendable] {
        ["href": view.path, "name": strings[view.name + "Nav"] ?? "", "isHere": isHere]
    }
}
