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
	Reason  string // needed to dismiss
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
