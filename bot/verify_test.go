package bot_test

import (
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/faq/match"
	"tanya/locales"
)

// TestVerifyAgainstEarlierEditions: what an earlier edition said, and the present one says otherwise, was official once and
// is replaced. What no edition said is not confirmed, and what both say is current.
func TestVerifyAgainstEarlierEditions(t *testing.T) {
	files, err := faq.ReadFiles(faq.Content())
	if err != nil {
		t.Fatal(err)
	}
	old, err := faq.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	const name, before, after = "entries/tps/tinta.yaml", "Tinta menandai pemilih yang sudah mencoblos", "Tinta di jari menandai pemilih yang sudah mencoblos"
	next := faq.Files{}
	for n, text := range files {
		next[n] = text
	}
	if !strings.Contains(next[name], before) {
		t.Fatalf("%s does not say %q", name, before)
	}
	next[name] = strings.ReplaceAll(next[name], before, after)
	ed, err := faq.Load(next)
	if err != nil {
		t.Fatal(err)
	}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 26, 10, 0, 0, 0, faq.Jakarta())
	k := bot.Knowledge{Edition: ed, Matcher: match.NewBM25(match.EditionSamples(ed), 0)}
	d := bot.NewDialogue(func() bot.Knowledge { return k }, words)
	lead := func(text string) string {
		t.Helper()
		s, err := d.Turn(t.Context(), bot.Session{}, bot.Message{Channel: "x", Kind: bot.Text, Text: "cek " + text}, now)
		if err != nil || len(s.Replies) != 1 {
			t.Fatalf("%d replies, %v", len(s.Replies), err)
		}
		first, _, _ := strings.Cut(s.Replies[0].Text, "\n")
		return first
	}
	was, err := old.Answer("tinta", faq.View{Lang: faq.Indonesian, At: now})
	if err != nil {
		t.Fatal(err)
	}
	is, err := ed.Answer("tinta", faq.View{Lang: faq.Indonesian, At: now})
	if err != nil {
		t.Fatal(err)
	}
	replaced, current := words.Text("id", locales.VerifyOld, nil), words.Text("id", locales.VerifySame, nil)
	if got := lead(was.Text); got == replaced || got == current {
		t.Errorf("without the earlier edition: %q", got)
	}
	k.Earlier = []bot.Past{{Edition: old, Until: now.Add(-time.Hour)}}
	if got := lead(was.Text); got != replaced {
		t.Errorf("what the earlier edition said: %q", got)
	}
	if got := lead(is.Text); got != current {
		t.Errorf("what the present edition says: %q", got)
	}
	if got := lead(strings.Replace(was.Text, "satu jari", "dua jari", 1)); got == replaced || got == current {
		t.Errorf("an earlier text that was changed: %q", got)
	}
}
