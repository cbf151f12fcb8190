package console

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// english finds words that no Indonesian sentence holds.
var english = regexp.MustCompile(`(?i)\b(the|and|is|are|was|not|cannot|could|must|of|with|please|failed|no|there|has|been)\b`)

// TestSentences holds that of an error of whatever class only a sentence for staff is shown, and its status.
func TestSentences(t *testing.T) {
	for class, want := range map[bot.Class]int{
		bot.Invalid: 422, bot.NotFound: 404, bot.Conflict: 409, bot.Denied: 403, bot.Throttled: 429,
		bot.Transient: 503, bot.Untried: 503, bot.StopChat: 503, bot.StopChannel: 503, bot.Stale: 503,
	} {
		inner := bot.Errorf(class, "the ledger could not save the draft")
		for name, err := range map[string]error{"plain": inner, "wrapped": errors.Join(errors.New("sql: no rows"), inner), "with a field": at("nama", inner)} {
			if s := sentence(err); english.MatchString(s) || len(s) < 20 {
				t.Errorf("%s, %s: staff read %q", class, name, s)
			}
			if got := statusOf(err); got != want {
				t.Errorf("%s, %s: status %d, want %d", class, name, got, want)
			}
			for _, n := range notesOf(err) {
				if english.MatchString(n.Text) {
					t.Errorf("%s, %s: at the field stands %q", class, name, n.Text)
				}
			}
		}
	}
	if s := sentence(errors.New("driver: bad connection")); english.MatchString(s) {
		t.Errorf("of an unknown error staff read %q", s)
	}
	if s := sentence(bot.Errorf(bot.Conflict, "Nama ini sudah dipakai.")); s != "Nama ini sudah dipakai." {
		t.Errorf("a sentence for staff becomes %q", s)
	}
	for said, want := range map[string]string{"": "", "Token ditolak.": "Token ditolak.", "the token is refused": "Sebabnya tertulis di log server."} {
		if got := troubleText(said); got != want {
			t.Errorf("a channel's trouble %q becomes %q", said, got)
		}
	}
}

// fragileDesk is the ledger until it is told to be out of order; sessions still open then, so that handlers are reached.
type fragileDesk struct {
	Desk
	broken *atomic.Bool
}

// through asks the ledger, or fails as it does.
func through[T any](d fragileDesk, ask func() (T, error)) (T, error) {
	if d.broken.Load() {
		var none T
		return none, bot.Errorf(bot.Transient, "the ledger could not answer: %w", errors.New("the disk is full"))
	}
	return ask()
}

func (d fragileDesk) Staff(ctx context.Context) ([]bot.Staff, error) {
	return through(d, func() ([]bot.Staff, error) { return d.Desk.Staff(ctx) })
}

func (d fragileDesk) DraftFiles(ctx context.Context) ([]bot.DraftFile, error) {
	return through(d, func() ([]bot.DraftFile, error) { return d.Desk.DraftFiles(ctx) })
}

func (d fragileDesk) Withdrawn(ctx context.Context) ([]bot.Withdrawal, error) {
	return through(d, func() ([]bot.Withdrawal, error) { return d.Desk.Withdrawn(ctx) })
}

func (d fragileDesk) ReviewMark(ctx context.Context) (string, error) {
	return through(d, func() (string, error) { return d.Desk.ReviewMark(ctx) })
}

func (d fragileDesk) ReviewsOf(ctx context.Context, ids []int64) ([]bot.Review, error) {
	return through(d, func() ([]bot.Review, error) { return d.Desk.ReviewsOf(ctx, ids) })
}

func (d fragileDesk) Proposals(ctx context.Context, limit int, states ...bot.ProposalState) ([]bot.Proposal, error) {
	return through(d, func() ([]bot.Proposal, error) { return d.Desk.Proposals(ctx, limit, states...) })
}

func (d fragileDesk) Proposal(ctx context.Context, id int64) (bot.Proposal, error) {
	return through(d, func() (bot.Proposal, error) { return d.Desk.Proposal(ctx, id) })
}

func (d fragileDesk) Releases(ctx context.Context) ([]bot.Release, error) {
	return through(d, func() ([]bot.Release, error) { return d.Desk.Releases(ctx) })
}

func (d fragileDesk) Release(ctx context.Context, number int64) (bot.Release, error) {
	return through(d, func() (bot.Release, error) { return d.Desk.Release(ctx, number) })
}

func (d fragileDesk) Tally(ctx context.Context, since time.Time) ([]bot.Tally, error) {
	return through(d, func() ([]bot.Tally, error) { return d.Desk.Tally(ctx, since) })
}

func (d fragileDesk) Health(ctx context.Context) (bot.Health, error) {
	return through(d, func() (bot.Health, error) { return d.Desk.Health(ctx) })
}

func (d fragileDesk) Trail(ctx context.Context, before int64, limit int) ([]bot.Audit, error) {
	return through(d, func() ([]bot.Audit, error) { return d.Desk.Trail(ctx, before, limit) })
}

func (d fragileDesk) Given(ctx context.Context, entry string) (map[int64]int, error) {
	return through(d, func() (map[int64]int, error) { return d.Desk.Given(ctx, entry) })
}

func (d fragileDesk) Visits(ctx context.Context, login string, now time.Time) ([]bot.StaffSession, error) {
	return through(d, func() ([]bot.StaffSession, error) { return d.Desk.Visits(ctx, login, now) })
}

func (d fragileDesk) ChangeReviews(ctx context.Context, c bot.ReviewChange) (int64, error) {
	return through(d, func() (int64, error) { return d.Desk.ChangeReviews(ctx, c) })
}

func (d fragileDesk) UndoReviews(ctx context.Context, change int64, at time.Time) (int, error) {
	return through(d, func() (int, error) { return d.Desk.UndoReviews(ctx, change, at) })
}

func (d fragileDesk) SampleAnswers(ctx context.Context, since time.Time, n int) (int, error) {
	return through(d, func() (int, error) { return d.Desk.SampleAnswers(ctx, since, n) })
}

func (d fragileDesk) Try(ctx context.Context, name string, now time.Time) (time.Duration, error) {
	return through(d, func() (time.Duration, error) { return d.Desk.Try(ctx, name, now) })
}

func (d fragileDesk) write(err func() error) error {
	_, bad := through(d, func() (struct{}, error) { return struct{}{}, err() })
	return bad
}

func (d fragileDesk) Leave(ctx context.Context, login, key string, line bot.Audit) error {
	return d.write(func() error { return d.Desk.Leave(ctx, login, key, line) })
}

func (d fragileDesk) Withdraw(ctx context.Context, w bot.Withdrawal) error {
	return d.write(func() error { return d.Desk.Withdraw(ctx, w) })
}

func (d fragileDesk) Restore(ctx context.Context, w bot.Withdrawal) error {
	return d.write(func() error { return d.Desk.Restore(ctx, w) })
}

func (d fragileDesk) SaveStaff(ctx context.Context, m bot.Staff, end bool, line bot.Audit) error {
	return d.write(func() error { return d.Desk.SaveStaff(ctx, m, end, line) })
}

// TestBrokenLedgerSpeaksIndonesian asks every route while the ledger is out of order: its own sentences are English.
func TestBrokenLedgerSpeaksIndonesian(t *testing.T) {
	o, ani, _ := team(t)
	o.furnish(ani)
	busy := 0
	for _, r := range o.c.ownRoutes() {
		method, path, _ := strings.Cut(r.pattern, " ")
		if strings.Contains(path, "/berkas/") {
			continue
		}
		name := "jam-tps"
		switch {
		case strings.HasPrefix(path, "/orang"):
			name = "budi"
		case strings.HasPrefix(path, "/saluran"):
			name = "whatsapp"
		case strings.HasPrefix(path, "/fakta"):
			name = "hari-pemungutan-2024"
		}
		path = strings.NewReplacer("{nama}", name, "{id}", "1", "{nomor}", "1", "{kode}", "1", "{$}", "").Replace(path)
		form := url.Values{"soal": {"1"}, "alasan": {"sudah-ada"}, "status": {"answered"}, "jawaban": {"jam-tps"}, "catatan": {"x"}, "tindakan": {"peran"}, "peran": {"admin"}, "berkas": {"x"}, "perubahan": {"1"}}
		if method == "GET" {
			form = nil
		}
		o.broken.Store(true)
		a := ani.do(method, path, form)
		o.broken.Store(false)
		main := strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(mainText.FindString(a.body), " ")), " ")
		if a.status == http.StatusServiceUnavailable && strings.Contains(main, "Layanan sedang sibuk") {
			busy++
		} else {
			t.Logf("%s answers %d without the ledger", r.pattern, a.status)
		}
		if a.status >= 400 && english.MatchString(main) {
			t.Errorf("%s: staff read %s", r.pattern, main)
		}
	}
	if busy < 40 {
		t.Errorf("only %d routes met the broken ledger", busy)
	}
}

// TestEverySentenceForStaffIsIndonesian reads the program's own text: a sentence that begins with a capital letter is for
// staff or citizens (package comment of trouble.go), so it is not English. What only the operator's tools show is not
// looked at.
func TestEverySentenceForStaffIsIndonesian(t *testing.T) {
	literal := regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	n := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "bottest") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(b), "\n") {
			if code, _, found := strings.Cut(line, "// "); found {
				line = code
			}
			for _, m := range literal.FindAllString(line, -1) {
				s, err := strconv.Unquote(m)
				if err != nil || len(s) < 12 || s[0] < 'A' || s[0] > 'Z' || strings.ToUpper(s) == s || !strings.Contains(s, " ") || regexp.MustCompile(`^[A-Z]{4,} `).MatchString(s) {
					continue
				}
				n++
				if words := english.FindAllString(s, -1); len(words) > 0 {
					t.Errorf("%s:%d: %q", path, i+1, s)
				}
			}
		}
		return nil
	})
	must(t, err)
	if n < 100 {
		t.Errorf("only %d sentences were found", n)
	}
}

// TestEverythingHasAName holds that no word of the program's own inside reaches a page for want of a name.
func TestEverythingHasAName(t *testing.T) {
	check := func(kind, key, name string) {
		if name == key {
			t.Errorf("the %s %q has no name", kind, key)
		}
	}
	for _, o := range []bot.Outcome{
		bot.Answered, bot.Choices, bot.Unknown, bot.Declined, bot.Greeted, bot.Menu, bot.Person, bot.Language, bot.Stopped, bot.Erased, bot.Privacy, bot.NotText,
		bot.Busy, bot.Thanked, bot.Feedback, bot.Flow, bot.Callback, bot.Ignored, bot.Withdrawn, bot.Shared, bot.Verified,
	} {
		check("outcome", string(o), outcomeName(o))
	}
	for _, r := range bot.DismissReasons() {
		check("reason", r, reasonName(r))
	}
	for _, r := range bot.Roles() {
		check("role", string(r), roleName(r))
	}
	for _, s := range []bot.ProposalState{bot.Checking, bot.Proposed, bot.Waiting, bot.Published, bot.Cancelled, bot.Rejected} {
		check("state", string(s), stateName(s))
	}
	for _, s := range []bot.ReviewStatus{bot.ReviewNew, bot.ReviewWork, bot.ReviewDone, bot.ReviewDismissed} {
		check("status", string(s), statusName(s))
	}
	for _, s := range []string{"up", "down:misunderstood", "down:unclear", "down:partial", "down:wrong"} {
		check("rating", s, ratingName(s))
	}
	k, err := brain()
	must(t, err)
	for _, id := range k.Edition.Facts() {
		f := k.Edition.Fact(id)
		check("kind of fact", string(f.Kind), factKindName(f.Kind))
	}
	for _, topic := range k.Edition.Topics() {
		check("topic", topic, topicName(topic))
	}
	for _, v := range faq.Varieties() {
		check("variety", v.Name, varietyName(v.Name))
	}
	for _, s := range faq.AllSegments() {
		check("segment", string(s), segmentName(s))
	}
	action := regexp.MustCompile(`(?:q\.line\(|Action: |line\.Action, [^=]*= )"([a-z-]+)"`)
	err = filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		for _, m := range action.FindAllStringSubmatch(string(b), -1) {
			if m[1] != "masuk" && m[1] != "keluar" { // are their own names
				check("action", m[1], actionName(m[1]))
			}
		}
		return err
	})
	must(t, err)
}
