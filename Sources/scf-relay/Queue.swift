// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import CallStore
import Foundation
import Glibc
import Relay

/// `scf-relay queue`: looks after accepted calls, while the relay runs or while it does not.
struct Queue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look after calls that were accepted and not delivered.",
        subcommands: [List.self, Show.self, Retry.self, Drop.self], defaultSubcommand: List.self)

    struct Place: ParsableArguments {
        @Option(help: "The configuration, relay.yaml.")
        var config = "relay.yaml"

        /// Opens the store that is there; none is made.
        func store() throws -> any DeliveryStore {
            let settings = try Startup.orExit { try Configuration.store(file: config) }
            let folder = URL(filePath: settings.path).deletingLastPathComponent().path
            guard !isMissing(folder) else {
                throw Startup.failure("there is no folder \(folder), where store.path says the store is")
            }
            guard !isMissing(settings.path) else {
                throw Startup.failure("there is no store at \(settings.path): no call was accepted yet")
            }
            return try Startup.orExit {
                try Configuration.database.deliveries(at: settings.path, limits: settings.limits)
            }
        }

        /// Whether nothing is there. What may not be looked at may well be there.
        private func isMissing(_ path: String) -> Bool {
            access(path, F_OK) != 0 && errno == ENOENT
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List calls, the oldest first.")

        @OptionGroup var place: Place
        @Option(
            help:
                "Only calls in this state, which may be given several times: waiting, running, done, dead, unknown. Without it, all but done."
        )
        var state: [CallState] = []
        @Option(help: "At most so many, from 1 to 1,000,000.")
        var limit = 1000
        @Flag(help: "One JSON object a line.")
        var json = false

        func validate() throws {
            if let mistake = QueueListing.mistake(inLimit: limit) { throw ValidationError(mistake) }
        }

        func run() async throws {
            let store = try place.store()
            let states = state.isEmpty ? CallState.allCases.filter { $0 != .done } : state
            let found = try await Startup.orExit { try await store.calls(in: states, after: 0, limit: limit + 1) }
            guard json else { return print(QueueListing.table(found, limit: limit)) }
            for call in found.prefix(limit) { print(QueueListing.json(call)) }
            if found.count > limit { Startup.complain(QueueListing.more(than: limit)) }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a call and its attempts.")

        @Argument(help: "The call's id.")
        var id: String
        @OptionGroup var place: Place
        @Flag(help: "Print the payload, byte for byte, and nothing else.")
        var payload = false
        @Flag(help: "JSON.")
        var json = false

        func run() async throws {
            let store = try place.store()
            guard let call = try await Startup.orExit({ try await store.call(id) }) else {
                throw Startup.failure("there is no call \(id)")
            }
            if payload {
                if let reason = QueueListing.whyPayloadIsGone(call) { throw Startup.failure(reason) }
                return FileHandle.standardOutput.write(Data(call.payload ?? []))
            }
            print(json ? QueueListing.json(call) : QueueListing.text(call))
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Deliver calls now that wait, were given up or are unknown. One that is unknown may run twice.")

        @Argument(help: "The calls' ids.")
        var id: [String]
        @OptionGroup var place: Place

        func run() async throws {
            let store = try place.store()
            try await Queue.forEach(id, "will be delivered") { try await store.retry($0) }
        }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove calls, with their payloads.")

        @Argument(help: "The calls' ids.")
        var id: [String]
        @OptionGroup var place: Place

        func run() async throws {
            let store = try place.store()
            try await Queue.forEach(id, "is removed") { try await store.drop($0) }
        }
    }

    /// Goes on after one that cannot be done, and fails in the end.
    private static func forEach(
        _ ids: [String], _ done: String, _ action: (String) async throws -> HandResult
    ) async throws {
        var hasFailed = false
        for id in ids {
            switch try await Startup.orExit({ try await action(id) }) {
            case .done: print("\(id) \(done)")
            case .noSuchCall:
                hasFailed = true
                Startup.complain("there is no call \(id)")
            case .notPossible(let state):
                hasFailed = true
                Startup.complain("\(id) is \(state.rawValue): nothing was done")
            }
        }
        if hasFailed { throw ExitCode(1) }
    }
}

extension CallState: ExpressibleByArgument {}
