// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Relay
import TencentCloud

/// What goes wrong before the first call is for whoever typed the command: the reason in words, and exit status 1.
enum Startup {
    static func orExit<Value>(_ step: () async throws -> Value) async throws -> Value {
        do { return try await step() } catch { throw exit(error) }
    }

    static func orExit<Value>(_ step: () throws -> Value) throws -> Value {
        do { return try step() } catch { throw exit(error) }
    }

    static let environment = ProcessInfo.processInfo.environment

    static func configuration(_ file: String) throws -> Configuration {
        try orExit { try Configuration(file: file, environment: environment) }
    }

    private static func exit(_ error: any Error) -> ExitCode {
        let text = (error as? CloudError)?.message ?? "\(error)"
        FileHandle.standardError.write(Data("scf-relay: \(text)\n".utf8))
        return ExitCode(1)
    }
}
