-- mark pairs the answers to a quiz before and after an activity: "awal", "akhir", "akhir:0", "akhir:1".
ALTER TABLE queries ADD COLUMN mark TEXT NOT NULL DEFAULT '';

-- Question rows of whole days, counted once after the day has ended: a report of millions of rows reads thousands.
-- What the labels mean depends on the kind, see bot.CountKind.
CREATE TABLE day_counts (
	day  TEXT NOT NULL,
	kind TEXT NOT NULL,
	a    TEXT NOT NULL,
	b    TEXT NOT NULL,
	c    TEXT NOT NULL,
	d    TEXT NOT NULL,
	n    BIGINT NOT NULL,
	PRIMARY KEY (day, kind, a, b, c, d)
) WITHOUT ROWID;
CREATE TABLE days_counted (
	day TEXT PRIMARY KEY
);
