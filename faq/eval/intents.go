package eval

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tanya/faq"
)

// Build makes a matcher from labelled rows and unlabelled text.
type Build func(ctx context.Context, train []Row, unlabelled []string) (faq.Matcher, error)

// IntentReport says how a matcher does on a labelled set.
type IntentReport struct {
	InScopeAccuracy float64 `json:"in_scope_accuracy"`              // share of in-scope rows whose best candidate is right, nothing rejected
	KeptAccuracy    float64 `json:"in_scope_accuracy_at_threshold"` // the same where rows that were rejected count as wrong
	OOSRecall       float64 `json:"oos_recall"`                     // share of out-of-scope rows rejected at that threshold
	OOSAUROC        float64 `json:"oos_auroc"`                      // area under the curve of the in-scope probability
	OOSFPR95        float64 `json:"oos_fpr95"`                      // share of out-of-scope rows let through when 95% of the others are
	Top3            float64 `json:"top3"`
	TrainMS         float64 `json:"train_ms"` // until the matcher can answer
	ReadyMS         float64 `json:"ready_ms"` // until its thresholds are computed as well
	P50             float64 `json:"p50_us"`
	P99             float64 `json:"p99_us"`
	N               int     `json:"n"`
	NOOS            int     `json:"n_oos"`
}

// Intents trains a matcher on train and asks it all of test. The threshold is the matcher's own, computed from the
// training rows alone: a row counts as rejected when the verdict is Unknown.
func Intents(ctx context.Context, build Build, train, test []Row, unlabelled []string) (IntentReport, error) {
	start := time.Now()
	m, err := build(ctx, train, unlabelled)
	if err != nil {
		return IntentReport{}, fmt.Errorf("train: %w", err)
	}
	r := IntentReport{TrainMS: ms(time.Since(start))}
	if w, ok := m.(interface{ Ready() <-chan struct{} }); ok {
		select {
		case <-w.Ready():
		case <-ctx.Done():
			return r, ctx.Err()
		}
	}
	r.ReadyMS = ms(time.Since(start))
	var in, out []float64
	var right, kept, top3, rejected int
	took := make([]time.Duration, 0, len(test))
	for _, row := range test {
		at := time.Now()
		res, err := m.Match(ctx, faq.Question{Text: row.Text})
		if err != nil {
			return r, err
		}
		took = append(took, time.Since(at))
		if row.Label == OutOfScope {
			out = append(out, res.Explain.InScope)
			if res.Verdict == faq.Unknown {
				rejected++
			}
			continue
		}
		in = append(in, res.Explain.InScope)
		place := slices.IndexFunc(res.Candidates, func(c faq.Candidate) bool { return c.Entry == row.Label })
		if place == 0 {
			right++
			if res.Verdict != faq.Unknown {
				kept++
			}
		}
		if place >= 0 && place < 3 {
			top3++
		}
	}
	n := float64(max(1, len(in)))
	r.InScopeAccuracy, r.KeptAccuracy, r.Top3 = float64(right)/n, float64(kept)/n, float64(top3)/n
	r.OOSRecall = float64(rejected) / float64(max(1, len(out)))
	r.OOSAUROC, r.OOSFPR95 = separation(in, out)
	slices.Sort(took)
	if len(took) > 0 {
		r.P50 = float64(took[len(took)/2].Nanoseconds()) / 1e3
		r.P99 = float64(took[len(took)*99/100].Nanoseconds()) / 1e3
	}
	r.N, r.NOOS = len(in)+len(out), len(out)
	return r, nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }

// separation is the area under the ROC curve and the share of out let through when 95% of in are. Ties count half.
func separation(in, out []float64) (auroc, fpr95 float64) {
	if len(in) == 0 || len(out) == 0 {
		return 0, 0
	}
	in, out = slices.Clone(in), slices.Clone(out)
	slices.Sort(in)
	slices.Sort(out)
	sum := 0.0
	lo, hi := 0, 0
	for _, x := range in {
		for lo < len(out) && out[lo] < x {
			lo++
		}
		for hi < len(out) && out[hi] <= x {
			hi++
		}
		sum += float64(lo) + float64(hi-lo)/2
	}
	cut := in[len(in)/20]
	through := 0
	for _, x := range out {
		if x >= cut {
			through++
		}
	}
	return sum / float64(len(in)) / float64(len(out)), float64(through) / float64(len(out))
}
