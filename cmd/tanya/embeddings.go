package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"tanya/bot"
	"tanya/bot/embed"
	"tanya/faq"
)

// secondOpinion makes the service that asks an embeddings endpoint, nil when none is configured.
func (h *house) secondOpinion() (*embed.Service, error) {
	if h.cfg.Embeddings.URL == "" {
		return nil, nil
	}
	return embed.New(h.cfg.Embeddings, embed.Deps{Cache: fileCache{filepath.Join(h.cfg.Data, "cache")}, Now: h.now, Log: h.log})
}

// beside puts the second opinion beside a matcher, where there is one.
func (h *house) beside(ed *faq.Edition, m faq.Matcher) faq.Matcher {
	if h.second == nil {
		return m
	}
	return h.second.Beside(ed, m)
}

// plainKnowledge is what the service answers from without the second opinion: a proposal is measured on thousands of
// questions, with a matcher that gives the same result whatever an endpoint does.
func (h *house) plainKnowledge() bot.Knowledge {
	k := *h.knowledge.Load()
	if m, ok := k.Matcher.(*embed.Matcher); ok {
		k.Matcher = m.Plain()
	}
	return k
}

// addSecondOpinion lets the service learn in the background and tells the operator where questions go.
func (h *house) addSecondOpinion(r *rooms) {
	if h.second == nil {
		return
	}
	r.background = append(r.background, h.second.Run)
	note := "Pendapat kedua " + h.cfg.Embeddings.Model + " di " + h.cfg.Embeddings.Host()
	if !h.cfg.Embeddings.Inside() {
		note += "; pertanyaan yang meragukan, sudah disamarkan, dikirim ke luar kantor: sebutkan di entri privasi-bot"
	}
	r.notes = append(r.notes, note)
}

// secondOpinion says whether questions are sent elsewhere, and tries whether that works.
func (d *checkup) secondOpinion(ctx context.Context) {
	const what = "Embeddings"
	if d.cfg.Embeddings.URL == "" {
		d.note(what, "mati; tidak ada pertanyaan yang dikirim ke layanan lain")
		return
	}
	s, err := embed.New(d.cfg.Embeddings, embed.Deps{Now: d.a.clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return // the configuration was found wrong already
	}
	start := time.Now()
	dims, err := s.Try(ctx)
	if err != nil {
		d.bad(what, fmt.Sprintf("%s: %v; selama itu pilihan dari Tanya sendiri yang dipakai", d.cfg.Embeddings.Host(), err))
		return
	}
	where := "di luar kantor; sebutkan di entri privasi-bot"
	if d.cfg.Embeddings.Inside() {
		where = "di jaringan sendiri"
	}
	d.good(what, fmt.Sprintf("menyala, %s di %s, %s; %d dimensi, %d ms", d.cfg.Embeddings.Model, d.cfg.Embeddings.Host(), where, dims, time.Since(start).Milliseconds()))
}

// withEmbeddings is the matcher with the second opinion of the environment, once its phrasings are learned.
func (a *app) withEmbeddings(ctx context.Context, ed *faq.Edition) (faq.Matcher, error) {
	conf := embed.Config{URL: a.getenv("TANYA_EMBEDDINGS_URL"), Key: a.getenv("TANYA_EMBEDDINGS_KEY"), Model: a.getenv("TANYA_EMBEDDINGS_MODEL")}
	s, err := embed.New(conf, embed.Deps{Cache: fileCache{a.cacheDir()}, Now: a.clock, Log: a.logger("info")})
	if err != nil {
		return nil, usagef("%v", err)
	}
	plain, err := trainMatcher(ctx, ed, nil, false)
	if err != nil {
		return nil, err
	}
	m := s.Beside(ed, plain)
	return m, s.Learn(ctx, m)
}
