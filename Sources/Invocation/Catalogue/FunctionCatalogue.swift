// SPDX-License-Identifier: Apache-2.0

public import TencentCloud

/// Something that knows which functions there are: what `ListFunctions` and `GetFunction` ask.
///
/// Source: <https://cloud.tencent.com/document/product/583/18582> and 583/18584; names and types are those of the official
/// SDK's models.
public protocol FunctionCatalogue: Sendable {
    /// Some of the functions of a namespace, in order.
    ///
    /// - Parameter request: Which ones.
    /// - Returns: Those functions, and how many there are in all.
    /// - Throws: `ResourceNotFound.Namespace`.
    func list(_ request: ListFunctionsRequest) async throws(CloudError) -> ListFunctionsResponse

    /// Everything that is known about a function.
    ///
    /// - Parameter request: Which one.
    /// - Returns: What is known.
    /// - Throws: `ResourceNotFound.*`, and `FailedOperation.FunctionStatusError` where its settings are wrong.
    func get(_ request: GetFunctionRequest) async throws(CloudError) -> FunctionDetails
}

/// The answer of `ListFunctions`.
public struct ListFunctionsResponse: Sendable, Equatable, Encodable {
    /// The functions that were asked for.
    public var functions: [FunctionListing]
    /// How many there are without Offset and Limit.
    public var totalCount: Int

    /// Creates a list.
    public init(functions: [FunctionListing], totalCount: Int) {
        self.functions = functions
        self.totalCount = totalCount
    }
}

/// `Function` of the answer of `ListFunctions`.
public struct FunctionListing: Sendable, Equatable, Encodable {
    /// When it was changed last.
    public var modTime: CatalogueTime
    /// What runs it, such as `Python3`; absent where its settings are wrong.
    public var runtime: String?
    /// Its name.
    public var functionName: String
    /// `lam-` and eight characters.
    public var functionId: String
    /// Its namespace.
    public var namespace: String
    /// `Active`, or `CreateFailed`.
    public var status: String
    /// What the status leaves open.
    public var statusDesc: String
    /// Why the status is not `Active`.
    public var statusReasons: [StatusReason]
    /// What it is for.
    public var description: String
    /// Tags; this side knows none.
    public var tags: [String] = []
    /// `Event`: it is called with an event, and not with an HTTP request.
    public var type = "Event"

    /// Creates a listing.
    public init(
        functionName: String, namespace: String, functionId: String, modTime: CatalogueTime,
        runtime: String? = nil, description: String = "", status: String = "Active", statusDesc: String = "",
        statusReasons: [StatusReason] = []
    ) {
        self.functionName = functionName
        self.namespace = namespace
        self.functionId = functionId
        self.modTime = modTime
        self.runtime = runtime
        self.description = description
        self.status = status
        self.statusDesc = statusDesc
        self.statusReasons = statusReasons
    }
}

/// Why a function cannot be run.
public struct StatusReason: Sendable, Equatable, Encodable {
    /// The cloud's code for it.
    public var errorCode: String
    /// In words.
    public var errorMessage: String

    /// Creates a reason.
    public init(errorCode: String, errorMessage: String) {
        self.errorCode = errorCode
        self.errorMessage = errorMessage
    }
}

/// The answer of `GetFunction`.
public struct FunctionDetails: Sendable, Equatable, Encodable {
    /// Variables of the function's environment, as its author set them.
    public struct Environment: Sendable, Equatable, Encodable {
        /// A name and its value.
        public struct Variable: Sendable, Equatable, Encodable {
            /// The name.
            public var key: String
            /// The value.
            public var value: String

            /// Creates a variable.
            public init(key: String, value: String) {
                self.key = key
                self.value = value
            }
        }

        /// The variables, by name.
        public var variables: [Variable]
    }

    /// Its name.
    public var functionName: String
    /// Its namespace.
    public var namespace: String
    /// `lam-` and eight characters.
    public var functionId: String
    /// The version that was found: `$LATEST` or a number.
    public var functionVersion: String
    /// The version or alias that was asked for.
    public var qualifier: String
    /// When it was changed last.
    public var modTime: CatalogueTime
    /// What it is for.
    public var description: String
    /// What runs it.
    public var runtime: String
    /// File and function that are called.
    public var handler: String
    /// The code of the handler's file, where it was asked for, is text and not larger than 1 MB; else empty.
    public var codeInfo: String
    /// Bytes of all its files.
    public var codeSize: Int
    /// Longest run, in seconds.
    public var timeout: Int
    /// Most memory, in MB.
    public var memorySize: Int
    /// Variables of its environment.
    public var environment: Environment
    /// `Active`.
    public var status = "Active"
    /// What the status leaves open.
    public var statusDesc = ""
    /// `success`: the code could be taken as it is.
    public var codeResult = "success"
    /// What is wrong with the code; nothing, by the line above.
    public var codeError = ""
    /// The same as a number.
    public var errNo = 0
    /// `Event`.
    public var type = "Event"
    /// Triggers; this side has none.
    public var triggers: [String] = []
    /// Tags; this side knows none.
    public var tags: [String] = []
    /// Layers; this side has none.
    public var layers: [String] = []

    /// Creates the details of a function that can be run.
    public init(
        functionName: String, namespace: String, functionId: String, functionVersion: String, qualifier: String,
        modTime: CatalogueTime, description: String, runtime: String, handler: String,
        codeInfo: String, codeSize: Int, timeout: Int, memorySize: Int, environment: [String: String]
    ) {
        self.functionName = functionName
        self.namespace = namespace
        self.functionId = functionId
        self.functionVersion = functionVersion
        self.qualifier = qualifier
        self.modTime = modTime
        self.description = description
        self.runtime = runtime
        self.handler = handler
        self.codeInfo = codeInfo
        self.codeSize = codeSize
        self.timeout = timeout
        self.memorySize = memorySize
        self.environment = Environment(
            variables: environment.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: $0.value) })
    }
}
