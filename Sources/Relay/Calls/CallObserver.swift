// SPDX-License-Identifier: Apache-2.0

/// Is told of each call when it has ended: the log, and whatever else keeps account.
///
/// Called on the loop of the call, before its answer is sent: it must neither block nor take long.
protocol CallObserver: Sendable {
    /// A call is about to be made that somebody may look for before it has ended.
    func callBegan(_ record: CallRecord)
    /// A call has ended, well or not.
    func callEnded(_ record: CallRecord)
}

extension CallObserver {
    /// Of no concern to most.
    func callBegan(_ record: CallRecord) {}
}

/// Several observers, told in their order.
struct CallObservers: CallObserver {
    private let all: [any CallObserver]

    init(_ all: [any CallObserver]) {
        self.all = all
    }

    func callBegan(_ record: CallRecord) {
        for observer in all { observer.callBegan(record) }
    }

    func callEnded(_ record: CallRecord) {
        for observer in all { observer.callEnded(record) }
    }
}
