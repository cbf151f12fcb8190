package bot_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/faq/match"
	"tanya/locales"
)

var update = flag.Bool("update", false, "rewrite the golden transcripts")

// knowledge is the real content with the matcher trained on it, made once for all tests of the package. With -short the
// matcher is one that need not be trained: the race detector makes training take minutes.
var knowledge = sync.OnceValues(func() (bot.Knowledge, error) {
	ed, err := content()
	if err != nil {
		return bot.Knowledge{}, err
	}
	if testing.Short() {
		return bot.Knowledge{Edition: ed, Matcher: match.NewBM25(match.EditionSamples(ed), 0)}, nil
	}
	m, err := match.FromEdition(context.Background(), ed, match.Options{})
	return bot.Knowledge{Edition: ed, Matcher: m}, err
})

// office is the dialogue over it.
var office = sync.OnceValues(func() (*bot.Dialogue, error) {
	k, err := knowledge()
	if err != nil {
		return nil, err
	}
	words, err := locales.New()
	if err != nil {
		return nil, err
	}
	return bot.NewDialogue(func() bot.Knowledge { return k }, words), nil
})

// TestTranscripts plays the conversations of testdata/transcripts. They are written to be read by staff; a change in
// content, matcher or dialogue shows as a diff of what people would be told.
func TestTranscripts(t *testing.T) {
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil || len(files) < 85 {
		t.Fatalf("%d transcripts, want at least 85 (%v)", len(files), err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			got, err := bottest.Play(t.Context(), d, string(want))
			if err != nil {
				t.Fatal(err)
			}
			if got == string(want) {
				return
			}
			if *update {
				if err := os.WriteFile(f, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("the conversation has changed; if it is better, run: go test ./bot -run Transcripts -update\n%s", firstDifference(string(want), got))
		})
	}
}

// TestTranscriptsByTyping plays every conversation again with typing only, and with tapping where a number was typed:
// property C4. Whatever the hand, the same is said and counted.
func TestTranscriptsByTyping(t *testing.T) {
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	changed := map[bottest.Hand]int{}
	for _, f := range files {
		script, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		want, err := bottest.Play(t.Context(), d, string(script))
		if err != nil {
			t.Fatal(err)
		}
		for hand, name := range map[bottest.Hand]string{bottest.Typing: "typing", bottest.Tapping: "tapping"} {
			got, n, err := bottest.PlayBy(t.Context(), d, string(script), hand)
			if err != nil {
				t.Fatal(err)
			}
			changed[hand] += n
			if got != want {
				t.Errorf("%s: %s only comes to something else\n%s", filepath.Base(f), name, firstDifference(want, got))
			}
		}
	}
	if changed[bottest.Typing] < 30 || changed[bottest.Tapping] < 30 {
		t.Errorf("too little was changed: %d taps typed, %d numbers tapped", changed[bottest.Typing], changed[bottest.Tapping])
	}
}

// firstDifference shows where two texts part.
func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return strings.Join([]string{"before: " + w[i], "now:    " + g[i]}, "\n")
		}
	}
	return "one is longer"
}
