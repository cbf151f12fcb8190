package store

import (
	"context"
	"database/sql"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// remindStep is the number of reminders handed out in one transaction, so that messages do not wait.
const remindStep = 50

// reminding is what is sealed of a reminder: whom to remind, and of which day.
type reminding struct {
	Channel string    `json:"channel"`
	Chat    string    `json:"chat"`
	Address string    `json:"address"`
	Lang    faq.Lang  `json:"lang"`
	Event   bot.Event `json:"event"`
}

// remindMark is a chat's name in reminders, so that one cannot be joined to a session, a reply or a callback.
func (s *Store) remindMark(chat string) string { return s.keys.Chat("reminder", chat) }

// sealReminder seals what a settlement asks to be reminded of.
func (s *Store) sealReminder(m bot.Message, r *bot.Reminder) ([]byte, error) {
	return s.seal("reminder", s.remindMark(m.Chat), reminding{m.Channel, m.Chat, m.Address, r.Lang, r.Event})
}

// insertReminder keeps one reminder of an election for a chat; asking again changes its language and day.
func (s *Store) insertReminder(ctx context.Context, st *statements, p *plan) error {
	_, err := st.exec(ctx, `INSERT INTO reminders (event, chat, sealed, due, until) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (event, chat) DO UPDATE SET sealed = excluded.sealed, due = excluded.due, until = excluded.until`,
		p.Remind.Event.Election, s.remindMark(p.Message.Chat), p.remind, millis(p.Remind.Due), millis(p.Remind.Until))
	return err
}

// forgetReminders takes back every wish of a chat to be reminded.
func (s *Store) forgetReminders(ctx context.Context, st *statements, chat string) error {
	_, err := st.exec(ctx, `DELETE FROM reminders WHERE chat = ?`, s.remindMark(chat))
	return err
}

// Remind hands out reminders that are due; see bot.Reminders. The row goes in the transaction that puts the reply into
// the outbox, so that a reminder is handed out once, whichever process does it and whenever it is killed.
func (s *Store) Remind(ctx context.Context, now time.Time, say func(bot.Reminder) (bot.Reply, bool)) (int, error) {
	if due, err := s.anyReminder(ctx, now); err != nil || !due {
		return 0, err // a quiet minute does not write
	}
	sum := 0
	for {
		var found, sent int
		rung := map[string]bool{}
		err := s.write(ctx, "hand out reminders", func(ctx context.Context, st *statements) (err error) {
			clear(rung)
			found, sent, err = s.remindSome(ctx, st, now, say, rung)
			return err
		})
		if err != nil {
			return sum, err
		}
		for channel := range rung {
			s.bell.ring(Ring{Work: OutboxWork, Channel: channel})
		}
		if sum += sent; found < remindStep {
			return sum, nil
		}
	}
}

func (s *Store) anyReminder(ctx context.Context, now time.Time) (bool, error) {
	var n int
	err := s.db.read().row(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM reminders WHERE due <= ? LIMIT 1) AS r`, millis(now)).Scan(&n)
	return n > 0, s.fault("look for reminders", err)
}

// dueReminder is a reminder as it is taken out.
type dueReminder struct {
	mark   string
	sealed []byte
	until  int64
}

func (s *Store) remindSome(ctx context.Context, st *statements, now time.Time, say func(bot.Reminder) (bot.Reply, bool), rung map[string]bool) (found, sent int, err error) {
	rows, err := st.rows(ctx, `DELETE FROM reminders WHERE id IN (SELECT id FROM reminders WHERE due <= ? ORDER BY due, id LIMIT ?)
		RETURNING chat, sealed, until`, millis(now), remindStep)
	all, err := collect(rows, err, func(r *sql.Rows) (d dueReminder, err error) {
		err = r.Scan(&d.mark, &d.sealed, &d.until)
		return d, err
	})
	if err != nil {
		return 0, 0, err
	}
	for _, d := range all {
		var w reminding
		if err := s.unseal("reminder", d.mark, d.sealed, &w); err != nil || d.until <= millis(now) {
			continue // nobody can read it any more, or it is of no use
		}
		r, ok := say(bot.Reminder{Event: w.Event, Lang: w.Lang})
		if !ok {
			continue
		}
		address, err := s.seal("address", w.Chat, w.Address)
		if err != nil {
			return 0, 0, err
		}
		reply, err := s.seal("reply", w.Chat, parcel{Reply: r})
		if err != nil {
			return 0, 0, err
		}
		if err := insertReply(ctx, st, w.Channel, w.Chat, address, reply, now); err != nil {
			return 0, 0, err
		}
		rung[w.Channel] = true
		sent++
	}
	return len(all), sent, nil
}
