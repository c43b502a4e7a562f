// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import StrictJSON

/// `GET /functions`: what may be called here, `{"Functions":[{"FunctionName":…,"Namespace":…,"Description":…}]}`.
struct FunctionsDoor: Door {
    private let body: [UInt8]

    var methods: [HTTPRequest.Method] { [.get, .head] }

    init(_ functions: FunctionList) {
        var json: [UInt8] = Array(#"{"Functions":["#.utf8)
        for (index, function) in functions.entries.enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            json += #"{"FunctionName":"#.utf8
            JSONString.appendQuoted(function.name, to: &json)
            json += #","Namespace":"#.utf8
            JSONString.appendQuoted(function.namespace, to: &json)
            json += #","Description":"#.utf8
            JSONString.appendQuoted(function.description, to: &json)
            json.append(UInt8(ascii: "}"))
        }
        json += "]}".utf8
        body = json
    }

    func answer(_ call: HTTPCall) async -> Response {
        Response(status: .ok, headerFields: AnswerFields.json, body: body)
    }
}
