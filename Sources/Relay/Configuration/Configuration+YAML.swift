// SPDX-License-Identifier: Apache-2.0

import FastCGI
import Invocation
import StrictYAML
import TencentCloud
import Yams

extension Configuration {
    /// Bytes of a configuration file.
    private static let maximumFileBytes = 1 << 20

    /// Reads a configuration file, and the keys that it names.
    ///
    /// - Parameters:
    ///   - file: Its path.
    ///   - environment: The process's environment.
    /// - Throws: ``ConfigurationError`` with everything that is wrong, line by line.
    public init(file: String, environment: [String: String]) throws(ConfigurationError) {
        try self.init(yaml: Self.text(of: file), environment: environment, file: file)
    }

    /// The text of a configuration file.
    static func text(of file: String) throws(ConfigurationError) -> String {
        let bytes: [UInt8]?
        do throws(SmallFile.Unreadable) {
            bytes = try SmallFile.read(file, maximumBytes: Self.maximumFileBytes)
        } catch {
            throw ConfigurationError(file: file, ConfigurationProblem("\(error)"))
        }
        guard let bytes else { throw ConfigurationError(file: file, ConfigurationProblem("does not exist")) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(file: file, ConfigurationProblem("is not UTF-8"))
        }
        return text
    }

    /// Reads the text of a configuration file, and the keys that it names.
    ///
    /// - Parameters:
    ///   - yaml: The text.
    ///   - environment: The process's environment.
    ///   - file: What errors call the text.
    /// - Throws: ``ConfigurationError`` with everything that is wrong, line by line.
    public init(
        yaml: String, environment: [String: String] = [:], file: String = "relay.yaml"
    ) throws(ConfigurationError) {
        let top = try Self.section(yaml: yaml, file: file)
        let configuration = Configuration(top, environment)
        top.reportUnknownKeys()
        let problems = top.problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) }
        guard problems.isEmpty, let configuration else { throw ConfigurationError(file: file, problems: problems) }
        self = configuration
    }

    /// The keys and values of a configuration, none of them looked at.
    static func section(yaml: String, file: String) throws(ConfigurationError) -> YAMLSection {
        let node: Node?
        do throws(YAMLProblem) {
            node = try StrictYAML.compose(yaml)
        } catch {
            throw ConfigurationError(file: file, ConfigurationProblem(error.text, line: error.line))
        }
        guard let node else { throw ConfigurationError(file: file, ConfigurationProblem("is empty")) }
        return YAMLSection(node)
    }

    /// - Returns: `nil` where `top` has collected a problem without which there is nothing to return.
    private init?(_ top: YAMLSection, _ environment: [String: String]) {
        let listen = top.value("listen") { try Address($0) } ?? top.missing("listen", "unix:/run/scf-relay/relay.sock")
        let cloud = Cloud(top.section("cloud"), in: top)
        limits = Limits(top.section("limits"), load: &load, in: top)
        functions = Self.functions(top)
        apiListen = top.value("apiListen") { try Address($0) }
        apiEndpoint = top.value("apiEndpoint") { try CloudEndpoint($0) }
        if top.has("apiEndpoint"), !top.has("apiListen") {
            top.report("apiEndpoint", "'apiEndpoint' without 'apiListen': there would be no door at that address")
        }
        var reading = CallerReading(
            environment: environment, functions: functions, action: cloud?.action ?? .invoke,
            requestsPerSecond: load.requestsPerSecond)
        callers = reading.callers(in: top)
        store = Self.store(top)
        history = Self.history(top, besides: store)
        log = Self.log(top)
        callbacks = Self.callbacks(top)
        var hookReading = HookReading(
            environment: environment, functions: functions, hasStore: store != nil, callbacks: callbacks)
        hooks = hookReading.hooks(in: top)
        Self.checkAPI(apiListen, besides: listen, bytesHeld: load.bytesHeld, in: top)
        guard let listen, let cloud else { return nil }
        self.listen = listen
        self.cloud = cloud
    }

    /// The cloud-API door and those who may use it belong together.
    private static func checkAPI(
        _ apiListen: Address?, besides listen: Address?, bytesHeld: Int, in top: YAMLSection
    ) {
        if top.has("callers"), !top.has("apiListen") {
            top.report("callers", "'callers' without 'apiListen': there would be no door for them")
        }
        guard top.has("apiListen") else { return }
        if !top.has("callers") { top.report("apiListen", "'apiListen' without 'callers': nobody could call") }
        if let apiListen, apiListen == listen { top.report("apiListen", "'apiListen' must differ from 'listen'") }
        if bytesHeld < RequestSize.bodyBytes {
            top.report(
                "apiListen",
                "'apiListen' needs 'limits.bytesHeld' to be at least the size of one body: \(RequestSize.bodyBytes)")
        }
    }

    private static func functions(_ top: YAMLSection) -> [FunctionList.Entry] {
        guard let sections = top.sections("functions") ?? top.missing("functions", "[{name: hello}]") else { return [] }
        if sections.isEmpty { top.report("functions", "'functions' is empty: nothing could be called") }
        var seen: Set<String> = []
        return sections.compactMap { section in
            defer { top.finish(section) }
            let name = section.value("name", .functionName) ?? section.missing("name", "hello")
            let namespace = section.value("namespace", .namespace) ?? "default"
            let description = section.string("description") ?? ""
            let action = section.choice("action", of: InvokeAction.self)
            let memory = section.integer("memory", in: 64...131_072)
            if let name, !seen.insert("\(namespace)/\(name)").inserted {
                section.report("name", "the function '\(namespace)/\(name)' is given twice")
            }
            return name.map {
                FunctionList.Entry(
                    name: $0, namespace: namespace, description: description, action: action, memory: memory)
            }
        }
    }
}

extension Configuration.Cloud {
    fileprivate init?(_ section: YAMLSection?, in top: YAMLSection) {
        let example = "{endpoint: https://scf.tencentcloudapi.com, region: ap-guangzhou}"
        guard let section = section ?? top.missing("cloud", example) else { return nil }
        defer { top.finish(section) }
        let endpoint =
            section.value("endpoint") { try CloudEndpoint($0) }
            ?? section.missing("endpoint", "https://scf.tencentcloudapi.com")
        let region = section.value("region", .region) ?? section.missing("region", "ap-guangzhou")
        let credentials = section.choice("credentials", of: Credentials.self)
        let metadata = section.value("metadata") { try CloudEndpoint($0) }
        if section.has("metadata"), credentials?.mayAskMetadata != true {
            section.report("metadata", "'cloud.metadata' is for 'credentials: role' and 'credentials: sdk' alone")
        }
        let action = section.choice("action", of: InvokeAction.self)
        let timeoutSeconds = section.integer("timeoutSeconds", in: 1...86_400)
        guard let endpoint, let region else { return nil }
        self.init(endpoint: endpoint, region: region)
        if let credentials { self.credentials = credentials }
        self.metadata = metadata
        if let action { self.action = action }
        if let timeoutSeconds { self.timeoutSeconds = timeoutSeconds }
    }
}

extension YAMLSection {
    /// A text that calls may carry as this parameter: what no call could name is a mistake.
    func value(_ key: String, _ parameter: InvokeParameter) -> String? {
        value(key) { text in
            let others = [(name: "FunctionName", value: "any")].filter { $0.name != parameter.rawValue }
            do throws(CloudError) {
                _ = try InvokeRequest(parameters: others + [(parameter.rawValue, text)], limits: Limits())
            } catch {
                throw ConfigurationProblem(error.message)
            }
            return text
        }
    }
}

extension Limits {
    fileprivate init(_ section: YAMLSection?, load: inout Configuration.Load, in top: YAMLSection) {
        self.init()
        guard let section else { return }
        defer { top.finish(section) }
        if let bytes = section.integer("clientContextBytes", in: 1...6_291_456) { clientContextBytes = bytes }
        if let rate = section.integer("requestsPerSecond", in: 0...10_000) { load.requestsPerSecond = rate }
        if let count = section.integer("inFlight", in: 1...100_000) { load.inFlight = count }
        if let seconds = section.integer("queueSeconds", in: 0...300) { load.queueSeconds = seconds }
        if let bytes = section.integer("bytesHeld", in: 1_048_576...68_719_476_736) { load.bytesHeld = bytes }
        if let seconds = section.integer("drainSeconds", in: 0...86_400) { load.drainSeconds = seconds }
        if load.bytesHeld < requestBodyBytes {
            section.report(
                "bytesHeld", "'limits.bytesHeld' must be at least four times clientContextBytes: \(requestBodyBytes)")
        }
    }
}
