-- Acts of voter education. Rows of queries name them by code; nobody who took part is in here.
CREATE TABLE activities (
	code         TEXT PRIMARY KEY,
	name         TEXT NOT NULL,
	method       TEXT NOT NULL,
	segments     TEXT NOT NULL,
	district     TEXT NOT NULL,
	village      TEXT NOT NULL,
	day          TEXT NOT NULL,
	participants BIGINT NOT NULL,
	cost         BIGINT NOT NULL,
	partner      TEXT NOT NULL,
	note         TEXT NOT NULL,
	created      BIGINT NOT NULL,
	author       TEXT NOT NULL
);
