package faq

import "time"

// Entry is one question that the office answers, with everything that belongs to the answer.
type Entry struct {
	ID        string
	Topic     string
	Critical  bool // a wrong answer here can cost a vote; stricter thresholds and two approvals
	Guard     bool // declines instead of answering: preference, prediction, reports, personal data, other regions
	Owner     string
	Review    Date   // when its owner looks at it again
	Election  string // id of the election it speaks of, "" when none
	Menu      int    // place in its topic's menu, 0 when not shown there
	Title     Words  // short label, at most TitleMax characters
	Question  Words  // the question in full
	Related   []string
	Sources   []Source
	Phases    []Phase                      // in order; the last has no end
	Answer    map[string]Texts             // by phase id
	Segments  map[Segment]map[string]Texts // wording for an audience, by phase id; facts stay the same
	Media     []Attachment
	Phrasings []Phrasing
	File      string // where it was read from, for messages to staff
}

// TitleMax is the longest title in characters: a WhatsApp list row holds no more.
const TitleMax = 24

// Words is a short text per language.
type Words map[Lang]string

// In returns the text of the language, or the Indonesian one where there is none.
func (w Words) In(l Lang) string {
	if s := w[l]; s != "" {
		return s
	}
	return w[Indonesian]
}

// Texts are the wordings of one answer: one per language and, under Easy, the easy-read Indonesian one.
type Texts map[string]string

// Easy is the key of the easy-read Indonesian wording in Texts.
const Easy = "easy"

// Phrasing is a way people ask for an entry.
type Phrasing struct {
	Text    string
	Lang    Lang
	Variety string // formal, chat, ngoko, krama, en, campur
}

// Varieties lists the kinds of phrasings with the language each is written in.
func Varieties() []struct {
	Name string
	Lang Lang
} {
	return []struct {
		Name string
		Lang Lang
	}{
		{"formal", Indonesian},
		{"chat", Indonesian},
		{"ngoko", Javanese},
		{"krama", Javanese},
		{"en", English},
		{"campur", Indonesian},
	}
}

// Phase is a stretch of time in which one wording of an answer holds. It ends when Until begins.
type Phase struct {
	ID    string
	Until string    // as written: FACT, FACT+N, FACT|akhir, FACT@TIMEFACT; "" for the last phase
	Ends  time.Time // resolved while loading; zero for the last phase
}

// Always is the id of the only phase of an entry without phases.
const Always = "selalu"

// Source is where a fact or an answer comes from.
type Source struct {
	Title   string `json:"title" yaml:"title"`
	URL     string `json:"url" yaml:"url"`
	Basis   string `json:"basis,omitempty" yaml:"basis"`     // the law behind it
	Passage string `json:"passage,omitempty" yaml:"passage"` // our wording of the passage it rests on
	Grade   string `json:"grade,omitempty" yaml:"grade"`     // A: law or official page, B: reputable press
	Mirror  bool   `json:"mirror,omitempty" yaml:"mirror"`   // a copy on an odd host: the link is not shown to citizens
}

// Segment is an audience of voter education, by KPU's own names.
type Segment string

// The segments that KPU Blora plans its outreach by.
const (
	FirstTime Segment = "pemilih-pemula"
	Young     Segment = "pemilih-muda"
	Disabled  Segment = "disabilitas"
	Marginal  Segment = "marjinal"
	Community Segment = "komunitas"
	Internet  Segment = "warga-internet"
	NoSegment Segment = ""
)

// AllSegments lists the segments in the office's order.
func AllSegments() []Segment {
	return []Segment{FirstTime, Young, Disabled, Marginal, Community, Internet}
}

// Attachment is a picture, sound or film that belongs to an answer. Its Alt text carries all that it shows; that of
// a picture comes from the picture's own words, rendered for the language and the instant of the answer.
type Attachment struct {
	Kind string `yaml:"kind"` // picture, audio, video
	Name string `yaml:"name"`
	URL  string `yaml:"url"` // of a sound or a film: where it is; it is offered, never sent
	MB   int    `yaml:"mb"`  // how many megabytes opening it takes
	Alt  Words  `yaml:"-"`
}

// Date is a day in the office's time zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day of the instant in the zone.
func DateOf(t time.Time, zone *time.Location) Date {
	y, m, d := t.In(zone).Date()
	return Date{y, m, d}
}

// Start returns the first instant of the day in the zone.
func (d Date) Start(zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone)
}

// Add returns the day n days later.
func (d Date) Add(n int) Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day+n, 12, 0, 0, 0, time.UTC), time.UTC)
}

// Sub returns the number of days from o to d.
func (d Date) Sub(o Date) int {
	return int(d.Start(time.UTC).Sub(o.Start(time.UTC)).Hours() / 24)
}

// IsZero reports whether no day is given.
func (d Date) IsZero() bool { return d.Year == 0 }

// Before reports whether d is an earlier day than o.
func (d Date) Before(o Date) bool { return d.Sub(o) < 0 }

// String returns the day as 2006-01-02.
func (d Date) String() string { return d.Start(time.UTC).Format(time.DateOnly) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.Start(time.UTC).Weekday() }

// ParseDate reads a day written as 2006-01-02.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, err
	}
	return DateOf(t, time.UTC), nil
}
