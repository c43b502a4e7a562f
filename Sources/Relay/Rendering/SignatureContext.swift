// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud

/// What the view "signature" is given.
struct SignatureContext {
    let language: Language
    /// The region of calls that name none.
    let region: String
    /// UNIX seconds.
    let now: Int

    private static let contentType = "application/json"
    /// A longer body is not shown: the steps have its hash.
    fileprivate static let shownBodyBytes = 16 << 10

    /// How the signature of a call comes about.
    func explained(_ request: InvokeRequest, at timestamp: Int? = nil) -> [String: any Sendable] {
        ["form": form(of: request, timestamp), "steps": steps(of: signing(request, at: timestamp))]
    }

    /// What is wrong with a request that was refused.
    ///
    /// - Parameters:
    ///   - sent: The request as it was pasted, and what its client says to have signed.
    ///   - sentAt: When it was sent; `nil` for now.
    ///   - example: The call to fill the other form with.
    /// - Returns: The context of the template.
    func diagnosed(_ sent: SignatureForm, sentAt: Int?, example: InvokeRequest) -> [String: any Sendable] {
        [
            "form": form(of: example, nil),
            "pasted": Self.pasted(sent),
            "diagnosis": diagnosis(
                SignatureDiagnosis(sent[.request], now: sentAt ?? now), canonical: sent[.canonical]),
        ]
    }

    /// Why what was sent cannot be shown, above the forms that still hold it.
    func refused(_ sent: SignatureForm, _ error: CloudError, requestId: String) -> [String: any Sendable] {
        let shown = ["FunctionName", "ClientContext", "Region", "Timestamp"]
        var form: [String: any Sendable] = [:]
        for name in shown { form[name] = sent[name] }
        form["others"] = sent.fields.compactMap { field -> [String: String]? in
            guard InvokeParameter(rawValue: field.name) != nil, !shown.contains(field.name) else { return nil }
            return ["name": field.name, "value": field.value]
        }
        return [
            "form": form, "pasted": Self.pasted(sent),
            "error": ErrorContext.of(error, requestId: requestId, language),
        ]
    }

    /// What the form below the answer holds. A text that is too long to be looked at is not sent back.
    private static func pasted(_ sent: SignatureForm) -> [String: any Sendable] {
        let fields: [SignatureForm.OwnField] = [.request, .canonical, .sentAt]
        return Dictionary(
            uniqueKeysWithValues: fields.map { field in
                (field.rawValue, sent[field].utf8.count <= SignatureDiagnosis.maximumBytes ? sent[field] : "")
            })
    }

    /// The page's sentence about a mistake.
    func text(of mistake: SignatureMistake) -> String { word(Self.key(of: mistake)) }

    /// The page's sentence about what was signed instead, and what it is about; empty where there is no more to say.
    func text(of difference: Supposition.Difference) -> (text: String, detail: String) {
        let (key, detail) = Self.key(of: difference)
        return (word(key), detail)
    }

    private func word(_ key: String) -> String { PageStrings.table(language)[key] ?? "" }
}

// MARK: - The steps

extension SignatureContext {
    private func form(of request: InvokeRequest, _ timestamp: Int?) -> [String: any Sendable] {
        var others: [(String, String)] = []
        if request.invocationType != .requestResponse {
            others.append(("InvocationType", request.invocationType.rawValue))
        }
        if request.logType != .none { others.append(("LogType", request.logType.rawValue)) }
        for (name, value) in [
            ("Qualifier", request.qualifier), ("Namespace", request.namespace), ("RoutingKey", request.routingKey),
        ] {
            if let value { others.append((name, value)) }
        }
        return [
            "FunctionName": request.functionName,
            "ClientContext": request.clientContext.map { String(decoding: $0.text, as: UTF8.self) } ?? "",
            "Region": request.region ?? "",
            "Timestamp": timestamp.map(String.init) ?? "",
            "others": others.map { ["name": $0, "value": $1] },
        ]
    }

    /// A call on its way to the cloud, signed with the example key.
    struct Signing {
        let secretId: String
        /// The request's first line and its header fields.
        let head: [String]
        let body: [UInt8]
        let steps: SigningSteps

        /// The body, where it is not too long to be shown.
        var shownBody: String? {
            body.count <= SignatureContext.shownBodyBytes ? String(decoding: body, as: UTF8.self) : nil
        }
        var scope: String { "\(steps.date)/\(steps.service)/tc3_request" }
    }

    /// Signs a call for `timestamp`, or for now.
    func signing(_ request: InvokeRequest, at timestamp: Int?) -> Signing {
        let timestamp = timestamp ?? now
        let body = request.wirePieces(for: request.action).reduce(into: []) { $0 += $1 }
        let steps = SigningSteps(
            .publicExample, host: Endpoint.standard, contentType: Self.contentType, body: body, timestamp: timestamp)
        let head = [
            "POST / HTTP/1.1", "Host: \(Endpoint.standard)", "Content-Type: \(Self.contentType)",
            "X-TC-Action: \(request.action.rawValue)", "X-TC-Version: 2018-04-16",
            "X-TC-Region: \(request.region ?? region)", "X-TC-Timestamp: \(timestamp)",
        ]
        return Signing(secretId: Credential.publicExample.secretId, head: head, body: body, steps: steps)
    }

    private func steps(of signing: Signing) -> [String: any Sendable] {
        let steps = signing.steps
        return [
            "secretId": signing.secretId,
            "head": signing.head.joined(separator: "\n"),
            "body": signing.shownBody ?? "",
            "bodyLeftOut": signing.shownBody == nil,
            "bodyBytes": signing.body.count.grouped,
            "canonicalRequest": steps.canonicalRequest,
            "stringToSign": steps.stringToSign,
            "scope": signing.scope,
            "date": steps.date,
            "service": steps.service,
            "keyOfDate": steps.keyOfDate,
            "keyOfService": steps.keyOfService,
            "signingKey": steps.signingKey,
            "signature": steps.signature,
            "authorization": steps.authorization,
        ]
    }
}

// MARK: - What is wrong

extension SignatureContext {
    private func diagnosis(_ diagnosis: SignatureDiagnosis, canonical: String) -> [String: any Sendable] {
        let confirmed = diagnosis.confirmed(by: .publicExample)
        var context: [String: any Sendable] = [
            "findings": diagnosis.findings.map { finding -> [String: any Sendable] in
                var context: [String: any Sendable] = ["text": text(of: finding.mistake)]
                if !finding.sent.isEmpty { context["sent"] = finding.sent }
                if !finding.expected.isEmpty { context["expected"] = finding.expected }
                return context
            },
            "isClean": diagnosis.findings.isEmpty,
            "secretId": diagnosis.secretId,
            "signature": diagnosis.signature,
            "suppositions": diagnosis.suppositions.map(supposition),
            "isConfirmed": confirmed != nil,
        ]
        if let confirmed { context["confirmed"] = supposition(confirmed) }
        if let right = diagnosis.suppositions.first {
            context["canonicalRequest"] = right.canonicalRequest
            context["stringToSign"] = right.stringToSign
            if !canonical.isEmpty { context["comparison"] = comparison(canonical, right) }
        }
        return context
    }

    private func supposition(_ supposition: Supposition) -> [String: any Sendable] {
        let (text, detail) = text(of: supposition.difference)
        return [
            "text": text, "detail": detail, "keyPrefix": supposition.keyPrefix,
            "keySteps": supposition.keySteps.joined(separator: " "), "stringToSign": supposition.stringToSign,
            "canonicalRequest": supposition.canonicalRequest,
            "isRight": supposition.difference == .none,
        ]
    }

    /// Line by line: these texts have a fixed number of lines, in a fixed order.
    private func comparison(_ text: String, _ right: Supposition) -> [String: any Sendable] {
        let isStringToSign = text.hasPrefix("TC3-HMAC-SHA256")
        let expected = Self.lines(isStringToSign ? right.stringToSign : right.canonicalRequest)
        let own = Self.lines(text)
        let rows = (0..<max(expected.count, own.count)).map { index -> [String: any Sendable] in
            let (yours, theirs) = (own.dropFirst(index).first, expected.dropFirst(index).first)
            return [
                "number": String(index + 1), "yours": yours ?? "", "expected": theirs ?? "", "isSame": yours == theirs,
                "verdict": word(yours == theirs ? "signatureLineSame" : "signatureLineDifferent"),
            ]
        }
        return ["rows": rows]
    }

    private static func lines(_ text: String) -> [String] {
        text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private static func key(of mistake: SignatureMistake) -> String {
        switch mistake {
        case .notHTTP: "signatureNotHTTP"
        case .method: "signatureMethod"
        case .path: "signaturePath"
        case .queryOfPost: "signatureQueryOfPost"
        case .missingHeader: "signatureMissingHeader"
        case .host: "signatureHost"
        case .contentLength: "signatureContentLength"
        case .timestamp: "signatureTimestamp"
        case .clock: "signatureClock"
        case .algorithm: "signatureAlgorithm"
        case .signedHeadersOrder: "signatureSignedHeadersOrder"
        case .signatureForm: "signatureSignatureForm"
        case .authorizationForm: "signatureAuthorizationForm"
        case .headerNotSigned: "signatureHeaderNotSigned"
        case .signedHeaderNotSent: "signatureSignedHeaderNotSent"
        case .service: "signatureService"
        case .date: "signatureDate"
        }
    }

    private static func key(of difference: Supposition.Difference) -> (key: String, detail: String) {
        switch difference {
        case .none: ("signatureSupposedRight", "")
        case .host(let host): ("signatureSupposedHost", host)
        case .contentType(let type): ("signatureSupposedContentType", type)
        case .headerCase: ("signatureSupposedHeaderCase", "")
        case .noEmptyLine: ("signatureSupposedNoEmptyLine", "")
        case .bodySpacing: ("signatureSupposedBodySpacing", "")
        case .emptyBody: ("signatureSupposedEmptyBody", "")
        case .unsignedPayload: ("signatureSupposedUnsignedPayload", "")
        case .upperCaseHash: ("signatureSupposedUpperCaseHash", "")
        case .query(let query): ("signatureSupposedQuery", query)
        case .date(let date): ("signatureSupposedDate", date)
        case .service(let service): ("signatureSupposedService", service)
        case .noKeyPrefix: ("signatureSupposedNoKeyPrefix", "")
        case .emptyPath: ("signatureSupposedEmptyPath", "")
        }
    }
}
