// SPDX-License-Identifier: Apache-2.0

public import EventLoop
public import Logging
import TencentCloud

/// Where a relay's configuration comes from, at the start and whenever it is read again.
public struct ConfigurationSource: Sendable {
    /// The file, `relay.yaml`.
    public let file: String
    /// The process's environment, for keys that are in it.
    public let environment: [String: String]

    private let readingLimit: Duration
    private let readFile: @Sendable (_ file: String, _ environment: [String: String]) throws -> Configuration

    /// Names a source; nothing is read.
    public init(file: String, environment: [String: String]) {
        self.init(file: file, environment: environment, readingLimit: .seconds(10)) { file, environment in
            try Configuration(file: file, environment: environment)
        }
    }

    /// - Parameters:
    ///   - file: The file.
    ///   - environment: The process's environment.
    ///   - readingLimit: How long reading the file and the files with secrets may take.
    ///   - readFile: Reads them.
    init(
        file: String, environment: [String: String], readingLimit: Duration,
        readFile: @escaping @Sendable (_ file: String, _ environment: [String: String]) throws -> Configuration
    ) {
        self.file = file
        self.environment = environment
        self.readingLimit = readingLimit
        self.readFile = readFile
    }

    /// Reads the configuration and everything that it names: keys and secrets, and what calls are signed with.
    ///
    /// - Parameters:
    ///   - previous: The credentials in use. A role's are kept as long as the role is asked in the same place.
    ///   - loops: Run requests to the metadata service; asked for only where there are any.
    ///   - logger: Is told of each credential that the metadata service gives, or does not give.
    ///   - now: The time, in UNIX seconds.
    /// - Returns: A configuration that a relay can run with.
    /// - Throws: ``ConfigurationError``; `InvalidCredential` where there is nothing to sign with.
    public func read(
        succeeding previous: CloudCredentials? = nil, loops: () throws -> EventLoopGroup, logger: Logger?, now: Int
    ) async throws -> CheckedConfiguration {
        let configuration = try await readConfiguration()
        let credentials = try await CloudCredentials.find(
            configuration.cloud, environment: environment, succeeding: previous, loops: loops, logger: logger, now: now)
        return CheckedConfiguration(configuration: configuration, credentials: credentials)
    }

    /// One that hangs must not keep the next from being read.
    private func readConfiguration() async throws -> Configuration {
        do {
            return try await ReadingInTime.value(within: readingLimit) { [file, environment, readFile] in
                try readFile(file, environment)
            }
        } catch let error as ReadingInTime.TooLong {
            throw ConfigurationError(file: file, ConfigurationProblem("\(error)"))
        }
    }

    /// Why a configuration cannot be used, in the words for whoever wrote it.
    public static func reason(_ error: any Error) -> String {
        (error as? CloudError)?.message ?? "\(error)"
    }
}

/// A configuration that was read whole, and what calls are signed with by it.
public struct CheckedConfiguration: Sendable {
    /// What `relay.yaml` says.
    public let configuration: Configuration
    /// What calls to the cloud are signed with.
    public let credentials: CloudCredentials

    init(configuration: Configuration, credentials: CloudCredentials) {
        self.configuration = configuration
        self.credentials = credentials
    }
}

extension Configuration {
    /// Checks that a relay which runs with another configuration can go on with this one.
    ///
    /// - Throws: ``ConfigurationError`` naming the keys that take a restart.
    func checkThatItCanReplace(_ running: Configuration, file: String) throws(ConfigurationError) {
        let keys = [
            ("listen", "\(running.listen)", "\(listen)"),
            ("apiListen", running.apiListen.map { "\($0)" }, apiListen.map { "\($0)" }),
            ("store.path", running.store?.path, store?.path),
            ("history.path", running.history?.path, history?.path),
        ]
        let problems = keys.compactMap { key, old, new in
            old == new
                ? nil
                : ConfigurationProblem(
                    "'\(key)' was \(old ?? "not there") and is now \(new ?? "not there"): that takes a restart")
        }
        guard problems.isEmpty else { throw ConfigurationError(file: file, problems: problems) }
    }
}
