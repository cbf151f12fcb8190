package webchat

import (
	"slices"
	"sync/atomic"
	"time"
)

// What a person typed is shown back to them from memory only, for spokenLife, and for so many conversations and
// messages of each. After a restart the page shows the replies alone.
const (
	spokenLife  = time.Hour
	spokenChats = 5000
	spokenEach  = 30
)

// words is one message of the person's own.
type words struct {
	external string
	text     string
	at       time.Time
	after    int64 // the reply that it follows on the page
}

// talk is what is remembered of one conversation.
type talk struct {
	words []words
	seen  int64 // the last reply that was handed out
	used  time.Time
}

// spoken remembers what people typed. It is safe for concurrent use.
type spoken struct {
	talks *recent[string, talk]
	swept atomic.Int64 // when old talks were last removed, in Unix seconds
}

func newSpoken() *spoken { return &spoken{talks: newRecent[string, talk](spokenChats)} }

// add remembers a message. A repeat changes nothing.
func (s *spoken) add(chat string, w words) {
	s.sweep(w.at)
	s.talks.update(chat, func(t talk) talk {
		if slices.ContainsFunc(t.words, func(o words) bool { return o.external == w.external }) {
			return t
		}
		t.seen = max(t.seen, w.after)
		w.after = t.seen
		t.used = w.at
		t.words = append(slices.Clone(t.words), w) // readers hold the old slice
		if n := len(t.words) - spokenEach; n > 0 {
			t.words = t.words[n:]
		}
		return t
	})
}

// show notes that the conversation was shown up to the reply.
func (s *spoken) show(chat string, reply int64, now time.Time) {
	s.talks.update(chat, func(t talk) talk {
		t.seen, t.used = max(t.seen, reply), now
		return t
	})
}

// seen returns the last reply that was handed out, and whether anything is known of the conversation.
func (s *spoken) seen(chat string) (reply int64, known bool) {
	t, known := s.talks.get(chat)
	return t.seen, known
}

// of returns the person's words that are young enough, oldest first.
func (s *spoken) of(chat string, now time.Time) []words {
	t, _ := s.talks.get(chat)
	return slices.DeleteFunc(slices.Clone(t.words), func(w words) bool { return now.Sub(w.at) >= spokenLife })
}

// dropBefore forgets what was typed before the instant.
func (s *spoken) dropBefore(chat string, t0 time.Time) {
	if _, known := s.talks.get(chat); !known {
		return
	}
	s.talks.update(chat, func(t talk) talk {
		t.words = slices.DeleteFunc(slices.Clone(t.words), func(w words) bool { return w.at.Before(t0) })
		return t
	})
}

func (s *spoken) forget(chat string) { s.talks.remove(chat) }

// sweep removes old talks once a minute, so that words do not outlive their hour because nobody looks.
func (s *spoken) sweep(now time.Time) {
	last := s.swept.Load()
	if now.Unix()-last < 60 || !s.swept.CompareAndSwap(last, now.Unix()) {
		return
	}
	s.talks.sweep(func(t talk) bool {
		return !slices.ContainsFunc(t.words, func(w words) bool { return now.Sub(w.at) < spokenLife }) && now.Sub(t.used) >= spokenLife
	})
}
