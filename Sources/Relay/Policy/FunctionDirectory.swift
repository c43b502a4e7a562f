// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Invocation
import TencentCloud

/// What may be called here, for people who look for a function: the list of `relay.yaml`, with what the cloud knows about
/// each.
///
/// The cloud is asked at most once a minute, and only when somebody looks. Where it refuses (the credential may not use
/// `ListFunctions`) or does not answer, the list stands as it is. A function that is not on it is never shown.
actor FunctionDirectory {
    /// A function that may be called.
    struct Entry: Sendable, Equatable {
        var name: String
        var namespace: String
        /// That of `relay.yaml`, else the cloud's.
        var description: String
        var runtime: String?
        /// `Active`, or why not; `Missing` where the cloud has no such function; `nil` where that is not known.
        var status: String?
    }

    /// Asks the cloud for the functions of a namespace.
    typealias Ask = @Sendable (_ namespace: String) async throws(CloudError) -> [CloudCatalogue.Function]

    private static let interval = Duration.seconds(60)
    /// Namespaces that are asked for; more are shown as the list has them.
    private static let maximumNamespaces = 20

    private let functions: FunctionList
    private let ask: Ask?
    private let now: @Sendable () -> Monotonic
    private var askedAt: Monotonic?
    private var known: [Entry]

    init(
        _ functions: FunctionList, now: @escaping @Sendable () -> Monotonic = { .now }, ask: Ask? = nil
    ) {
        self.functions = functions
        self.now = now
        self.ask = ask
        known = functions.entries.map { Entry(name: $0.name, namespace: $0.namespace, description: $0.description) }
    }

    /// The functions, in the order of the list. Whoever comes while the cloud is being asked gets what is known already.
    func entries() async -> [Entry] {
        guard let ask, isDue else { return known }
        askedAt = now()
        var found: [String: [CloudCatalogue.Function]] = [:]
        do throws(CloudError) {
            for namespace in namespaces { found[namespace] = try await ask(namespace) }
        } catch {
            return known
        }
        known = functions.entries.map { Self.entry($0, among: found[$0.namespace]) }
        return known
    }

    private var isDue: Bool {
        guard let askedAt else { return true }
        return now() >= askedAt + Self.interval
    }

    private var namespaces: [String] {
        var seen: Set<String> = []
        return Array(
            functions.entries.map(\.namespace).filter { seen.insert($0).inserted }
                .prefix(Self.maximumNamespaces))
    }

    private static func entry(_ listed: FunctionList.Entry, among found: [CloudCatalogue.Function]?) -> Entry {
        var entry = Entry(name: listed.name, namespace: listed.namespace, description: listed.description)
        guard let found else { return entry }
        guard let function = found.first(where: { $0.functionName == listed.name }) else {
            entry.status = "Missing"
            return entry
        }
        if entry.description.isEmpty { entry.description = function.description ?? "" }
        entry.runtime = function.runtime
        entry.status = function.status
        return entry
    }
}
