// SPDX-License-Identifier: Apache-2.0

/// What `function.yaml` says about a function; every key may be left out.
///
/// ```yaml
/// description: says hello
/// handler: index.main_handler
/// runtime: Python3
/// timeout: 3        # seconds, 1 to 900
/// memory: 128       # MB, 64 to 3072
/// retries: 2        # of an Event run that failed, 0 to 2
/// environment:
///   GREETING: hello
/// aliases:
///   prod: 1
/// ```
///
/// The limits and what holds without them are the cloud's: <https://cloud.tencent.com/document/product/583/11637>.
struct FunctionSettings: Sendable, Equatable {
    static let timeoutRange = 1...900
    static let memoryRange = 64...3072
    /// RetryNum of the cloud's `AsyncTriggerConfig`.
    static let retriesRange = 0...2
    static let environmentBytes = 4096

    /// What the function is for, in a few words.
    var description = ""
    /// File and function to call, joined by a dot.
    var handler = "index.main_handler"
    /// What runs it, by the cloud's name; `nil` leaves that to the files that are there.
    var runtime: String?
    /// Longest run, in seconds.
    var timeoutSeconds = 3
    /// Most memory, in MB of 1,048,576 bytes.
    var memoryMB = 128
    /// How often an Event run that failed is run again.
    var retries = 2
    /// Variables for the function's environment.
    var environment: [String: String] = [:]
    /// What each alias stands for.
    var aliases: [String: FunctionVersion] = [:]

    var memoryBytes: Int { memoryMB << 20 }

    /// The handler's file, without what its name ends with: `lib/app` of `lib/app.run`.
    var handlerModule: String { String(handler.prefix { $0 != "." }) }
}

/// What is wrong with a `function.yaml`, and where.
struct FunctionSettingsError: Error, Equatable {
    /// Counted from 1; `nil` where it is about the file as a whole.
    let line: Int?
    let message: String
}
