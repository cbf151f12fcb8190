package bot

import (
	"context"
	"time"
)

// Channel carries messages in and replies out. Name is fixed; Run and Send are called from different goroutines,
// Send never for two replies of one chat at once.
type Channel interface {
	// Name is the short name that inbox and outbox rows carry: "telegram", "webchat".
	Name() string
	// Run hands every incoming message to a and returns when ctx ends or the channel cannot go on. It tells the
	// platform "received" only after a.Accept has returned nil.
	Run(ctx context.Context, a Accepter) error
	// Send delivers one reply and returns the platform's id of it. An error is of a class of this package.
	Send(ctx context.Context, o Outgoing) (platform string, err error)
}

// Accepter takes messages. When Accept returns nil they are on disk.
type Accepter interface {
	Accept(ctx context.Context, b Batch) error
	// Cursor returns the channel's last committed cursor, "" when there is none.
	Cursor(ctx context.Context, channel string) (string, error)
}

// Inbox is the part of the ledger that takes messages and gives them out for answering.
type Inbox interface {
	// Accept commits the batch; a message that was accepted before is left out. It returns the shards that have
	// new work.
	Accept(ctx context.Context, b Batch) (shards []int, err error)
	// Claim returns the oldest messages of a shard that are not settled, in the order of acceptance, with their
	// session. Only the owner of the shard may call it; it does not change anything.
	Claim(ctx context.Context, shard, limit int) ([]Pending, error)
	// Settle commits what follows from messages. A message that is settled already changes nothing; of a settlement
	// that covers several, the first of them decides.
	Settle(ctx context.Context, s ...Settlement) error
}

// Pending is a message that waits to be answered.
type Pending struct {
	Message Message
	Session Session
}

// Outbox is the part of the ledger that replies wait in.
type Outbox interface {
	// Lease hands out replies of a channel that are due, oldest first, at most one per chat, to owner until end.
	Lease(ctx context.Context, channel, owner string, limit int, now, end time.Time) ([]Outgoing, error)
	// Prepare stores the platform's id that the reply is going to have, before it is sent.
	Prepare(ctx context.Context, id int64, platform string) error
	// Finish records what became of leased replies.
	Finish(ctx context.Context, d ...Delivery) error
}

// Shards is the number of parts that chats are divided into. A chat's shard never changes; one process owns a
// shard at a time, so that the messages of a chat are answered one after the other.
const Shards = 32
