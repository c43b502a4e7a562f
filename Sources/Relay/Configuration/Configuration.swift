// SPDX-License-Identifier: Apache-2.0

public import FastCGI
public import Invocation

/// What `relay.yaml` says. docs/configuration.md describes every key.
public struct Configuration: Sendable {
    /// Where the cloud is, and how to call it.
    public struct Cloud: Sendable {
        /// Where credentials come from.
        public enum Credentials: String, Sendable, CaseIterable {
            /// `TENCENTCLOUD_SECRET_ID`, `TENCENTCLOUD_SECRET_KEY`, `TENCENTCLOUD_SESSION_TOKEN`.
            case environment
            /// The file that official SDKs read: `~/.tencentcloud/credentials`.
            case file
            /// The role of the machine, from the cloud's metadata service.
            case role
            /// As official SDKs look for them: environment, else file, else role.
            case sdk

            /// Whether the metadata service may be asked.
            var mayAskMetadata: Bool { self == .role || self == .sdk }
        }

        /// The API's address. Plain `http` is spoken only where this says so.
        public var endpoint: CloudEndpoint
        /// The region of calls that name none.
        public var region: String
        /// Where credentials come from.
        public var credentials = Credentials.environment
        /// Where the metadata service is; `nil` for its usual place.
        public var metadata: CloudEndpoint?
        /// The action that calls go out as where a function says nothing else.
        public var action = InvokeAction.invoke
        /// Time for one call, in seconds, run time of the function included.
        public var timeoutSeconds = 310
    }

    /// What this relay takes on at once.
    public struct Load: Sendable {
        /// Calls that may start in any second; 0 for no pacing.
        public var requestsPerSecond = 20
        /// Calls under way at once.
        public var inFlight = 512
        /// Seconds that a call may wait for its turn.
        public var queueSeconds = 5
        /// Bytes that all calls hold together.
        public var bytesHeld = 512 << 20
        /// Seconds that calls under way have left when the process is told to end.
        public var drainSeconds = 330
    }

    /// Where the web server connects.
    public var listen: Address
    /// Where the web server connects for the cloud API; `nil` where that door is closed.
    public var apiListen: Address?
    /// Where SDKs reach ``apiListen``, through the web server: generated code names it; `nil` where it is not known.
    public var apiEndpoint: CloudEndpoint?
    /// Where the cloud is.
    public var cloud: Cloud
    /// Bounds on one call.
    public var limits = Limits()
    /// Bounds on all calls together.
    public var load = Load()
    /// How the log is written.
    public var log = LogSettings()
    /// What may be called here.
    public var functions: [FunctionList.Entry]
    /// Who may use the cloud API.
    public var callers: [Caller] = []
    /// What senders of webhooks may run.
    var hooks: [Hook] = []

    /// Where accepted calls and senders' ids are kept; `nil` where none are.
    public var store: StoreSettings?
    /// Where calls are kept for people to look at; `nil` where none are.
    public var history: HistorySettings?
    /// Where results may be sent.
    var callbacks = CallbackRules()

    /// Where generated code sends calls.
    var codeTarget: CallCode.Target {
        CallCode.Target(endpoint: apiEndpoint ?? cloud.endpoint, region: cloud.region)
    }

    /// Which action the calls of each function go out as.
    var actions: ActionChoice {
        let exceptions = functions.compactMap { function in
            function.action.map { (ActionChoice.Function(name: function.name, namespace: function.namespace), $0) }
        }
        return ActionChoice(cloud.action, exceptions: Dictionary(uniqueKeysWithValues: exceptions))
    }
}

/// Something in a configuration file that cannot be, where it stands, and what would be right.
public struct ConfigurationProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The line, from 1; `nil` where the file as a whole is meant.
    public let line: Int?
    /// What is wrong, and what would be right.
    public let message: String

    init(_ message: String, line: Int? = nil) {
        self.line = line
        self.message = message
    }

    /// `line 3: …`.
    public var description: String { line.map { "line \($0): \(message)" } ?? message }
}

/// Everything that is wrong with a configuration file.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// The file.
    public let file: String
    /// The problems, in the order of their lines.
    public let problems: [ConfigurationProblem]

    init(file: String, _ problems: ConfigurationProblem...) {
        self.init(file: file, problems: problems)
    }

    init(file: String, problems: [ConfigurationProblem]) {
        self.file = file
        self.problems = problems
    }

    /// One line for each problem: `relay.yaml: line 3: …`.
    public var description: String { problems.map { "\(file): \($0)" }.joined(separator: "\n") }
}
