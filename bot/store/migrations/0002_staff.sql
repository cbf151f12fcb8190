CREATE TABLE editions (
	number    BIGINT PRIMARY KEY,
	hash      TEXT NOT NULL,
	signature BLOB NOT NULL,
	published BIGINT NOT NULL,
	content   BLOB NOT NULL,
	note      TEXT NOT NULL,
	author    TEXT NOT NULL
);

CREATE TABLE withdrawals (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	entry     TEXT NOT NULL,
	at        BIGINT NOT NULL,
	author    TEXT NOT NULL,
	reason    TEXT NOT NULL,
	until     BIGINT NOT NULL,
	lifted    BIGINT NOT NULL DEFAULT 0,
	lifted_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX withdrawals_active ON withdrawals (entry) WHERE lifted = 0;

-- One row per question that staff should look at. flag: missed, down, sampled.
CREATE TABLE reviews (
	query  BIGINT PRIMARY KEY REFERENCES queries (id),
	status TEXT NOT NULL,
	flag   TEXT NOT NULL,
	reason TEXT NOT NULL DEFAULT '',
	author TEXT NOT NULL DEFAULT '',
	at     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX reviews_status ON reviews (status, query);

-- What staff did, and what was there before, so that it can be undone.
CREATE TABLE review_changes (
	id     INTEGER PRIMARY KEY AUTOINCREMENT,
	at     BIGINT NOT NULL,
	author TEXT NOT NULL,
	status TEXT NOT NULL,
	reason TEXT NOT NULL,
	undone BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE review_moves (
	change BIGINT NOT NULL REFERENCES review_changes (id),
	query  BIGINT NOT NULL REFERENCES reviews (query),
	status TEXT NOT NULL,
	reason TEXT NOT NULL,
	author TEXT NOT NULL,
	at     BIGINT NOT NULL,
	PRIMARY KEY (change, query)
);
