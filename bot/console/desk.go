package console

import (
	"context"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// Desk is all that the pages need of the store. Each part is what one group of pages uses.
type Desk interface {
	People
	Visits
	Doors
	Record
	Questions
	Sorting
	Places
	History
	Waiters
	Draft
	Links
	Proposals
	Editions
	Withdrawals
	Corrections
}

// Panel is what staff can do with the channels; see bot.Panel.
type Panel interface {
	Switchboard
	Telephone
	Unlinker
}

// Switchboard is how the channels fare and where their switches stand.
type Switchboard interface {
	Channels() []bot.ChannelStatus
	Turn(ctx context.Context, channel string, to bot.Position, by, why string) error
}

// Telephone links a telephone of the office to a channel.
type Telephone interface {
	Pairing(ctx context.Context, channel string) (bot.Pairing, error)
	Pair(ctx context.Context, channel, phone, by string) error
	Cancel(channel string)
}

// Unlinker takes the link back.
type Unlinker interface {
	Unpair(ctx context.Context, channel string) error
}

// People are the members of staff.
type People interface {
	Staff(ctx context.Context) ([]bot.Staff, error)
	Member(ctx context.Context, login string) (bot.Staff, error)
	SaveStaff(ctx context.Context, m bot.Staff, end bool, line bot.Audit) error
}

// Visits are the browsers in which staff have signed in.
type Visits interface {
	Enter(ctx context.Context, v bot.StaffSession, line bot.Audit) error
	Visit(ctx context.Context, key string, now time.Time) (bot.StaffSession, error)
	Visits(ctx context.Context, login string, now time.Time) ([]bot.StaffSession, error)
}

// Doors is what happens at the sign-in page and at leaving.
type Doors interface {
	Try(ctx context.Context, name string, now time.Time) (time.Duration, error)
	Forgive(ctx context.Context, name string) error
	Leave(ctx context.Context, login, key string, line bot.Audit) error
}

// Record is the audit.
type Record interface {
	Log(ctx context.Context, line bot.Audit) error
	Trail(ctx context.Context, before int64, limit int) ([]bot.Audit, error)
	VerifyAudit(ctx context.Context) (int64, error)
}

// Questions are those before staff.
type Questions interface {
	OpenReviews(ctx context.Context, after int64, limit int) ([]bot.Review, error)
	ReviewsOf(ctx context.Context, ids []int64) ([]bot.Review, error)
	ReviewStates(ctx context.Context) (map[int64]bot.ReviewState, error)
	ReviewMark(ctx context.Context) (string, error)
}

// Sorting is what staff do with questions.
type Sorting interface {
	ChangeReviews(ctx context.Context, c bot.ReviewChange) (int64, error)
	UndoReviews(ctx context.Context, change int64, at time.Time) (int, error)
	MoveReviews(ctx context.Context, queries []int64, leader int64, line bot.Audit) error
}

// Places are the groups that the program has put questions into.
type Places interface {
	KeepGroups(ctx context.Context, leaders map[int64]int64) error
}

// History is what was asked.
type History interface {
	Recent(ctx context.Context, since time.Time, limit int) ([]bot.Query, error)
	Tally(ctx context.Context, since time.Time) ([]bot.Tally, error)
	Closing(ctx context.Context, since time.Time) ([]time.Duration, error)
	SampleAnswers(ctx context.Context, since time.Time, n int) (int, error)
}

// Waiters are people who want to be told.
type Waiters interface {
	Waiters(ctx context.Context, query int64) ([]bot.Waiter, error)
	Tell(ctx context.Context, waiter int64, r bot.Reply) error
	Health(ctx context.Context) (bot.Health, error)
}

// Draft is the next edition while it is written.
type Draft interface {
	DraftFiles(ctx context.Context) ([]bot.DraftFile, error)
	SaveDraft(ctx context.Context, files []bot.DraftFile, by string, line bot.Audit) error
	DropDraft(ctx context.Context, paths []string, line bot.Audit) error
}

// Links say which questions the next edition answers.
type Links interface {
	LinkQueries(ctx context.Context, queries []int64, entry, by string, line bot.Audit) error
	Links(ctx context.Context) (map[int64]string, error)
	DropLinks(ctx context.Context, queries []int64, by string, at time.Time) error
}

// Proposals are frozen next editions.
type Proposals interface {
	Proposals(ctx context.Context, limit int, states ...bot.ProposalState) ([]bot.Proposal, error)
	Proposal(ctx context.Context, id int64) (bot.Proposal, error)
	SaveProposal(ctx context.Context, p bot.Proposal, line bot.Audit) (int64, error)
}

// Editions are what was published.
type Editions interface {
	Publish(ctx context.Context, p bot.Proposal, r bot.Release, line bot.Audit) error
	Releases(ctx context.Context) ([]bot.Release, error)
	Release(ctx context.Context, number int64) (bot.Release, error)
}

// Withdrawals are entries out of service.
type Withdrawals interface {
	Withdraw(ctx context.Context, w bot.Withdrawal) error
	Restore(ctx context.Context, w bot.Withdrawal) error
	Withdrawn(ctx context.Context) ([]bot.Withdrawal, error)
}

// Corrections tell who got an answer, and tell them when it was wrong.
type Corrections interface {
	Given(ctx context.Context, entry string) (map[int64]int, error)
	Corrections(ctx context.Context, c bot.Correction) (bot.Reach, error)
	Correct(ctx context.Context, c bot.Correction, say func(bot.Session) (bot.Reply, error), line bot.Audit) (bot.Reach, error)
}

// Dialogue is what citizens talk to.
type Dialogue interface {
	Turn(ctx context.Context, s bot.Session, m bot.Message, now time.Time) (bot.Settlement, error)
	Told(id string, lang faq.Lang, now time.Time) (bot.Reply, error)
	Corrected(id string, s bot.Session, now time.Time) (bot.Reply, error)
}
