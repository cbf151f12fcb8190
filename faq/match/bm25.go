package match

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"tanya/faq"
	"tanya/faq/text"
)

// BM25 is the plain baseline behind the same interface: every phrasing is a document, the ten best documents vote
// for their entries. It keeps the real matcher honest: what that does not do better, it need not do.
// (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75.)
type BM25 struct {
	labels   []string
	docs     []bm25Doc
	postings map[string][]posting
	average  float64
	least    float64
}

type bm25Doc struct {
	label, text string
	length      int
}

type posting struct {
	doc   int32
	count int32
}

var _ faq.Matcher = (*BM25)(nil)

// NewBM25 indexes the samples. least is the score from which it answers; 0 answers whatever shares a word.
func NewBM25(samples []Sample, least float64) *BM25 {
	b := &BM25{postings: map[string][]posting{}, least: least}
	total := 0
	for _, s := range samples {
		if s.Label == OutOfScope {
			continue
		}
		words := text.Tokens(s.Text)
		count := map[string]int32{}
		for _, w := range words {
			count[w]++
		}
		seen := map[string]bool{}
		for _, w := range words {
			if !seen[w] {
				seen[w] = true
				b.postings[w] = append(b.postings[w], posting{int32(len(b.docs)), count[w]})
			}
		}
		b.docs = append(b.docs, bm25Doc{s.Label, s.Text, len(words)})
		total += len(words)
		b.labels = append(b.labels, s.Label)
	}
	slices.Sort(b.labels)
	b.labels = slices.Compact(b.labels)
	b.average = float64(total) / float64(max(1, len(b.docs)))
	return b
}

// Match answers with the entry that the best documents vote for.
func (b *BM25) Match(ctx context.Context, q faq.Question) (faq.Result, error) {
	if err := ctx.Err(); err != nil {
		return faq.Result{}, err
	}
	tokens := text.Tokens(q.Text)
	res := faq.Result{Verdict: faq.Unknown, Lang: faq.Lang(text.Language(tokens))}
	res.Explain.Words = tokens
	if rest, c := text.StripGreeting(tokens); len(rest) == 0 && c.Any() {
		res.Verdict = faq.Greeting
		return res, nil
	}
	scores := make([]float64, len(b.docs))
	n := float64(len(b.docs))
	for _, w := range tokens[:min(len(tokens), maxTokens)] {
		ps := b.postings[w]
		idf := math.Log(1 + (n-float64(len(ps))+0.5)/(float64(len(ps))+0.5))
		for _, p := range ps {
			c := float64(p.count)
			scores[p.doc] += idf * c * 2.2 / (c + 1.2*(0.25+0.75*float64(b.docs[p.doc].length)/b.average))
		}
	}
	b.vote(&res, scores)
	return res, nil
}

// vote lets the ten best documents vote with their scores.
func (b *BM25) vote(res *faq.Result, scores []float64) {
	order := make([]int, 0, len(scores))
	for i, s := range scores {
		if s > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(x, y int) int {
		switch {
		case scores[x] > scores[y]:
			return -1
		case scores[x] < scores[y]:
			return 1
		}
		return 0
	})
	order = order[:min(10, len(order))]
	votes := map[string]float64{}
	nearest := map[string]string{}
	total := 0.0
	for _, i := range order {
		l := b.docs[i].label
		votes[l] += scores[i]
		total += scores[i]
		if nearest[l] == "" {
			nearest[l] = b.docs[i].text
		}
	}
	for _, l := range b.labels {
		if v, ok := votes[l]; ok {
			res.Candidates = append(res.Candidates, faq.Candidate{Entry: l, Score: v / total, Nearest: nearest[l]})
		}
	}
	slices.SortStableFunc(res.Candidates, func(x, y faq.Candidate) int {
		switch {
		case x.Score > y.Score:
			return -1
		case x.Score < y.Score:
			return 1
		}
		return strings.Compare(x.Entry, y.Entry)
	})
	if len(order) == 0 || scores[order[0]] < b.least {
		res.Explain.Why = "Tidak ada contoh pertanyaan yang mirip."
		return
	}
	res.Verdict, res.Entry, res.Score = faq.Answered, res.Candidates[0].Entry, res.Candidates[0].Score
	res.Explain.Why = fmt.Sprintf("%.0f%% suara dari contoh pertanyaan yang paling mirip.", 100*res.Score)
}
