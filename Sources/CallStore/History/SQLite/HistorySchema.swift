// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The tables of the history, and how older ones become these. A published migration is never changed.
enum HistorySchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 kinds, calls, payloads, tallies, gaps, usage") { database in
            for sql in [kinds, calls, payloads, tallies, gaps, usage] { try database.execute(sql: sql) }
        }
        return migrator
    }

    /// What calls have in common that people filter and count by. There are few kinds, however many calls there are: the
    /// newest calls of some kinds are found by a look at each kind, and never by a walk through calls.
    private static let kinds = """
        CREATE TABLE kinds (
            kind INTEGER PRIMARY KEY,
            door TEXT NOT NULL,
            caller TEXT NOT NULL,
            namespace TEXT NOT NULL,
            functionName TEXT NOT NULL,
            outcome TEXT NOT NULL,
            code TEXT NOT NULL,
            UNIQUE (door, caller, namespace, functionName, outcome, code)
        ) STRICT;
        """

    /// Times are UNIX milliseconds. `owner` is the relay that a call runs in.
    private static let calls = """
        CREATE TABLE calls (
            place INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            kind INTEGER NOT NULL REFERENCES kinds,
            began INTEGER NOT NULL,
            qualifier TEXT NOT NULL, region TEXT NOT NULL, routingKey TEXT NOT NULL,
            invocationType TEXT NOT NULL, logType TEXT NOT NULL,
            hook TEXT NOT NULL,
            status INTEGER NOT NULL, message TEXT NOT NULL, note TEXT NOT NULL,
            microseconds INTEGER NOT NULL,
            duration REAL NOT NULL, billDuration INTEGER NOT NULL, memUsage INTEGER NOT NULL, memorySize INTEGER,
            requestId TEXT NOT NULL, cloudRequestId TEXT NOT NULL, functionRequestId TEXT NOT NULL,
            bytesIn INTEGER NOT NULL, bytesOut INTEGER NOT NULL,
            owner INTEGER
        ) STRICT;
        CREATE INDEX callsByTime ON calls (began);
        CREATE INDEX callsByKind ON calls (kind, began);
        CREATE INDEX callsByRequest ON calls (requestId) WHERE requestId <> id;
        CREATE INDEX callsByCloudRequest ON calls (cloudRequestId) WHERE cloudRequestId <> '';
        CREATE INDEX callsByFunctionRequest ON calls (functionRequestId) WHERE functionRequestId <> '';
        CREATE INDEX callsRunning ON calls (owner) WHERE owner IS NOT NULL;
        """

    /// Apart, so that a list never reads them.
    private static let payloads = """
        CREATE TABLE payloads (
            place INTEGER PRIMARY KEY REFERENCES calls ON DELETE CASCADE,
            clientContext BLOB, clientContextBytes INTEGER,
            retMsg BLOB, retMsgBytes INTEGER,
            errMsg BLOB, errMsgBytes INTEGER,
            log BLOB, logBytes INTEGER
        ) STRICT;
        """

    /// Calls counted up when they are written, by stretch of time and kind: what a chart shows is read from here. `level`
    /// is the length of a stretch, `times` a ``TimeHistogram``; `bySize` and `byUsage` are MB·ms.
    private static let tallies = """
        CREATE TABLE tallies (
            level INTEGER NOT NULL,
            start INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            calls INTEGER NOT NULL,
            billDuration INTEGER NOT NULL,
            bySize INTEGER NOT NULL,
            byUsage INTEGER NOT NULL,
            times BLOB NOT NULL,
            PRIMARY KEY (level, start, kind)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX talliesByKind ON tallies (kind);
        """

    private static let gaps = """
        CREATE TABLE gaps (
            gap INTEGER PRIMARY KEY,
            since INTEGER NOT NULL,
            until INTEGER NOT NULL,
            calls INTEGER,
            reason TEXT NOT NULL
        ) STRICT;
        """

    /// One row that triggers keep right, so that "how many are there" is one look.
    private static let usage = """
        CREATE TABLE usage (calls INTEGER NOT NULL, kinds INTEGER NOT NULL) STRICT;
        INSERT INTO usage VALUES (0, 0);
        CREATE TRIGGER callAdded AFTER INSERT ON calls BEGIN UPDATE usage SET calls = calls + 1; END;
        CREATE TRIGGER callRemoved AFTER DELETE ON calls BEGIN UPDATE usage SET calls = calls - 1; END;
        CREATE TRIGGER kindAdded AFTER INSERT ON kinds BEGIN UPDATE usage SET kinds = kinds + 1; END;
        CREATE TRIGGER kindRemoved AFTER DELETE ON kinds BEGIN UPDATE usage SET kinds = kinds - 1; END;
        """
}
