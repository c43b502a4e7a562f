// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import TencentCloud

/// `GET /functions`: what may be called here. As JSON,
/// `{"Functions":[{"FunctionName":…,"Namespace":…,"Description":…,"Runtime":…,"Status":…}]}`, the last two where they are
/// known; to a browser as a view of the page, which `?q=` searches.
struct FunctionsDoor: Door {
    let functions: FunctionDirectory
    let page: PageRendering

    var methods: [HTTPRequest.Method] { [.get, .head] }

    func answer(_ call: HTTPCall) async -> Response {
        let entries = await functions.entries()
        switch ContentNegotiation.format(accept: call.accept, fallback: .json) {
        case .json: return Response(status: .ok, headerFields: AnswerFields.json, body: Self.json(entries))
        case .html:
            let content = Self.context(entries, searching: SearchWords(of: call), PageLanguage.of(call))
            return page.response(.functions, to: call, showing: content)
        }
    }

    private static func json(_ entries: [FunctionDirectory.Entry]) -> [UInt8] {
        var text = JSONText()
        text.object { answer in
            answer.name("Functions")
            answer.array { array in
                for entry in entries {
                    array.object {
                        $0.member("FunctionName", entry.name)
                        $0.member("Namespace", entry.namespace)
                        $0.member("Description", entry.description)
                        if let runtime = entry.runtime { $0.member("Runtime", runtime) }
                        if let status = entry.status { $0.member("Status", status) }
                    }
                }
            }
        }
        return text.bytes
    }

    private static func context(
        _ entries: [FunctionDirectory.Entry], searching words: SearchWords, _ language: Language
    ) -> [String: any Sendable] {
        let found = entries.filter { words.allOccur(in: [$0.name, $0.namespace, $0.description, $0.runtime ?? ""]) }
        let functions = found.map { entry in
            var function: [String: any Sendable] = [
                "FunctionName": entry.name, "Namespace": entry.namespace,
                "href": "/run?FunctionName=\(entry.name)&Namespace=\(entry.namespace)",
            ]
            if !entry.description.isEmpty { function["Description"] = entry.description }
            function["Runtime"] = entry.runtime
            if let status = entry.status, status != "Active" {
                function["problem"] =
                    status == "Missing" ? PageStrings.table(language)["functionsUnknown"] ?? status : status
            }
            return function
        }
        return ["q": words.text, "functions": functions, "isEmpty": functions.isEmpty]
    }
}
