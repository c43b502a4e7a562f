// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud
import WebhookSignatures

/// Reads `hooks:`, and fetches their secrets.
struct HookReading {
    /// The process's environment, for secrets that are in it.
    let environment: [String: String]
    /// What may be called at all.
    let functions: [FunctionList.Entry]
    /// Whether calls can be kept for later.
    let hasStore: Bool
    /// Where results may be sent.
    let callbacks: CallbackRules

    private var names: Set<String> = []

    /// Statuses that a failed function may be answered with.
    private static let failureStatuses = 200...599
    /// A month: longer than any sender tries.
    private static let rememberedSeconds = 0...2_678_400

    init(
        environment: [String: String], functions: [FunctionList.Entry], hasStore: Bool, callbacks: CallbackRules
    ) {
        self.environment = environment
        self.functions = functions
        self.hasStore = hasStore
        self.callbacks = callbacks
    }

    /// All hooks; those with a problem, which `top` has collected, are left out.
    mutating func hooks(in top: YAMLSection) -> [Hook] {
        var hooks: [Hook] = []
        for section in top.sections("hooks") ?? [] {
            if let hook = hook(in: section) { hooks.append(hook) }
            top.finish(section)
        }
        return hooks
    }

    private mutating func hook(in section: YAMLSection) -> Hook? {
        let name = section.value("name", Self.name) ?? section.missing("name", "deploy")
        if let name, !names.insert(name).inserted { section.report("name", "the hook '\(name)' is given twice") }
        let function = function(in: section)
        let verification = HookVerificationReading(environment: environment).verification(in: section)
        let context = Self.context(in: section)
        let answer = section.choice("answer", of: Hook.Answer.self) ?? .result
        let failureStatus = section.integer("failureStatus", in: Self.failureStatuses)
        if failureStatus != nil, answer == .accepted {
            section.report("failureStatus", "'hooks.failureStatus' is for 'answer: result': nobody waits for this one")
        }
        let id = section.has("id") ? Self.deliveryId(in: section) : verification?.sender.deliveryId
        var rules = Self.rules(in: section)
        let callback = callback(in: section, answer: answer)
        rules.callback = callback?.url
        checkStore(answer, in: section)
        guard let name, let function, let verification, let context else { return nil }
        return Hook(
            name: name, function: function, verification: verification, context: context, answer: answer,
            failureStatus: failureStatus, deliveryId: id, rules: rules, callbackSecret: callback?.secret)
    }

    private static func name(_ text: String) throws(ConfigurationProblem) -> String {
        let isFit = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || "-_.".utf8.contains(byte)
        }
        // A path of dots would be another path to a web server.
        guard isFit, text.utf8.count <= 64, text.utf8.first != UInt8(ascii: ".") else {
            throw ConfigurationProblem("must be 1 to 64 letters, digits, '-', '_' and '.', the first no '.'")
        }
        return text
    }
}

// MARK: - What runs

extension HookReading {
    private func function(in section: YAMLSection) -> HookFunction? {
        let name = section.value("function", .functionName) ?? section.missing("function", "deploy")
        let namespace = section.value("namespace", .namespace) ?? "default"
        let qualifier = section.value("qualifier", .qualifier)
        let type = section.choice("invocationType", of: InvokeRequest.InvocationType.self) ?? .requestResponse
        guard let name else { return nil }
        guard functions.contains(where: { $0.name == name && $0.namespace == namespace }) else {
            section.report("function", "the function '\(namespace)/\(name)' is not on the list 'functions'")
            return nil
        }
        return HookFunction(name: name, namespace: namespace, qualifier: qualifier, invocationType: type)
    }

    private static func context(in section: YAMLSection) -> HookContext? {
        switch section.item("context") {
        case nil: return section.has("context") ? nil : .body
        case .word("body", _): return .body
        case .word("envelope", _): return .envelope
        case .word(_, let node):
            section.report(node, "'hooks.context' must be 'body', 'envelope' or {template: …}")
            return nil
        case .section(let context):
            defer { section.finish(context) }
            guard let fields = context.pairs("template", FieldSource.init) else {
                return context.missing("template", "{branch: \"body:/ref\"}")
            }
            if fields.count > HookContext.maximumFields {
                context.report("template", "'hooks.context.template' has more than \(HookContext.maximumFields) fields")
            }
            return .template(ContextTemplate(fields: fields.map { ($0.name, $0.value) }))
        }
    }

    // MARK: What applies to its deliveries

    private static func deliveryId(in section: YAMLSection) -> FieldSource? {
        section.value("id") { text throws(ConfigurationProblem) -> FieldSource? in
            if text == "none" { return nil }
            switch try FieldSource(text) {
            case .header(let name): return .header(name)
            case .body(let pointer): return .body(pointer)
            case .query, .text: throw ConfigurationProblem("must be header:NAME, body:/POINTER or none")
            }
        } ?? nil
    }

    private static func rules(in section: YAMLSection) -> DeliveryRules {
        var rules = DeliveryRules()
        if let isIdempotent = section.boolean("idempotent") { rules.idempotent = isIdempotent }
        if let isOrdered = section.boolean("ordered") { rules.ordered = isOrdered }
        if let seconds = section.integer("rememberSeconds", in: rememberedSeconds) { rules.rememberSeconds = seconds }
        return rules
    }
}
