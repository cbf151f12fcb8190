package match_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tanya/faq"
	"tanya/faq/eval"
	"tanya/faq/match"
)

// shared finds the folder of public sets and research beside the repository, or skips and says so.
func shared(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("TANYA_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	p := filepath.Join(dir, name)
	if _, err := os.Stat(p); err != nil {
		t.Skipf("skipped: %s is not there; set TANYA_SHARED to the folder that holds datasets/ and content/", name)
	}
	return p
}

func rows(t *testing.T, name string) []eval.Row {
	t.Helper()
	f, err := os.Open(shared(t, filepath.Join("datasets", name+".tsv")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rs, err := eval.ReadRows(f)
	if err != nil {
		t.Fatal(err)
	}
	return rs
}

// plain builds the engine as `tanya eval intents` does, without waiting for thresholds.
func plain(ctx context.Context, train []eval.Row, unlabelled []string) (faq.Matcher, error) {
	titles := map[string]string{}
	var samples []match.Sample
	for _, r := range train {
		if r.Label != eval.OutOfScope {
			titles[r.Label] = strings.ReplaceAll(r.Label, "_", " ")
		}
		samples = append(samples, match.Sample{Text: r.Text, Label: r.Label})
	}
	return match.New(ctx, samples, match.Options{Titles: titles, Unlabelled: unlabelled, Calibration: match.Never})
}

func baseline(_ context.Context, train []eval.Row, _ []string) (faq.Matcher, error) {
	var samples []match.Sample
	for _, r := range train {
		samples = append(samples, match.Sample{Text: r.Text, Label: r.Label})
	}
	return match.NewBM25(samples, 0), nil
}

// On the few-shot sets the engine must stay above these figures and clearly above the baseline.
func TestPublicFewShot(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short")
	}
	for _, c := range []struct {
		train, test, text string
		least             float64
	}{
		{"banking77-10shot.train", "banking77.test", "", 0.79},
		{"clinc150-10shot.train", "clinc150.test", "", 0.83},
		{"massive-id.train_8", "massive-id.test", "", 0.60},
		{"massive-jv.train_8", "massive-jv.test", "", 0.57},
		{"massive-id.train_8", "massive-id.test", "massive-id.train", 0.655},
		{"massive-jv.train_8", "massive-jv.test", "massive-jv.train", 0.615},
	} {
		var unlabelled []string
		if c.text != "" {
			for _, r := range rows(t, c.text) {
				unlabelled = append(unlabelled, r.Text)
			}
		}
		train, test := rows(t, c.train), rows(t, c.test)
		r, err := eval.Intents(context.Background(), plain, train, test, unlabelled)
		if err != nil {
			t.Fatal(err)
		}
		b, err := eval.Intents(context.Background(), baseline, train, test, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%-24s %.2f%% (baseline %.2f%%), trained in %.0f ms, p50 %.0f us", c.train+" "+c.text, 100*r.InScopeAccuracy, 100*b.InScopeAccuracy, r.TrainMS, r.P50)
		if r.InScopeAccuracy < c.least || r.InScopeAccuracy < b.InScopeAccuracy+0.05 {
			t.Errorf("%s: %.4f, want at least %.3f and 0.05 above the baseline's %.4f", c.train, r.InScopeAccuracy, c.least, b.InScopeAccuracy)
		}
	}
}

// Typing noise may cost no more than the issue allows: 2.3 points for one slip, 4.8 for the mix.
func TestPublicNoise(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short")
	}
	for _, c := range [][3]string{
		{"banking77-10shot.train", "banking77.test", ""},
		{"clinc150-10shot.train", "clinc150.test", ""},
		{"clinc150-10shot.train", "clinc150.test", "clinc150.train"},
		{"massive-id.train_24", "massive-id.test", ""},
		{"massive-jv.train_24", "massive-jv.test", ""},
	} {
		train, test := rows(t, c[0]), rows(t, c[1])
		var unlabelled []string
		if c[2] != "" {
			for _, r := range rows(t, c[2]) {
				unlabelled = append(unlabelled, r.Text)
			}
		}
		m, err := plain(context.Background(), train, unlabelled)
		if err != nil {
			t.Fatal(err)
		}
		trained := func(context.Context, []eval.Row, []string) (faq.Matcher, error) { return m, nil }
		clean := 0.0
		for _, n := range eval.Noises() {
			r, err := eval.Intents(context.Background(), trained, nil, eval.Spoil(test, n, 1), nil)
			if err != nil {
				t.Fatal(err)
			}
			if n == eval.Unchanged {
				clean = r.InScopeAccuracy
			}
			loss := 100 * (clean - r.InScopeAccuracy)
			t.Logf("%-37s %-5s %.2f%% (-%.2f)", c[0]+" "+c[2], n, 100*r.InScopeAccuracy, loss)
			if n == eval.OneEdit && loss > 2.3 || n == eval.MixedBad && loss > 4.8 {
				t.Errorf("%s: noise %s costs %.2f points", c[0], n, loss)
			}
		}
	}
}

// What people tell a voice assistant or a bank is nothing that an election office answers.
func TestFarOutOfScope(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short")
	}
	ed, _ := faq.Read(os.DirFS("../content"))
	m, err := match.FromEdition(context.Background(), ed, match.Options{})
	if err != nil {
		t.Fatal(err)
	}
	n, answered := 0, 0
	for _, set := range []string{"massive-id.test", "massive-jv.test", "clinc150.test", "banking77.test"} {
		for i, r := range rows(t, set) {
			if i%10 != 0 {
				continue
			}
			res, err := m.Match(context.Background(), faq.Question{Text: r.Text})
			if err != nil {
				t.Fatal(err)
			}
			n++
			if res.Verdict == faq.Answered {
				answered++
				t.Logf("%s %.2f in scope %.2f: %s", res.Entry, res.Score, res.Explain.InScope, r.Text)
			}
		}
	}
	t.Logf("%d of %d far messages answered", answered, n)
	if answered*100 > n { // 1%
		t.Errorf("%d of %d far messages answered", answered, n)
	}
}
