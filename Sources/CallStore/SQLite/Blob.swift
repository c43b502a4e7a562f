// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

/// Bytes as SQLite stores them. GRDB speaks Foundation's `Data`; nothing else here does.
struct Blob: DatabaseValueConvertible {
    let data: Data

    init(_ bytes: [UInt8]) {
        data = Data(bytes)
    }

    var databaseValue: DatabaseValue { data.databaseValue }

    static func fromDatabaseValue(_ value: DatabaseValue) -> Blob? {
        Data.fromDatabaseValue(value).map { Blob(Array($0)) }
    }

    static func bytes(_ data: Data?) -> [UInt8] {
        data.map { Array($0) } ?? []
    }
}
