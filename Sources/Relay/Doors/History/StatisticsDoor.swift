// SPDX-License-Identifier: Apache-2.0

import CallStore
import FastCGI
import HTTPTypes
import TencentCloud

/// `GET /history/statistics`: how long calls took, how they went, what they cost.
struct StatisticsDoor: Door {
    let history: CallHistory
    let page: PageRendering

    var methods: [HTTPRequest.Method] { [.get, .head] }

    func answer(_ call: HTTPCall) async -> Response {
        do throws(CloudError) {
            let question = try HistoryQuestion(call, .statistics)
            return try await answer(call, question, question.span ?? .day)
        } catch {
            return page.response(.statistics, to: call, orJSON: error)
        }
    }

    private func answer(
        _ call: HTTPCall, _ question: HistoryQuestion, _ span: StatisticsSpan
    ) async throws(CloudError) -> Response {
        await history.settled()
        do throws(StoreError) {
            let window = span.window(endingAt: history.now)
            let statistics = try await history.store.statistics(question.filter, in: window)
            guard question.format(for: call) == .html else {
                return Response(
                    status: .ok, headerFields: AnswerFields.json,
                    body: StatisticsExport.json(statistics, window))
            }
            let context = StatisticsContext(
                statistics, window, span, question, PageLanguage.of(call), PageTime(for: call))
            return page.response(
                .statistics, to: call, showing: context.content(names: try await history.store.names()))
        } catch {
            throw .historyUnavailable(error)
        }
    }
}

/// The stretches of time that can be looked at.
enum StatisticsSpan: String, CaseIterable {
    case hour = "1h"
    case day = "1d"
    case week = "7d"
    case month = "30d"
    case quarter = "90d"

    func window(endingAt now: Int) -> HistoryWindow {
        switch self {
        case .hour: HistoryWindow(.minutes, pieces: 12, endingAt: now)
        case .day: HistoryWindow(.hour, pieces: 24, endingAt: now)
        case .week: HistoryWindow(.hour, levelsAPiece: 6, pieces: 28, endingAt: now)
        case .month: HistoryWindow(.day, pieces: 30, endingAt: now)
        case .quarter: HistoryWindow(.day, levelsAPiece: 3, pieces: 30, endingAt: now)
        }
    }
}

/// Statistics for programs.
enum StatisticsExport {
    static func json(_ statistics: HistoryStatistics, _ window: HistoryWindow) -> [UInt8] {
        var text = JSONText()
        text.object { text in
            text.member("PieceMilliseconds", window.pieceLength)
            text.name("Pieces")
            text.array { text in
                for piece in statistics.pieces { text.object { $0.members(of: piece) } }
            }
            for (name, shares) in [("Functions", statistics.functions), ("Callers", statistics.callers)] {
                text.name(name)
                text.array { text in
                    for share in shares { text.object { $0.members(of: share) } }
                }
            }
        }
        return text.bytes
    }
}

extension JSONText {
    fileprivate mutating func members(of piece: HistoryStatistics.Piece) {
        member("Start", PageTime.iso(piece.start))
        name("Outcomes")
        object { text in
            for outcome in HistoryOutcome.allCases {
                if let calls = piece.outcomes[outcome] { text.member(outcome.rawValue, calls) }
            }
        }
        guard let times = piece.times else { return }
        member("MicrosecondsHalf", times.half)
        member("Microseconds95Percent", times.nineteenOfTwenty)
        member("MicrosecondsLongest", times.longest)
    }

    fileprivate mutating func members(of share: HistoryStatistics.Share) {
        member("Name", share.name)
        member("Calls", share.calls)
        member("Failed", share.failed)
        member("BillDuration", share.billDuration)
        member("GigabyteSeconds", share.gigabyteSeconds)
        member("GigabyteSecondsByMemUsage", Double(share.byUsage) / 1024 / 1000)
    }
}
