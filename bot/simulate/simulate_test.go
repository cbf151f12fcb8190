package simulate

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// faulty is a door that treats some messages wrongly.
type faulty struct {
	mu      sync.Mutex
	replies map[string][]string
	fault   func(n int, got []string, entry string) []string
	asked   int
}

func (f *faulty) Ask(_ context.Context, person string, _ int, text string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	f.replies[person] = f.fault(f.asked, f.replies[person], strings.TrimPrefix(text, "tanya "))
	return nil
}

func (f *faulty) Replies(_ context.Context, person string) ([]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.replies[person], nil
}

func season(d Door) Season {
	s := Season{
		Doors: map[string]Door{"web": d}, Share: map[string]float64{"web": 1}, Rate: 600, Peak: 3, Length: 400 * time.Millisecond,
		Patience: 30 * time.Millisecond, Seed: 7, Now: time.Now,
	}
	for i := range 20 {
		s.Questions = append(s.Questions, Question{Text: fmt.Sprintf("tanya %d", i), Entry: fmt.Sprint(i)})
	}
	return s
}

// TestCheckerSees: a perfect service has no faults; every kind of fault is seen.
func TestCheckerSees(t *testing.T) {
	good := func(_ int, got []string, entry string) []string { return append(got, entry) }
	for name, c := range map[string]struct {
		fault func(int, []string, string) []string
		seen  func(Report) int
	}{
		"nothing": {good, func(r Report) int { return 1 }},
		"lost": {func(n int, got []string, e string) []string {
			if n%10 == 0 {
				return got
			}
			return append(got, e)
		}, func(r Report) int { return r.Lost }},
		"double": {func(n int, got []string, e string) []string {
			if n%10 == 0 {
				return append(got, e, e)
			}
			return append(got, e)
		}, func(r Report) int { return r.Double }},
		"understood": {func(_ int, got []string, e string) []string { return append(got, swap(e)) }, func(r Report) int { return r.Understood }},
		"disordered": {func(_ int, got []string, e string) []string { return append([]string{e}, got...) }, func(r Report) int { return r.Disordered }},
	} {
		r, err := season(&faulty{replies: map[string][]string{}, fault: c.fault}).Run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if r.Accepted < 20 || c.seen(r) == 0 {
			t.Errorf("%s: %+v", name, r)
		}
		if faults := r.Lost + r.Double + r.Disordered; (name == "nothing" || name == "understood") && faults > 0 {
			t.Errorf("%s: a service without faults has %d: %+v", name, faults, r)
		}
	}
}

// swap answers two questions by each other's entry, as a service does that understands them so.
func swap(entry string) string {
	switch entry {
	case "3":
		return "5"
	case "5":
		return "3"
	}
	return entry
}

// slow is a door whose replies come after everybody's patience.
type slow struct {
	*faulty
	begun time.Time
}

func (s slow) Replies(ctx context.Context, person string) ([]string, error) {
	got, err := s.faulty.Replies(ctx, person)
	if time.Since(s.begun) < time.Second {
		return nil, err
	}
	return got, err
}

// TestLateIsNotLost: what comes when patience has ended is late, not lost.
func TestLateIsNotLost(t *testing.T) {
	good := func(_ int, got []string, entry string) []string { return append(got, entry) }
	s := season(slow{&faulty{replies: map[string][]string{}, fault: good}, time.Now()})
	s.Patience = 800 * time.Millisecond
	s.Rate = 50
	r, err := s.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if r.Late == 0 || r.Lost+r.Double+r.Disordered > 0 || r.Answered != r.Accepted {
		t.Errorf("late replies: %+v", r)
	}
}

// TestTelegramKeepsPromises: an update comes until a higher offset confirms it, and never again.
func TestTelegramKeepsPromises(t *testing.T) {
	tg := NewTelegram(func(text string) string { return text })
	server := httptest.NewServer(tg)
	defer server.Close()
	call := func(method string, v url.Values) string {
		t.Helper()
		resp, err := http.PostForm(server.URL+"/bot1:x/"+method, v)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var b strings.Builder
		buf := make([]byte, 4096)
		for {
			n, err := resp.Body.Read(buf)
			b.Write(buf[:n])
			if err != nil {
				return b.String()
			}
		}
	}
	who, asked := nameOf(1, 2), make(chan error, 1)
	go func() { asked <- tg.Ask(context.Background(), who, 0, "jam berapa") }()
	for range 2 {
		if got := call("getUpdates", url.Values{"timeout": {"2"}}); !strings.Contains(got, "jam berapa") {
			t.Fatalf("the update is not there: %s", got)
		}
	}
	select {
	case <-asked:
		t.Fatal("confirmed before the offset was raised")
	default:
	}
	if got := call("getUpdates", url.Values{"offset": {"2"}, "timeout": {"0"}}); strings.Contains(got, "jam berapa") {
		t.Errorf("a confirmed update came again: %s", got)
	}
	if err := <-asked; err != nil {
		t.Error(err)
	}
	call("sendMessage", url.Values{"chat_id": {fmt.Sprint(chat(who))}, "text": {"jam-tps"}})
	if got, _ := tg.Replies(context.Background(), who); len(got) != 1 || got[0] != "jam-tps" {
		t.Errorf("replies %v", got)
	}
}
