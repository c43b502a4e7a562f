// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud

/// The values that the labels of calls may have. All come from the configuration, from the catalogue of errors or from
/// the program: nobody who calls can add one, so the number of series is bounded. What is not among them is `other`.
struct CallLabels: Sendable {
    /// Numbers of the values of one label; 0 is `other`. A name keeps its number for ever.
    struct Values<Name: Hashable & Sendable>: Sendable {
        private(set) var texts = ["other"]
        private var numbers: [Name: Int] = [:]

        mutating func add(_ name: Name, _ text: String) {
            guard numbers[name] == nil, texts.count <= 0xFFFF else { return }
            numbers[name] = texts.count
            texts.append(text)
        }

        func number(of name: Name) -> Int { numbers[name] ?? 0 }
    }

    struct Function: Hashable, Sendable {
        let namespace: String
        let name: String

        /// Hardly any name is in two namespaces, and hashing is what looking up costs.
        func hash(into hasher: inout Hasher) { hasher.combine(name) }
    }

    /// The doors, by the name that the log has for them.
    static let doors = ["other", "invoke", "cloud-api", "hook", "delivery", "deliveries", "code", "none"]

    private(set) var callers = Values<String>()
    private(set) var functions = Values<Function>()
    private(set) var codes = Values<String>()

    /// The code of a call that went well, and of one whose function failed.
    static let ok = 1
    static let functionFailed = 2

    init() {
        codes.add("OK", "OK")
        codes.add("FunctionFailed", "FunctionFailed")
        for entry in ErrorCatalogue.all { codes.add(entry.code.rawValue, entry.code.rawValue) }
    }

    /// Names may be added at any time, by a configuration that is read anew; none is taken away, for its calls are counted.
    mutating func add(callers names: [String], functions list: [FunctionList.Entry]) {
        for name in names { callers.add(name, name) }
        for entry in list {
            functions.add(
                Function(namespace: entry.namespace, name: entry.name), "\(entry.namespace)/\(entry.name)")
        }
    }

    static func door(_ name: String) -> Int { doors.firstIndex(of: name) ?? 0 }

    /// Who called: the name of a caller or a hook. Addresses, and whom the web server has authenticated, are `other`.
    func caller(of record: CallRecord) -> Int {
        if !record.hook.isEmpty { return callers.number(of: record.hook) }
        // Before a call is let in, it has an address at best.
        return record.secretId.isEmpty ? 0 : callers.number(of: record.caller)
    }

    func function(of record: CallRecord) -> Int {
        // Member by member: a copy of the request would cost more than all else here.
        guard let name = record.request?.functionName else { return 0 }
        return functions.number(of: Function(namespace: record.request?.namespace ?? "default", name: name))
    }

    /// A code that the catalogue does not have counts as its family, where it has that.
    func code(of record: CallRecord) -> Int {
        if record.code == "OK" { return record.functionFailed ? Self.functionFailed : Self.ok }
        var code = record.code[...]
        while true {
            let number = codes.number(of: String(code))
            guard number == 0, let dot = code.lastIndex(of: ".") else { return number }
            code = code[..<dot]
        }
    }
}
