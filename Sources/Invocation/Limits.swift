// SPDX-License-Identifier: Apache-2.0

/// Every bound on what a call may be, in one place: configuration, error texts and tests read it from here.
public struct Limits: Sendable, Equatable {
    /// Bytes of the text of ClientContext. The API page: "最大支持的参数长度是 1M".
    public var clientContextBytes = 1_048_576
    /// Bytes of the body of a call, in any of its forms.
    ///
    /// Percent-encoding triples a byte, and a quarter is left for the other fields: four times ``clientContextBytes``.
    public var requestBodyBytes: Int { 4 * clientContextBytes }
    /// Fields in a body. There are eight parameters, and none may be given twice.
    public var fieldCount = 16
    /// Bytes of a field's name.
    public var fieldNameBytes = 64
    /// Bytes of the value of any field but ClientContext. The longest that is allowed is RoutingKey.
    public var fieldBytes = 1_024
    /// Bytes of the header fields of one part of a multipart body.
    public var partHeaderBytes = 4_096
    /// Characters of FunctionName. The cloud's document 583/11637 (quotas).
    public var functionNameCharacters = 60
    /// Characters of Namespace. The cloud's error text `InvalidParameterValue.NamespaceInvalid` says 30; we leave room.
    public var namespaceCharacters = 64
    /// Characters of Qualifier: a version number or an alias.
    public var qualifierCharacters = 64
    /// Characters of Region, such as `ap-shanghai-fsi`.
    public var regionCharacters = 32
    /// Bytes of RoutingKey. The official SDK's description of the parameter.
    public var routingKeyBytes = 1_024
    /// Levels of arrays and objects that may lie in one another, in ClientContext and in answers.
    public var nestingDepth = 512
    /// Bytes of an answer of the cloud: its own limit, 50 MB. A function may return 6 MB (document 583/11637), and
    /// quoting makes that up to six times as long.
    public var responseBytes = 52_428_800

    /// What an answer may say that a run took, in milliseconds. The cloud's longest timeout is 86,400 s; what is beyond
    /// counts as the nearest, so that sums over many calls stay numbers whatever an answer says.
    public static let durations = 0...100_000_000
    /// What an answer may say that a run used of memory, in bytes; likewise.
    public static let memoryUsages = 0...(1 << 40)

    /// The limits that the cloud's documents give.
    public init() {}
}
