// SPDX-License-Identifier: Apache-2.0

import CallStore
import TencentCloud

/// What `statistics.mustache` is given.
struct StatisticsContext {
    private let statistics: HistoryStatistics
    private let window: HistoryWindow
    private let span: StatisticsSpan
    private let question: HistoryQuestion
    private let times: PageTime
    private let strings: [String: String]

    init(
        _ statistics: HistoryStatistics, _ window: HistoryWindow, _ span: StatisticsSpan, _ question: HistoryQuestion,
        _ language: Language, _ times: PageTime
    ) {
        self.statistics = statistics
        self.window = window
        self.span = span
        self.question = question
        // Days are counted up by UTC, so they are named by it.
        self.times = window.level == .day ? PageTime() : times
        strings = PageStrings.table(language)
    }

    func content(names: HistoryNames) -> [String: any Sendable] {
        let labels = statistics.pieces.map { label($0.start) }
        var content: [String: any Sendable] = [
            "zone": times.zoneName,
            "spans": StatisticsSpan.allCases.map { span in
                [
                    "value": span.rawValue, "name": strings[Self.word(span)] ?? "", "isChosen": span == self.span,
                ] as [String: any Sendable]
            },
            "function": question.text("function"), "caller": question.text("caller"),
            "functions": names.functions, "callers": names.callers,
            "calls": "/history?" + question.query(),
            "isByDay": window.level == .day,
        ]
        content["times"] = TimesChart(pieces: statistics.pieces, labels: labels, strings: strings).context
        content["outcomes"] = OutcomesChart(pieces: statistics.pieces, labels: labels, strings: strings).context
        let costs = [
            CostChart(
                name: "function", title: strings["statisticsCostByFunction"] ?? "", shares: statistics.functions,
                strings: strings
            ).context,
            CostChart(
                name: "caller", title: strings["statisticsCostByCaller"] ?? "", shares: statistics.callers,
                strings: strings
            ).context,
        ].compactMap { $0 }
        content["costs"] = costs
        content["hasCosts"] = !costs.isEmpty
        return content
    }

    private func label(_ start: Int) -> String {
        let text = times.short(start)
        return window.level == .day ? String(text.prefix(5)) : span == .week ? text : String(text.suffix(5))
    }

    private static func word(_ span: StatisticsSpan) -> String {
        switch span {
        case .hour: "statisticsHour"
        case .day: "statisticsDay"
        case .week: "statisticsWeek"
        case .month: "statisticsMonth"
        case .quarter: "statisticsQuarter"
        }
    }
}
