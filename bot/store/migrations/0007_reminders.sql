-- Who asked to be reminded of an election. event is its id; chat is hashed for this table alone, so that a reminder
-- cannot be joined to a session, a reply or a callback.
CREATE TABLE reminders (
	id     INTEGER PRIMARY KEY AUTOINCREMENT,
	event  TEXT NOT NULL,
	chat   TEXT NOT NULL,
	sealed BLOB NOT NULL,
	due    BIGINT NOT NULL,
	until  BIGINT NOT NULL,
	UNIQUE (event, chat)
);
CREATE INDEX reminders_chat ON reminders (chat);
CREATE INDEX reminders_due ON reminders (due);
