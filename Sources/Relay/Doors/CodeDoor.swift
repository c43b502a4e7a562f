// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import TencentCloud

/// `POST /code`: the call in the form, written as code in every language there is. Nothing is run.
struct CodeDoor: Door {
    let target: CallCode.Target
    let limits: Limits
    let page: PageRendering
    let observer: any CallObserver

    var methods: [HTTPRequest.Method] { [.get, .head, .post] }

    func answer(_ call: HTTPCall) async -> Response {
        guard call.method == .post else { return Self.toTheForm }
        var record = CallRecord(call, door: "code")
        let format = ContentNegotiation.format(accept: call.accept, fallback: .html)
        let response: Response
        do throws(CloudError) {
            try SameSite.check(call)
            let request = try InvokeBody.decode(
                contentType: call.contentType, body: call.request.body[...], limits: limits)
            let code = CallCode(request: request, target: target, site: CallCode.Site(of: call))
            response =
                switch format {
                case .html: page.response(to: call, code)
                case .json: Response(status: .ok, headerFields: AnswerFields.json, body: code.json)
                }
        } catch {
            response =
                switch format {
                case .html: page.response(to: call, error)
                case .json: JSONRendering.response(error, requestId: call.requestId)
                }
            record.fail(error, status: response.status.code)
        }
        record.end(bytesOut: response.body.count)
        observer.callEnded(record)
        return response
    }

    /// Whoever reloads or bookmarks the address has no form with it.
    private static let toTheForm: Response = {
        var fields = AnswerFields.html
        fields[.location] = "/"
        return Response(status: .seeOther, headerFields: fields, body: [])
    }()
}

extension CallCode.Site {
    /// The site that a page's form or a program has called. A browser says itself where its page is from, and SameSite has
    /// compared that with Host: it knows of TLS that ends in front of the web server.
    init(of call: HTTPCall) {
        let parameters = call.request.parameters
        let origin = parameters["HTTP_ORIGIN"] ?? ""
        let scheme = parameters["REQUEST_SCHEME"] == "https" ? "https" : "http"
        self.origin = origin.isEmpty ? "\(scheme)://\(parameters["HTTP_HOST"] ?? "localhost")" : origin
        needsPassword = call.user != nil
    }
}

extension CallCode {
    /// `{"Code":[{"Language":"python","Title":"Python","File":"invoke.py","Text":"…"}],"EventFile":"event.json"}`;
    /// `EventFile` only where the code reads one.
    fileprivate var json: [UInt8] {
        let context = context
        var text = JSONText()
        text.object { answer in
            answer.name("Code")
            answer.array { array in
                for language in CodeLanguage.all {
                    array.object {
                        $0.member("Language", language.name)
                        $0.member("Title", language.title)
                        $0.member("File", language.file)
                        $0.member("Text", language.code(context))
                    }
                }
            }
            if readsFile { answer.member("EventFile", Self.contextFile) }
        }
        return text.bytes
    }
}

/// The view "run" of a browser without script, with the code where the answer would be.
extension PageRendering {
    fileprivate func response(to call: HTTPCall, _ code: CallCode) -> Response {
        let request = code.request
        let isTooLong = (request.clientContext?.byteCount ?? 0) > Self.formEchoBytes
        var content = RunContext.base(
            PageLanguage.of(call), form: Self.form(request), contextLeftOut: isTooLong)
        let context = code.context
        var shown: [String: any Sendable] = [
            "FunctionName": request.functionName,
            "languages": CodeLanguage.all.map { language in
                [
                    "language": language.name, "title": language.title, "file": language.file,
                    "text": language.code(context), "isFirst": language.name == CodeLanguage.all.first?.name,
                ] as [String: any Sendable]
            },
        ]
        if code.readsFile { shown["eventFile"] = CallCode.contextFile }
        content["code"] = shown
        return response(
            .run, to: call, showing: content, title: PageStrings.table(PageLanguage.of(call))["code"])
    }
}
