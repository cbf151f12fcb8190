-- The staff's desk. What decides who may do what is sealed, bound to its row: writing to the database makes nobody an
-- admin and changes no proposal that was approved.

CREATE TABLE staff (
	login   TEXT PRIMARY KEY,
	sealed  BLOB NOT NULL,
	version BIGINT NOT NULL
);

-- key is the hash of the token in the browser.
CREATE TABLE staff_sessions (
	key    TEXT PRIMARY KEY,
	login  TEXT NOT NULL,
	sealed BLOB NOT NULL,
	seen   BIGINT NOT NULL,
	until  BIGINT NOT NULL
);
CREATE INDEX staff_sessions_login ON staff_sessions (login);

-- Failed attempts to sign in; name is a keyed hash, because people type passwords into the wrong field.
CREATE TABLE staff_tries (
	name  TEXT PRIMARY KEY,
	fails BIGINT NOT NULL,
	at    BIGINT NOT NULL
);

CREATE TABLE audit (
	seq    BIGINT PRIMARY KEY,
	at     BIGINT NOT NULL,
	actor  TEXT NOT NULL,
	action TEXT NOT NULL,
	object TEXT NOT NULL,
	detail TEXT NOT NULL,
	prev   TEXT NOT NULL,
	hash   TEXT NOT NULL
);
CREATE TABLE audit_head (
	id     BIGINT PRIMARY KEY,
	sealed BLOB NOT NULL
);

-- Files of the next edition that differ from the published one; removed ones have gone = 1.
CREATE TABLE draft_files (
	path    TEXT PRIMARY KEY,
	content TEXT NOT NULL,
	gone    BIGINT NOT NULL DEFAULT 0,
	author  TEXT NOT NULL,
	at      BIGINT NOT NULL,
	version BIGINT NOT NULL
);

-- Questions that the next edition will answer, so that those who wait can be told.
CREATE TABLE draft_links (
	query  BIGINT PRIMARY KEY REFERENCES queries (id),
	entry  TEXT NOT NULL,
	author TEXT NOT NULL
);

CREATE TABLE proposals (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	state   TEXT NOT NULL,
	due     BIGINT NOT NULL DEFAULT 0,
	sealed  BLOB NOT NULL,
	version BIGINT NOT NULL
);
CREATE INDEX proposals_state ON proposals (state, due);

-- Where staff put a question into another group than the program did.
CREATE TABLE group_moves (
	query  BIGINT PRIMARY KEY REFERENCES queries (id),
	leader BIGINT NOT NULL
);
