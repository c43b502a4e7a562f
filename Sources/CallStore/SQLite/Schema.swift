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
}
