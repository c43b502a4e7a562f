// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Relay

/// What goes wrong before the first call is for whoever typed the command: the reason in words, and exit status 1.
enum Startup {
    static func orExit<Value>(_ step: () async throws -> Value) async throws -> Value {
        do { return try await step() } catch { throw exit(error) }
    }

    static func orExit<Value>(_ step: () throws -> Value) throws -> Value {
        do { return try step() } catch { throw exit(error) }
    }

    static let environment = ProcessInfo.processInfo.environment

    static func source(_ file: String) -> ConfigurationSource {
        ConfigurationSource(file: file, environment: environment)
    }

    static func configuration(_ file: String) throws -> Configuration {
        try orExit { try Configuration(file: file, environment: environment) }
    }

    /// The end of a command that cannot do what it was asked, with the reason said.
    static func failure(_ reason: String) -> ExitCode {
        complain(reason)
        return ExitCode(1)
    }

    static func complain(_ text: String) {
        FileHandle.standardError.write(Data("scf-relay: \(text)\n".utf8))
    }

    private static func exit(_ error: any Error) -> ExitCode {
        failure(ConfigurationSource.reason(error))
    }
}
