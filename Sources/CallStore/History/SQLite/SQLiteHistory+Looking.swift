// SPDX-License-Identifier: Apache-2.0

import GRDB

extension SQLiteHistory {
    /// Calls, the newest first.
    func calls(
        _ filter: HistoryFilter, after place: HistoryPlace?, limit: Int
    ) async throws(StoreError) -> HistoryPage {
        try await read { database in
            let query = HistoryQuery(filter, after: place, limit: limit + 1)
            let rows = try Row.fetchAll(database, sql: query.sql, arguments: query.arguments)
            let shown = rows.prefix(limit)
            let last = rows.count > limit ? shown.last : nil
            let next = last.map { HistoryPlace(beganAt: $0["began"], number: $0["place"]) }
            return HistoryPage(calls: shown.map(HistoryCall.init), next: next)
        }
    }

    /// A call with what was kept of its payload.
    func call(_ id: String) async throws(StoreError) -> HistoryDetail? {
        try await read { database in
            let row =
                try Row.fetchOne(database, sql: Self.summaries + " WHERE call.id = ?", arguments: [id])
                ?? Row.fetchOne(database, sql: Self.summaries + Self.latestOfRequest, arguments: [id])
            guard let row else { return nil }
            let payload = try Row.fetchOne(
                database, sql: "SELECT * FROM payloads WHERE place = ?", arguments: [row["place"] as Int64])
            return HistoryDetail(call: HistoryCall(row), payload: payload.map(HistoryPayload.init))
        }
    }

    /// As its index is made, see `HistorySchema`.
    private static let latestOfRequest =
        " WHERE call.requestId = ? AND call.requestId <> call.id ORDER BY call.began DESC, call.place DESC LIMIT 1"

    /// What is missing.
    func gaps() async throws(StoreError) -> [HistoryGap] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM gaps ORDER BY gap DESC LIMIT 5").map { row in
                HistoryGap(since: row["since"], until: row["until"], calls: row["calls"], reason: row["reason"])
            }
        }
    }

    /// Names that occur: of kinds, which are few.
    func names() async throws(StoreError) -> HistoryNames {
        try await read { database in
            func occurring(_ expression: String, _ column: String) throws -> [String] {
                try String.fetchAll(
                    database,
                    sql: """
                        SELECT DISTINCT \(expression) AS name FROM kinds WHERE \(column) <> '' ORDER BY name LIMIT 500
                        """)
            }
            var names = HistoryNames()
            names.functions = try occurring("namespace || '/' || functionName", "functionName")
            names.callers = try occurring("caller", "caller")
            names.codes = try occurring("code", "code")
            return names
        }
    }

    static let columns = """
        call.place, call.id, door, caller, namespace, functionName, outcome, code, began, qualifier, region,
            routingKey, invocationType, logType, hook, status, message, note, microseconds, duration, billDuration,
            memUsage, memorySize, requestId, cloudRequestId, functionRequestId, bytesIn, bytesOut
        """
    static let summaries = "SELECT \(columns) FROM calls AS call JOIN kinds ON kinds.kind = call.kind"
}

/// The SQL of a list. What it costs depends on how many calls it shows and on how many kinds there are, not on how many
/// calls are kept: each part of it walks an index from the place where the list begins and stops when it has enough.
struct HistoryQuery {
    private(set) var arguments: StatementArguments
    private let limit: Int
    private let timeConditions: String
    private let kindConditions: [String]
    private let hasIdPrefix: Bool

    /// Calls that an id's beginning may lead to; who types so few digits that there are more gets some of them.
    private static let mostByPrefix = 200

    init(_ filter: HistoryFilter, after place: HistoryPlace?, limit: Int) {
        self.limit = limit
        arguments = ["limit": limit]
        var times: [String] = []
        if let from = filter.from {
            times.append("began >= :from")
            arguments += ["from": from]
        }
        if let to = filter.to {
            times.append("began < :to")
            arguments += ["to": to]
        }
        if let place {
            times.append("began <= :began AND (began < :began OR place < :number)")
            arguments += ["began": place.beganAt, "number": place.number]
        }
        timeConditions = times.map { " AND " + $0 }.joined()
        let texts = filter.kindConditions
        for (name, value) in texts { arguments += [name: value] }
        kindConditions = texts.map { "kinds.\($0.name) = :\($0.name)" }
        hasIdPrefix = filter.idPrefix != nil
        if let prefix = filter.idPrefix { arguments += ["prefix": prefix] }
    }

    var sql: String {
        let kinds = kindConditions.isEmpty ? "true" : kindConditions.joined(separator: " AND ")
        let order = "ORDER BY began DESC, place DESC LIMIT :limit"
        if hasIdPrefix {
            return """
                SELECT \(SQLiteHistory.columns) FROM calls AS call CROSS JOIN kinds ON kinds.kind = call.kind
                WHERE call.place IN (\(Self.placesByPrefix)) AND \(kinds)\(timeConditions) \(order)
                """
        }
        if kindConditions.isEmpty {
            return """
                SELECT \(SQLiteHistory.columns) FROM calls AS call CROSS JOIN kinds ON kinds.kind = call.kind
                WHERE true\(timeConditions) \(order)
                """
        }
        return """
            SELECT \(SQLiteHistory.columns) FROM kinds CROSS JOIN calls AS call ON call.place IN (
                SELECT place FROM calls WHERE kind = kinds.kind\(timeConditions) \(order))
            WHERE \(kinds) \(order)
            """
    }

    private static let placesByPrefix: String = [
        ("id", "true"), ("requestId", "requestId <> id"), ("cloudRequestId", "cloudRequestId <> ''"),
        ("functionRequestId", "functionRequestId <> ''"),
    ].map { column, condition in
        """
        SELECT place FROM (SELECT place FROM calls WHERE \(condition) AND \(column) >= :prefix
            AND \(column) < :prefix || char(0x10FFFF) LIMIT \(mostByPrefix))
        """
    }.joined(separator: " UNION ALL ")
}

extension HistoryFilter {
    /// What has to be so of a kind: names of columns, and values.
    var kindConditions: [(name: String, value: String)] {
        let texts = [
            ("door", door), ("caller", caller), ("namespace", namespace), ("functionName", functionName),
            ("outcome", outcome?.rawValue), ("code", code),
        ]
        return texts.compactMap { name, value in value.map { (name, $0) } }
    }
}

extension HistoryCall {
    init(_ row: Row) {
        self.init(id: row["id"], door: row["door"], caller: row["caller"], beganAt: row["began"])
        functionName = row["functionName"]
        namespace = row["namespace"]
        qualifier = row["qualifier"]
        region = row["region"]
        routingKey = row["routingKey"]
        invocationType = row["invocationType"]
        logType = row["logType"]
        hook = row["hook"]
        outcome = HistoryOutcome(rawValue: row["outcome"]) ?? .unknown
        status = row["status"]
        code = row["code"]
        message = row["message"]
        note = row["note"]
        microseconds = row["microseconds"]
        duration = row["duration"]
        billDuration = row["billDuration"]
        memUsage = row["memUsage"]
        memorySize = row["memorySize"]
        requestId = row["requestId"]
        cloudRequestId = row["cloudRequestId"]
        functionRequestId = row["functionRequestId"]
        bytesIn = row["bytesIn"]
        bytesOut = row["bytesOut"]
    }
}

extension HistoryPayload {
    fileprivate init(_ row: Row) {
        clientContext = Self.text(row, "clientContext")
        retMsg = Self.text(row, "retMsg")
        errMsg = Self.text(row, "errMsg")
        log = Self.text(row, "log")
    }

    private static func text(_ row: Row, _ column: String) -> KeptText? {
        guard let byteCount = row["\(column)Bytes"] as Int? else { return nil }
        return KeptText(text: (row[column] as Blob?).map { Array($0.data) } ?? [], byteCount: byteCount)
    }
}
