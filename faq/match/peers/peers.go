// Package peers measures the matcher against search engines on the same phrasings: bleve v2 in several set-ups, with
// its hits voting for their class, and SQLite FTS5. It is a module of its own, so that the program does not carry what
// it is only compared with. README.md holds the command and the last figures.
package peers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/simple"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/standard"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/ngram"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
	"github.com/blevesearch/bleve/v2/index/scorch"
	_ "modernc.org/sqlite" // the driver
)

// hit is a phrasing, by its number, with the score that an engine gave it.
type hit struct {
	doc   int
	score float64
}

// peer is a search engine over phrasings.
type peer interface {
	// search returns the best hits, best first, at most limit.
	search(ctx context.Context, text string, limit int) ([]hit, error)
	Close() error
}

// setup is a peer with the settings that it is tried in.
type setup struct {
	name   string
	engine string
	slow   bool // tried on the few-shot sets only, where it never was the best
	open   func(ctx context.Context, docs []string) (peer, error)
}

const (
	isBleve = "bleve"
	isFTS5  = "FTS5"
)

// setups are the ways in which the peers are tried; the best of each engine counts.
func setups() []setup {
	b := func(name, analyzer, model string) setup {
		return setup{"bleve " + name, isBleve, analyzer == grams, func(_ context.Context, docs []string) (peer, error) { return openBleve(docs, analyzer, model) }}
	}
	s := func(name, tokenizer string) setup {
		return setup{"FTS5 " + name, isFTS5, tokenizer == "trigram", func(ctx context.Context, docs []string) (peer, error) { return openFTS5(ctx, docs, tokenizer) }}
	}
	return []setup{
		b("standard tf-idf", standard.Name, ""), b("english tf-idf", en.AnalyzerName, ""),
		b("simple BM25", simple.Name, "bm25"), b("english BM25", en.AnalyzerName, "bm25"), b("3-4-grams BM25", grams, "bm25"),
		s("unicode61", "unicode61"), s("porter", "porter unicode61"), s("trigram", "trigram"),
	}
}

// grams is an analyser of letter runs.
const grams = "grams"

type bleveIndex struct{ index bleve.Index }

// openBleve indexes the texts in memory. BM25 needs the scorch index: with the older one the setting is silently tf-idf.
func openBleve(docs []string, analyzer, model string) (peer, error) {
	m := bleve.NewIndexMapping()
	if model != "" {
		m.ScoringModel = model
	}
	if analyzer == grams {
		err := errors.Join(
			m.AddCustomTokenFilter("runs", map[string]any{"type": ngram.Name, "min": 3.0, "max": 4.0}),
			m.AddCustomAnalyzer(grams, map[string]any{"type": custom.Name, "tokenizer": unicode.Name, "token_filters": []string{lowercase.Name, "runs"}}),
		)
		if err != nil {
			return nil, err
		}
	}
	m.DefaultAnalyzer = analyzer
	index, err := bleve.NewUsing("", m, scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, err
	}
	batch := index.NewBatch()
	for i, d := range docs {
		if err := batch.Index(strconv.Itoa(i), map[string]any{"text": d}); err != nil {
			return nil, errors.Join(err, index.Close())
		}
	}
	if err := index.Batch(batch); err != nil {
		return nil, errors.Join(err, index.Close())
	}
	return bleveIndex{index}, nil
}

func (b bleveIndex) search(ctx context.Context, text string, limit int) ([]hit, error) {
	q := bleve.NewMatchQuery(text)
	q.SetField("text")
	res, err := b.index.SearchInContext(ctx, bleve.NewSearchRequestOptions(q, limit, 0, false))
	if err != nil {
		return nil, err
	}
	out := make([]hit, 0, limit)
	for _, h := range res.Hits {
		doc, err := strconv.Atoi(h.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, hit{doc, h.Score})
	}
	return out, nil
}

func (b bleveIndex) Close() error { return b.index.Close() }

// fts5 is a table in memory with its own ranking, bm25().
type fts5 struct {
	db      *sql.DB
	query   *sql.Stmt
	trigram bool
}

func openFTS5(ctx context.Context, docs []string, tokenizer string) (peer, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	f := &fts5{db: db, trigram: tokenizer == "trigram"}
	if err := f.fill(ctx, docs, tokenizer); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return f, nil
}

func (f *fts5) fill(ctx context.Context, docs []string, tokenizer string) error {
	if _, err := f.db.ExecContext(ctx, fmt.Sprintf("create virtual table phrasing using fts5(text, tokenize='%s')", tokenizer)); err != nil {
		return err
	}
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for i, d := range docs {
		if _, err := tx.ExecContext(ctx, "insert into phrasing(rowid, text) values (?, ?)", i+1, d); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	f.query, err = f.db.PrepareContext(ctx, "select rowid, bm25(phrasing) from phrasing where phrasing match ? order by rank limit ?")
	return err
}

var wordRun = regexp.MustCompile(`[\p{L}\p{N}]+`)

func (f *fts5) search(ctx context.Context, text string, limit int) ([]hit, error) {
	terms := wordRun.FindAllString(strings.ToLower(text), -1)
	if f.trigram {
		terms = threes(terms)
	}
	if len(terms) == 0 {
		return nil, nil
	}
	rows, err := f.query.QueryContext(ctx, `"`+strings.Join(terms, `" OR "`)+`"`, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []hit
	for rows.Next() {
		var h hit
		if err := rows.Scan(&h.doc, &h.score); err != nil {
			return nil, err
		}
		out = append(out, hit{h.doc - 1, -h.score})
	}
	return out, rows.Err()
}

// threes cuts words into runs of three letters.
func threes(words []string) []string {
	var out []string
	for _, w := range words {
		r := []rune(w)
		for i := 0; i+3 <= len(r); i++ {
			out = append(out, string(r[i:i+3]))
		}
	}
	return out
}

func (f *fts5) Close() error { return f.db.Close() }
