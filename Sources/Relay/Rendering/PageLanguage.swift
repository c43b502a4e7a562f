// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import TencentCloud

/// The language of a page: what the address says (`?lang=zh`), else what the reader chose before (the cookie `lang`, set
/// by nginx when the language switch is followed), else what the browser asks for.
///
/// nginx/maps.conf decides the same for the static page.
enum PageLanguage {
    static func of(_ call: HTTPCall) -> Language {
        if let named = call.query.split(separator: "&").lazy.compactMap(chosen).first { return named }
        let cookies = call.header("Cookie")?.split(separator: ";") ?? []
        if let remembered = cookies.lazy.compactMap({ chosen($0.drop { $0 == " " }) }).first { return remembered }
        return Language.preferred(byAcceptLanguage: call.acceptLanguage, fallback: .en)
    }

    private static func chosen(_ pair: Substring) -> Language? {
        switch pair {
        case "lang=zh": .zh
        case "lang=en": .en
        default: nil
        }
    }

    /// The address at which a page can be read in another language. A page that answers a form has none of its own: the
    /// view's address takes its place.
    static func address(of call: HTTPCall?, _ view: PageView, in language: String) -> String {
        guard let call, call.method == .get || call.method == .head, view.has(call.path) else {
            return "\(view.path)?lang=\(language)"
        }
        let kept = call.query.split(separator: "&").filter { !$0.hasPrefix("lang=") }
        return call.path + "?" + (kept + ["lang=\(language)"]).joined(separator: "&")
    }
}

extension PageView {
    /// Whether an address is the view's, or below it.
    fileprivate func has(_ address: String) -> Bool {
        address == path || address == otherPath || (path != "/" && address.hasPrefix(path + "/"))
    }
}
