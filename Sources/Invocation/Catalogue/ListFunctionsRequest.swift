// SPDX-License-Identifier: Apache-2.0

public import TencentCloud

/// A call of `ListFunctions`, validated.
public struct ListFunctionsRequest: Sendable, Equatable {
    /// Which way it goes.
    public enum Order: String, Sendable, CaseIterable {
        /// From the smallest on (the default).
        case ascending = "ASC"
        /// From the largest on.
        case descending = "DESC"
    }

    /// What the order is by.
    public enum Key: String, Sendable, CaseIterable {
        /// When a function was made. A folder does not tell: it is the same as ``functionName``.
        case addTime = "AddTime"
        /// When it was changed last.
        case modTime = "ModTime"
        /// Its name (the default).
        case functionName = "FunctionName"
    }

    /// A condition: the field has one of the values.
    public struct Filter: Sendable, Equatable {
        /// The field.
        public var name: String
        /// Its values.
        public var values: [String]
    }

    /// The order.
    public var order = Order.ascending
    /// What the order is by.
    public var orderBy = Key.functionName
    /// How many to leave out at the beginning.
    public var offset = 0
    /// How many to return at the most.
    public var limit = 20
    /// What is part of the name.
    public var searchKey: String?
    /// The namespace; `nil` is `default`.
    public var namespace: String?
    /// What is part of the description.
    public var description: String?
    /// Conditions that all have to hold.
    public var filters: [Filter] = []

    /// The first 20 functions of the default namespace.
    public init() {}

    /// Checks names and values as they come from a JSON body, a form or a query; nested ones are flat:
    /// `Filters.0.Name`, `Filters.0.Values.0`.
    ///
    /// The most that Limit may be is our choice: the cloud's documents give none.
    ///
    /// - Throws: `UnknownParameter`; `InvalidParameterValue.*` for a value that cannot be right.
    public init(parameters: some Sequence<(name: String, value: String)>) throws(CloudError) {
        var parameters = try CatalogueParameters(parameters)
        order = try parameters.take("Order", code: "InvalidParameterValue.Order") ?? order
        orderBy = try parameters.take("Orderby", code: "InvalidParameterValue.OrderBy") ?? orderBy
        offset =
            try parameters.take("Offset", within: 0...1_000_000, code: "InvalidParameterValue.Offset") ?? offset
        limit = try parameters.take("Limit", within: 0...1_000, code: "InvalidParameterValue.Limit") ?? limit
        searchKey = parameters.take("SearchKey")
        namespace = parameters.take("Namespace")
        description = parameters.take("Description")
        filters = try Self.filters(&parameters)
        try parameters.finish()
    }

    /// The SDK's description of the parameter: ten filters at the most, of these fields, with so many values.
    private static func filters(_ parameters: inout CatalogueParameters) throws(CloudError) -> [Filter] {
        var filters: [Filter] = []
        for index in 0..<10 {
            guard let name = parameters.take("Filters.\(index).Name") else { break }
            guard let most = mostValues[name] ?? (name.hasPrefix("tag-") ? 20 : nil) else {
                throw CloudError("InvalidParameterValue.Filters", "There is no filter for \(name.prefix(64)).")
            }
            var filter = Filter(name: name, values: [])
            while let value = parameters.take("Filters.\(index).Values.\(filter.values.count)") {
                filter.values.append(value)
            }
            guard (1...most).contains(filter.values.count) else {
                throw CloudError(
                    "InvalidParameterValue.Filters", "The filter for \(name) takes 1 to \(most) values.")
            }
            filters.append(filter)
        }
        return filters
    }

    private static let mostValues: [String: Int] = {
        let one = ["VpcId", "SubnetId", "ClsTopicId", "ClsLogsetId", "Role", "CfsId", "CfsMountInsId", "Eip"]
        let many = ["Status", "Runtime", "Type", "PublicNetStatus", "AsyncRunEnable", "TraceEnable", "Stamp"]
        return Dictionary(uniqueKeysWithValues: one.map { ($0, 1) } + many.map { ($0, 20) })
    }()
}

extension ListFunctionsRequest {
    /// Chooses, orders and cuts.
    ///
    /// - Parameter functions: All functions of the namespace.
    /// - Returns: The answer.
    public func choose(from functions: [FunctionListing]) -> ListFunctionsResponse {
        let found = functions.filter(includes).sorted { left, right in
            order == .ascending ? precedes(left, right) : precedes(right, left)
        }
        return ListFunctionsResponse(functions: Array(found.dropFirst(offset).prefix(limit)), totalCount: found.count)
    }

    private func includes(_ function: FunctionListing) -> Bool {
        if let searchKey, !function.functionName.contains(searchKey) { return false }
        if let description, !function.description.contains(description) { return false }
        return filters.allSatisfy { filter in
            switch filter.name {
            case "Status": filter.values.contains(function.status)
            case "Runtime": filter.values.contains(function.runtime ?? "")
            case "Type": filter.values.contains(function.type)
            default: false  // no function here has a network, a role, a tag
            }
        }
    }

    private func precedes(_ left: FunctionListing, _ right: FunctionListing) -> Bool {
        switch orderBy {
        case .modTime where left.modTime != right.modTime: left.modTime < right.modTime
        default: left.functionName < right.functionName
        }
    }
}
