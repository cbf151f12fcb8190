package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// queryCounter is the prefix of the counters of query rows, by outcome.
const queryCounter = "query "

// words is what is kept, sealed and apart, of the text of a question.
type words struct {
	Text       string          `json:"text"`
	Candidates []faq.Candidate `json:"candidates,omitempty"`
	Explain    faq.Explanation `json:"explain"`
}

// sealText seals what belongs to the text of a question, nil when no text is kept.
func (s *Store) sealText(q bot.Query) ([]byte, error) {
	if q.Text == "" {
		return nil, nil
	}
	return s.seal("text", "", words{q.Text, q.Candidates, q.Explain})
}

// insertQueries adds the query rows of settlements, with their texts, their review rows and their askers.
func (s *Store) insertQueries(ctx context.Context, st *statements, run []*plan, counts tally) error {
	var rows, texts, reviews [][]any
	hours := map[int64]time.Time{}
	for _, p := range run {
		for _, q := range p.Queries {
			hour := p.hour(q)
			rows = append(rows, []any{millis(hour), q.Channel, string(q.Lang), string(q.Outcome), q.Topic, q.Entry, q.Score,
				string(q.Segment), q.Activity, int64(q.Edition), string(q.Previous), q.Mark})
			hours[millis(hour)] = hour
		}
	}
	ids, err := st.numbered(ctx, `INSERT INTO queries
		(hour, channel, lang, outcome, topic, entry, score, segment, activity, edition, previous, mark)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, rows)
	if err != nil {
		return err
	}
	for _, p := range run {
		for i, q := range p.Queries {
			id := ids[0]
			ids = ids[1:]
			p.added = append(p.added, step{Query: id, Hour: p.hour(q)})
			counts[tallied{queryCounter + string(q.Outcome), p.shard}]++
			missed := q.Outcome == bot.Unknown || q.Outcome == bot.Choices
			if missed {
				p.missed = id
			}
			if p.texts[i] == nil {
				continue
			}
			texts = append(texts, []any{id, p.texts[i], millis(p.now.Add(bot.TextLife))})
			if missed {
				reviews = append(reviews, []any{id, string(Missed)})
			}
		}
	}
	if err := st.each(ctx, `INSERT INTO texts (query, sealed, until) VALUES (?, ?, ?)`, texts); err != nil {
		return err
	}
	if err := st.each(ctx, flagInsert, reviews); err != nil {
		return err
	}
	for _, ms := range slices.Sorted(maps.Keys(hours)) {
		if err := s.recount(ctx, st, hours[ms], s.now()); err != nil {
			return err
		}
	}
	return insertAsks(ctx, st, run, counts)
}

// hour is the hour of one of the plan's questions; nothing finer is kept.
func (p *plan) hour(q bot.Query) time.Time {
	if q.Hour.IsZero() {
		return p.now.Truncate(time.Hour)
	}
	return q.Hour.Truncate(time.Hour)
}

// rate stores what a person thought of the last answer, as a label without a person.
func (s *Store) rate(ctx context.Context, st *statements, p *plan) error {
	before, err := s.trail(ctx, st, p.Message.Chat, p.now)
	if err != nil {
		return err
	}
	trail := append(before, p.added...)
	if len(trail) == 0 {
		return nil // the conversation it speaks of is forgotten
	}
	query := trail[len(trail)-1].Query
	_, err = st.exec(ctx, `INSERT INTO feedback (query, hour, label) VALUES (?, ?, ?)
		ON CONFLICT (query) DO UPDATE SET hour = excluded.hour, label = excluded.label`,
		query, millis(p.now.Truncate(time.Hour)), p.Rating)
	if err != nil || p.Rating == "up" {
		return err
	}
	return flag(ctx, st, query, RatedDown)
}
