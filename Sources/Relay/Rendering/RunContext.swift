// SPDX-License-Identifier: Apache-2.0

import TencentCloud

/// What the view "run" is given, beside an answer: the form.
enum RunContext {
    /// The page before anything ran: `public/index.html` and `public/index.zh.html` are this, rendered.
    static func empty(_ language: Language) -> [String: any Sendable] {
        PageLayout.context(.run, language, base(language, form: [:]))
    }

    /// What was sent, ready for `result` or `error` to be added.
    ///
    /// - Parameters:
    ///   - language: The reader's.
    ///   - form: The fields as they were sent, by the API's names; absent ones are empty.
    ///   - contextLeftOut: Whether ClientContext was sent, but is too long to be shown again.
    /// - Returns: The context of `run.mustache`.
    static func base(
        _ language: Language, form: [String: String], contextLeftOut: Bool = false
    ) -> [String: any Sendable] {
        [
            "form": formContext(form, contextLeftOut: contextLeftOut),
            "blankResult": blankResult,
            "blankError": blankError,
            "blankCode": ["FunctionName": "", "eventFile": "", "languages": [String]()] as [String: any Sendable],
            "regions": Region.all.map { ["id": $0.id, "name": $0.name[language]] },
        ]
    }

    private static func formContext(_ form: [String: String], contextLeftOut: Bool) -> [String: any Sendable] {
        let names = ["FunctionName", "ClientContext", "Qualifier", "Namespace", "Region", "RoutingKey"]
        var context: [String: any Sendable] = ["contextLeftOut": contextLeftOut]
        for name in names { context[name] = form[name] ?? "" }
        context["isEvent"] = form["InvocationType"] == "Event"
        context["isTail"] = form["LogType"] == "Tail"
        let options = ["Qualifier", "Namespace", "Region", "RoutingKey"]
        context["hasOptions"] = options.contains { form[$0]?.isEmpty == false }
        return context
    }

    /// The result with every part and no content: the page's script fills it in.
    private static let blankResult: [String: any Sendable] = [
        "state": "", "title": "", "FunctionName": "", "httpStatus": "", "timed": true, "accepted": true,
        "Duration": "", "DurationExact": "", "BillDuration": "", "BillDurationExact": "",
        "MemUsage": "", "MemUsageExact": "",
        "ErrMsg": "", "StackTrace": "", "RetMsg": "", "RetMsgPretty": false, "Log": "",
        "FunctionRequestId": "", "RequestId": "",
    ]

    private static let blankError: [String: any Sendable] = [
        "title": "", "Code": "", "Message": "", "meaning": "", "advice": "", "retryAfter": "", "httpStatus": "",
        "RequestId": "",
    ]
}
