package store

import (
	"context"
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

// insertQueries adds the query rows of a settlement, with their texts, their review rows and their askers.
func (s *Store) insertQueries(ctx context.Context, st *statements, p *plan, counts tally) ([]step, error) {
	var added []step
	for i, q := range p.Queries {
		hour := q.Hour
		if hour.IsZero() {
			hour = p.now
		}
		hour = hour.Truncate(time.Hour)
		var id int64
		err := st.row(ctx, `INSERT INTO queries
			(hour, channel, lang, outcome, topic, entry, score, segment, activity, edition, previous, mark)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			millis(hour), q.Channel, string(q.Lang), string(q.Outcome), q.Topic, q.Entry, q.Score,
			string(q.Segment), q.Activity, q.Edition, string(q.Previous), q.Mark).Scan(&id)
		if err != nil {
			return nil, err
		}
		if err := s.recount(ctx, st, hour, p.now); err != nil {
			return nil, err
		}
		counts[tallied{queryCounter + string(q.Outcome), p.shard}]++
		missed := q.Outcome == bot.Unknown || q.Outcome == bot.Choices
		if missed {
			p.missed = id
		}
		if p.texts[i] != nil {
			_, err := st.exec(ctx, `INSERT INTO texts (query, sealed, until) VALUES (?, ?, ?)`,
				id, p.texts[i], millis(p.now.Add(bot.TextLife)))
			if err != nil {
				return nil, err
			}
			if missed {
				if err := flag(ctx, st, id, Missed); err != nil {
					return nil, err
				}
			}
		}
		added = append(added, step{Query: id, Hour: hour})
	}
	return added, insertAsks(ctx, st, p, counts)
}

// rate stores what a person thought of the last answer, as a label without a person.
func (s *Store) rate(ctx context.Context, st *statements, p *plan, added []step) error {
	before, err := s.trail(ctx, st, p.Message.Chat, p.now)
	if err != nil {
		return err
	}
	trail := append(before, added...)
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
