-- Written in SQLite's words; dialect_postgres.go puts the few that differ into PostgreSQL's.
-- Instants are milliseconds since 1970, 0 means none. "until" is when a row is to be deleted.

CREATE TABLE keycheck (
	id     BIGINT PRIMARY KEY,
	sealed BLOB NOT NULL
);

CREATE TABLE cursors (
	channel  TEXT PRIMARY KEY,
	position TEXT NOT NULL
);

-- A message waits while until is 0. A settled one keeps only what tells a repeat: external is a keyed hash, because a
-- platform's message id can hold a telephone number.
CREATE TABLE inbox (
	seq      INTEGER PRIMARY KEY AUTOINCREMENT,
	channel  TEXT NOT NULL,
	external TEXT NOT NULL,
	chat     TEXT NOT NULL,
	shard    BIGINT NOT NULL,
	sealed   BLOB,
	received BIGINT NOT NULL,
	until    BIGINT NOT NULL DEFAULT 0,
	UNIQUE (channel, external)
);
CREATE INDEX inbox_waiting ON inbox (shard, seq) WHERE until = 0;
CREATE INDEX inbox_until ON inbox (until) WHERE until > 0;

-- trail is sealed too: the query rows of this conversation, so that /hapus finds their texts. It ends with the session.
CREATE TABLE sessions (
	chat   TEXT PRIMARY KEY,
	sealed BLOB NOT NULL,
	trail  BLOB,
	until  BIGINT NOT NULL
);
CREATE INDEX sessions_until ON sessions (until);

-- What was asked, never who asked. Nothing may be added here that is finer than an hour or belongs to one person.
CREATE TABLE queries (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	hour     BIGINT NOT NULL,
	channel  TEXT NOT NULL,
	lang     TEXT NOT NULL,
	outcome  TEXT NOT NULL,
	topic    TEXT NOT NULL,
	entry    TEXT NOT NULL,
	score    DOUBLE PRECISION NOT NULL,
	segment  TEXT NOT NULL,
	activity TEXT NOT NULL,
	edition  BIGINT NOT NULL,
	previous TEXT NOT NULL
);
CREATE INDEX queries_hour ON queries (hour);

CREATE TABLE texts (
	query  BIGINT PRIMARY KEY REFERENCES queries (id),
	sealed BLOB NOT NULL,
	until  BIGINT NOT NULL
);
CREATE INDEX texts_until ON texts (until);

CREATE TABLE feedback (
	query BIGINT PRIMARY KEY REFERENCES queries (id),
	hour  BIGINT NOT NULL,
	label TEXT NOT NULL
);
CREATE INDEX feedback_hour ON feedback (hour);

-- Counted per shard, so that processes do not wait for each other's commits.
CREATE TABLE counters (
	name  TEXT NOT NULL,
	shard BIGINT NOT NULL,
	n     BIGINT NOT NULL,
	PRIMARY KEY (name, shard)
);

-- Who asked within a month, per cell. Cells have unrelated pseudonyms for the same person; the order of rows tells
-- nothing, they are kept in the order of their key.
CREATE TABLE months (
	month  TEXT PRIMARY KEY,
	closed BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE askers (
	month     TEXT NOT NULL,
	cell      TEXT NOT NULL,
	pseudonym BLOB NOT NULL,
	PRIMARY KEY (month, cell, pseudonym)
) WITHOUT ROWID;
CREATE TABLE asker_counts (
	month TEXT NOT NULL,
	cell  TEXT NOT NULL,
	n     BIGINT NOT NULL,
	PRIMARY KEY (month, cell)
) WITHOUT ROWID;

-- chat is hashed for this table alone, so that a wait cannot be joined to a session.
CREATE TABLE waits (
	id     INTEGER PRIMARY KEY AUTOINCREMENT,
	query  BIGINT NOT NULL REFERENCES queries (id),
	chat   TEXT NOT NULL,
	sealed BLOB NOT NULL,
	until  BIGINT NOT NULL,
	UNIQUE (query, chat)
);
CREATE INDEX waits_chat ON waits (chat);
CREATE INDEX waits_until ON waits (until);

-- state: waiting, leased, delivered, dead, cancelled. due is when it may be (re)tried; for a leased row, when the
-- lease ends.
CREATE TABLE outbox (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	channel  TEXT NOT NULL,
	chat     TEXT NOT NULL,
	address  BLOB,
	reply    BLOB,
	platform BLOB,
	state    TEXT NOT NULL,
	owner    TEXT NOT NULL DEFAULT '',
	due      BIGINT NOT NULL,
	attempts BIGINT NOT NULL DEFAULT 0,
	reason   TEXT NOT NULL DEFAULT '',
	created  BIGINT NOT NULL,
	until    BIGINT NOT NULL
);
CREATE INDEX outbox_due ON outbox (channel, due, id) WHERE state IN ('waiting', 'leased');
CREATE INDEX outbox_line ON outbox (chat, id) WHERE state IN ('waiting', 'leased');
CREATE INDEX outbox_chat ON outbox (chat, id);
CREATE INDEX outbox_until ON outbox (until);
CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';

CREATE TABLE shards (
	shard BIGINT PRIMARY KEY,
	owner TEXT NOT NULL DEFAULT '',
	until BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE members (
	owner TEXT PRIMARY KEY,
	until BIGINT NOT NULL
);
