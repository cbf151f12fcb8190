// Package bot turns a message into a reply. It holds the nouns of a conversation (message, reply, choice,
// outcome, session, query row), the dialogue that decides what is said, and the engine that walks a message
// along its one road: accepted and on disk before the platform hears "received", answered in the order of its
// chat, settled in one transaction, sent from an outbox. The packages below it each know one craft (a platform,
// the database, the staff's pages) and none of their siblings; this package knows none of them and meets them
// through small interfaces that stand here, where they are used. Text is redacted before anything durable keeps
// it, and no query row says who asked.
package bot
