// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The tables, and how older ones become these. A published migration is never changed; a new one is added below it.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 calls, attempts, ids, usage") { database in
            try database.execute(sql: calls)
            try database.execute(sql: attempts)
            try database.execute(sql: ids)
            try database.execute(sql: usage)
        }
        migrator.registerMigration("2 calls: trace, usage: counts") { database in
            try database.execute(sql: "ALTER TABLE calls ADD COLUMN trace TEXT")
            for count in counts {
                try database.execute(
                    sql: "ALTER TABLE usage ADD COLUMN \(count.name) INTEGER NOT NULL DEFAULT 0")
                let all = "SELECT count(*) FROM calls AS each WHERE \(count.holds("each"))"
                try database.execute(sql: "UPDATE usage SET \(count.name) = (\(all))")
            }
            try database.execute(sql: countingTriggers)
        }
        migrator.registerMigration("3 usage: bytes of answers") { database in try database.execute(sql: answerBytes) }
        return migrator
    }

    /// `place` is the order of acceptance. `noted` is when the state last changed, `since` when the call was accepted or
    /// last retried by hand; times are UNIX milliseconds.
    private static let calls = """
        CREATE TABLE calls (
            place INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            hook TEXT NOT NULL,
            deliveryId TEXT,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead', 'unknown')),
            functionName TEXT, namespace TEXT, qualifier TEXT, region TEXT, routingKey TEXT, invocationType TEXT,
            url TEXT,
            payload BLOB,
            idempotent INTEGER NOT NULL,
            lane TEXT,
            callback TEXT,
            accepted INTEGER NOT NULL,
            since INTEGER NOT NULL,
            noted INTEGER NOT NULL,
            due INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            attemptsInRow INTEGER NOT NULL DEFAULT 0,
            owner INTEGER,
            bytes INTEGER NOT NULL,
            CHECK ((functionName IS NULL) = (url IS NOT NULL)),
            CHECK ((owner IS NOT NULL) = (state = 'running'))
        ) STRICT;
        CREATE INDEX functionsWaiting ON calls (place, due, lane) WHERE state = 'waiting' AND url IS NULL;
        CREATE INDEX callbacksWaiting ON calls (place, due, lane) WHERE state = 'waiting' AND url IS NOT NULL;
        CREATE INDEX callsInLane ON calls (lane, place) WHERE lane IS NOT NULL AND state IN ('waiting', 'running');
        CREATE INDEX callsRunning ON calls (owner) WHERE state = 'running';
        CREATE INDEX callsSettled ON calls (state, noted) WHERE state IN ('done', 'dead', 'unknown');
        """

    private static let attempts = """
        CREATE TABLE attempts (
            place INTEGER NOT NULL REFERENCES calls ON DELETE CASCADE,
            number INTEGER NOT NULL,
            started INTEGER NOT NULL,
            ended INTEGER,
            code TEXT, message TEXT, functionRequestId TEXT,
            PRIMARY KEY (place, number)
        ) STRICT, WITHOUT ROWID;
        """

    private static let ids = """
        CREATE TABLE ids (
            number INTEGER PRIMARY KEY,
            scope TEXT NOT NULL,
            id TEXT NOT NULL,
            digest BLOB NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('stored', 'running', 'answered', 'unknown')),
            callId TEXT,
            idempotent INTEGER NOT NULL DEFAULT 0,
            status INTEGER, header TEXT, body BLOB,
            noted INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            owner INTEGER,
            bytes INTEGER NOT NULL,
            UNIQUE (scope, id),
            CHECK ((callId IS NOT NULL) = (state = 'stored')),
            CHECK ((owner IS NOT NULL) = (state = 'running'))
        ) STRICT;
        CREATE INDEX idsByExpiry ON ids (expires);
        CREATE INDEX idsRunning ON ids (owner) WHERE state = 'running';
        """

    /// One row that triggers keep right, so that "is there room" is one look.
    private static let usage = """
        CREATE TABLE usage (openCalls INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT;
        INSERT INTO usage VALUES (0, 0);
        CREATE TRIGGER callAdded AFTER INSERT ON calls BEGIN
            UPDATE usage SET openCalls = openCalls + (NEW.state <> 'done'), bytes = bytes + NEW.bytes;
        END;
        CREATE TRIGGER callRemoved AFTER DELETE ON calls BEGIN
            UPDATE usage SET openCalls = openCalls - (OLD.state <> 'done'), bytes = bytes - OLD.bytes;
        END;
        CREATE TRIGGER callChanged AFTER UPDATE OF state, bytes ON calls BEGIN
            UPDATE usage SET openCalls = openCalls + (NEW.state <> 'done') - (OLD.state <> 'done'),
                bytes = bytes + NEW.bytes - OLD.bytes;
        END;
        CREATE TRIGGER idAdded AFTER INSERT ON ids BEGIN UPDATE usage SET bytes = bytes + NEW.bytes; END;
        CREATE TRIGGER idRemoved AFTER DELETE ON ids BEGIN UPDATE usage SET bytes = bytes - OLD.bytes; END;
        CREATE TRIGGER idChanged AFTER UPDATE OF bytes ON ids BEGIN
            UPDATE usage SET bytes = bytes + NEW.bytes - OLD.bytes;
        END;
        """

    /// What ids hold that stand for answers, and not for stored calls.
    private static let answerBytes = """
        ALTER TABLE usage ADD COLUMN answerBytes INTEGER NOT NULL DEFAULT 0;
        UPDATE usage SET answerBytes = (SELECT ifnull(sum(bytes), 0) FROM ids WHERE callId IS NULL);
        CREATE TRIGGER answerAdded AFTER INSERT ON ids WHEN NEW.callId IS NULL BEGIN
            UPDATE usage SET answerBytes = answerBytes + NEW.bytes;
        END;
        CREATE TRIGGER answerRemoved AFTER DELETE ON ids WHEN OLD.callId IS NULL BEGIN
            UPDATE usage SET answerBytes = answerBytes - OLD.bytes;
        END;
        CREATE TRIGGER answerChanged AFTER UPDATE OF bytes ON ids WHEN NEW.callId IS NULL BEGIN
            UPDATE usage SET answerBytes = answerBytes + NEW.bytes - OLD.bytes;
        END;
        """

    /// What is counted of calls by their state, and which of them count. Partial indices could answer that too, but only
    /// with a look at each call.
    private static let counts: [(name: String, holds: @Sendable (_ row: String) -> String)] = [
        ("waitingFunctions", { "\($0).state = 'waiting' AND \($0).url IS NULL" }),
        ("waitingCallbacks", { "\($0).state = 'waiting' AND \($0).url IS NOT NULL" }),
        ("runningFunctions", { "\($0).state = 'running' AND \($0).url IS NULL" }),
        ("runningCallbacks", { "\($0).state = 'running' AND \($0).url IS NOT NULL" }),
        ("deadCalls", { "\($0).state = 'dead'" }),
        ("unknownCalls", { "\($0).state = 'unknown'" }),
    ]

    /// The triggers of the first migration again, with the counts.
    private static var countingTriggers: String {
        let added = counts.map { ", \($0.name) = \($0.name) + (\($0.holds("NEW")))" }.joined()
        let removed = counts.map { ", \($0.name) = \($0.name) - (\($0.holds("OLD")))" }.joined()
        let changed = counts.map { ", \($0.name) = \($0.name) + (\($0.holds("NEW"))) - (\($0.holds("OLD")))" }.joined()
        return """
            DROP TRIGGER callAdded;
            DROP TRIGGER callRemoved;
            DROP TRIGGER callChanged;
            CREATE TRIGGER callAdded AFTER INSERT ON calls BEGIN
                UPDATE usage SET openCalls = openCalls + (NEW.state <> 'done'), bytes = bytes + NEW.bytes\(added);
            END;
            CREATE TRIGGER callRemoved AFTER DELETE ON calls BEGIN
                UPDATE usage SET openCalls = openCalls - (OLD.state <> 'done'), bytes = bytes - OLD.bytes\(removed);
            END;
            CREATE TRIGGER callChanged AFTER UPDATE OF state, bytes ON calls BEGIN
                UPDATE usage SET openCalls = openCalls + (NEW.state <> 'done') - (OLD.state <> 'done'),
                    bytes = bytes + NEW.bytes - OLD.bytes\(changed);
            END;
            """
    }
}
