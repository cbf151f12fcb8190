-- Where the channels' switches stand; a channel that is not in here is on.
CREATE TABLE switches (
	channel  TEXT PRIMARY KEY,
	position TEXT NOT NULL,
	actor    TEXT NOT NULL,
	why      TEXT NOT NULL,
	at       BIGINT NOT NULL
);

-- What one process only may do at a time, and until when by this database's clock.
CREATE TABLE holds (
	name  TEXT PRIMARY KEY,
	owner TEXT NOT NULL,
	until BIGINT NOT NULL
);
