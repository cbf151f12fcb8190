package bot

import (
	"math"
	"time"

	"tanya/faq"
)

// ReviewFlag says why a question is before staff.
type ReviewFlag string

// The flags.
const (
	FlagMissed  ReviewFlag = "missed"  // nothing answered it, or it needed a choice
	FlagDown    ReviewFlag = "down"    // the person said that the answer did not help
	FlagSampled ReviewFlag = "sampled" // drawn by chance among the answered, to find silent errors
)

// ReviewStatus says how far staff are with a question.
type ReviewStatus string

// The states of a question before staff.
const (
	ReviewNew       ReviewStatus = "new"
	ReviewWork      ReviewStatus = "in_work"
	ReviewDone      ReviewStatus = "answered"
	ReviewDismissed ReviewStatus = "dismissed"
)

// DismissReasons lists why a question may be set aside, in the order in which they are offered.
func DismissReasons() []string {
	return []string{"bukan-tugas-kpu", "tidak-jelas", "bukan-pertanyaan", "sudah-benar", "sudah-ada", "data-pribadi"}
}

// ReasonAttached is why a question is in work that was attached to an answer: it waits for the next edition.
const ReasonAttached = "menunggu-terbit"

// Review is a question before staff.
type Review struct {
	Query   Query
	Status  ReviewStatus
	Flag    ReviewFlag
	Reason  string
	Author  string
	At      time.Time
	Rating  string
	Waiting int // people who asked to be told
}

// ReviewChange is what a member of staff does to some questions at once.
type ReviewChange struct {
	Queries []int64
	Status  ReviewStatus
	Reason  string // needed to dismiss; with ReasonAttached, undoing takes the links to an answer back too
	By      string
	At      time.Time
}

// Waiter is a person who wants to be told the answer to a question. Nothing here says who.
type Waiter struct {
	ID    int64
	Query int64
	Lang  faq.Lang
}

// Urgency orders what staff should answer first: how many people wait, times how near the next deadline is, times how
// badly the people who ask are served otherwise. days is the number of days to the deadline, negative when there is
// none; served is the share of answered questions of their segment, from 0 to 1, and overall that of everybody.
func Urgency(people, days int, served, overall float64) float64 {
	near := 1.0
	if days >= 0 {
		near += 2 / (1 + float64(days)/7)
	}
	under := 1.0
	if overall > 0 && served < overall {
		under += math.Min(1, (overall-served)/overall*2)
	}
	return float64(people) * near * under
}

// ReviewState is the part of a Review that changes.
type ReviewState struct {
	Status  ReviewStatus
	Flag    ReviewFlag
	Reason  string
	Leader  int64 // the first question of the group that staff put it into, 0 when they did not
	Waiting int
}

// Tally is a number of questions that are alike.
type Tally struct {
	Hour    time.Time
	Outcome Outcome
	Channel string
	Lang    faq.Lang
	Segment faq.Segment
	Topic   string
	N       int
}

// Health is what tells staff whether the service is well.
type Health struct {
	Waiting   int       // messages that wait to be answered
	Oldest    time.Time // when the oldest of them came
	Outbox    int       // replies on their way out
	Dead      int       // replies that could not be delivered
	Callbacks int       // people who wait to be told
	Reviews   int       // questions that nobody has looked at
	Bytes     int64     // size of the database
}

// DraftFile is a file of the next edition that differs from the published one.
type DraftFile struct {
	Path    string
	Content string
	Gone    bool
	Authors []string // everybody who wrote on it
	At      time.Time
	Version int64 // 0 for a file that the draft does not hold yet
}

// GoodID reports whether s can be the id of an entry: small letters, digits and dashes, beginning with a letter.
func GoodID(s string) bool {
	if len(s) < 2 || len(s) > 48 || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-') {
			return false
		}
	}
	return true
}
