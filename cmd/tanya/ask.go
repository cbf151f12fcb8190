package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

// askResult is the JSON of `tanya ask`. Its form is fixed: scripts rely on it.
type askResult struct {
	Question string          `json:"question"`
	Verdict  faq.Verdict     `json:"verdict"`
	Entry    string          `json:"entry"`
	Score    float64         `json:"score"`
	Choices  []string        `json:"choices"`
	Lang     faq.Lang        `json:"lang"`
	Text     string          `json:"text"`
	Sources  []askSource     `json:"sources"`
	Explain  faq.Explanation `json:"explain"`
}

type askSource struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// asker answers single questions without a ledger.
type asker struct {
	dialogue *bot.Dialogue
	ed       *faq.Edition
	lang     faq.Lang
	now      time.Time
}

// ask answers one question, or one a line.
func (a *app) ask(ctx context.Context, args []string) error {
	f := a.flags("ask")
	dir := f.String("content", a.getenv("TANYA_CONTENT"), "folder isi (bawaan: isi di dalam program)")
	at := f.String("at", "", "waktu, misalnya 2024-09-06T09:00:00+07:00 (bawaan: sekarang)")
	lang := f.String("lang", "", "bahasa jawaban: id, jv, atau en (bawaan: bahasa pertanyaan)")
	asJSON := f.Bool("json", false, "tulis sebagai JSON")
	lines := f.Bool("jsonl", false, "baca satu pertanyaan per baris dari masukan, tulis satu JSON per baris")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if *lang != "" && !faq.Lang(*lang).Valid() {
		return usagef("bahasa %q tidak dikenal; pilih id, jv, atau en", *lang)
	}
	if (len(rest) == 0) != *lines {
		return usagef("tulis pertanyaannya, misalnya: tanya ask \"jam berapa TPS buka?\"; atau pakai --jsonl")
	}
	now, err := a.instant(*at)
	if err != nil {
		return err
	}
	s, err := a.newAsker(ctx, *dir, faq.Lang(*lang), now)
	if err != nil {
		return err
	}
	if *lines {
		return s.lines(ctx, a.stdin, a.stdout)
	}
	r, err := s.ask(ctx, strings.Join(rest, " "))
	if err != nil {
		return err
	}
	if *asJSON {
		return writeJSON(a.stdout, r)
	}
	fmt.Fprintln(a.stdout, r.Text)
	return nil
}

func (a *app) newAsker(ctx context.Context, dir string, lang faq.Lang, now time.Time) (*asker, error) {
	ed, err := loadEdition(dir)
	if err != nil {
		return nil, err
	}
	m, err := trainMatcher(ctx, ed, fileCache{a.cacheDir()}, false)
	if err != nil {
		return nil, err
	}
	words, err := locales.New()
	if err != nil {
		return nil, err
	}
	return &asker{bot.NewDialogue(fixedKnowledge(ed, m), words), ed, lang, now}, nil
}

// cacheDir is where computed thresholds are kept for commands that have no data folder of their own.
func (a *app) cacheDir() string {
	if d := a.getenv("TANYA_DATA"); d != "" {
		return filepath.Join(d, "cache")
	}
	if d, err := os.UserCacheDir(); err == nil {
		return filepath.Join(d, "tanya")
	}
	return filepath.Join(os.TempDir(), "tanya-cache")
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// lines answers one question a line until the input ends.
func (s *asker) lines(ctx context.Context, in io.Reader, out io.Writer) error {
	sc := bufio.NewScanner(in)
	sc.Buffer(make([]byte, 0, 64*1024), 1<<20)
	w := bufio.NewWriter(out)
	for sc.Scan() {
		if strings.TrimSpace(sc.Text()) == "" {
			continue
		}
		r, err := s.ask(ctx, sc.Text())
		if err != nil {
			return err
		}
		if err := writeJSON(w, r); err != nil {
			return err
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("masukan tidak dapat dibaca: %w", err)
	}
	return w.Flush()
}

// ask gives the question to a fresh conversation and reports what the dialogue did.
func (s *asker) ask(ctx context.Context, question string) (askResult, error) {
	session := bot.Session{Welcomed: true, Lang: s.lang, Fixed: s.lang != "", Updated: s.now}
	out, err := s.dialogue.Turn(ctx, session, bot.Message{Channel: "ask", Kind: bot.Text, Text: bot.Redact(question)}, s.now)
	if err != nil {
		return askResult{}, err
	}
	r := askResult{Question: question, Verdict: faq.Unknown, Lang: s.lang, Choices: []string{}, Sources: []askSource{}}
	if out.Session != nil {
		r.Lang = out.Session.Lang
	}
	var texts []string
	for _, reply := range out.Replies {
		if reply.Outcome == bot.Answered || reply.Outcome == bot.Declined {
			reply.Prompt, reply.Choices = "", nil // what stands beside an answer belongs to a conversation
		}
		reply.Footer, reply.Note = "", ""
		texts = append(texts, reply.Numbered())
		for _, src := range reply.Sources {
			r.Sources = append(r.Sources, askSource{src.Title, src.URL})
		}
	}
	r.Text = strings.Join(texts, "\n\n")
	s.verdict(&r, out)
	return r, nil
}

// verdict fills in what was decided and why.
func (s *asker) verdict(r *askResult, out bot.Settlement) {
	if len(out.Replies) == 0 {
		return
	}
	last := out.Replies[len(out.Replies)-1]
	switch last.Outcome {
	case bot.Greeted, bot.Thanked:
		r.Verdict = faq.Greeting
	case bot.Menu, bot.Language, bot.Stopped, bot.Erased:
		r.Verdict = faq.Menu
	case bot.Person, bot.Privacy:
		r.Verdict, r.Entry = faq.Answered, last.Entry
	}
	if len(out.Queries) == 0 {
		return
	}
	q := out.Queries[0]
	r.Score, r.Explain = q.Score, q.Explain
	switch q.Outcome {
	case bot.Answered:
		r.Verdict, r.Entry = faq.Answered, q.Entry
	case bot.Declined:
		r.Verdict, r.Entry = faq.Declined, q.Entry
	case bot.Choices:
		r.Verdict = faq.Choices
	}
	if r.Verdict == faq.Choices || r.Verdict == faq.Unknown {
		for _, c := range last.Choices {
			if id, ok := strings.CutPrefix(c.Key, "e:"); ok {
				r.Choices = append(r.Choices, id)
			}
		}
	}
}
