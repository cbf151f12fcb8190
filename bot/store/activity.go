package store

import (
	"context"
	"database/sql"
	"strings"

	"tanya/bot"
	"tanya/faq"
)

const activityColumns = `code, name, method, segments, district, village, day, participants, cost, partner, note, created, author`

// AddActivity keeps a new activity. A code that is taken is a Conflict: choose another number.
func (d *Desk) AddActivity(ctx context.Context, a bot.Activity, line bot.Audit) error {
	segments := make([]string, len(a.Segments))
	for i, s := range a.Segments {
		segments[i] = string(s)
	}
	err := d.write(ctx, "keep the activity", line, func(ctx context.Context, st *statements) error {
		n, err := st.exec(ctx, `INSERT INTO activities (`+activityColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			a.Code, a.Name, a.Method, strings.Join(segments, ","), a.District, a.Village, a.Date.String(), a.Participants, a.Cost, a.Partner, a.Note,
			millis(a.Created), a.Author)
		if err == nil && n == 0 {
			return bot.Errorf(bot.Conflict, "Kode %s sudah dipakai kegiatan lain.", a.Code)
		}
		return err
	})
	if err == nil {
		d.s.bell.ring(Ring{Work: ContentWork})
	}
	return err
}

// SaveActivity changes what is known of an activity, all but its code, when it was entered and by whom. One that does not
// exist is NotFound.
func (d *Desk) SaveActivity(ctx context.Context, a bot.Activity, line bot.Audit) error {
	segments := make([]string, len(a.Segments))
	for i, s := range a.Segments {
		segments[i] = string(s)
	}
	err := d.write(ctx, "change the activity", line, func(ctx context.Context, st *statements) error {
		n, err := st.exec(ctx, `UPDATE activities SET name = ?, method = ?, segments = ?, district = ?, village = ?, day = ?, participants = ?, cost = ?,
			partner = ?, note = ? WHERE code = ?`, a.Name, a.Method, strings.Join(segments, ","), a.District, a.Village, a.Date.String(), a.Participants,
			a.Cost, a.Partner, a.Note, a.Code)
		if err == nil && n == 0 {
			return bot.Errorf(bot.NotFound, "Kegiatan dengan kode %s tidak ada.", a.Code)
		}
		return err
	})
	if err == nil {
		d.s.bell.ring(Ring{Work: ContentWork})
	}
	return err
}

// Activities lists all activities, the newest day first.
func (d *Desk) Activities(ctx context.Context) ([]bot.Activity, error) {
	rows, err := d.s.db.read().rows(ctx, `SELECT `+activityColumns+` FROM activities ORDER BY day DESC, created DESC, code`)
	all, err := collect(rows, err, func(r *sql.Rows) (a bot.Activity, err error) {
		var segments, day string
		var created int64
		err = r.Scan(&a.Code, &a.Name, &a.Method, &segments, &a.District, &a.Village, &day, &a.Participants, &a.Cost, &a.Partner, &a.Note, &created, &a.Author)
		for _, s := range strings.FieldsFunc(segments, func(r rune) bool { return r == ',' }) {
			a.Segments = append(a.Segments, faq.Segment(s))
		}
		if err == nil {
			a.Date, err = faq.ParseDate(day)
		}
		a.Created = instant(created)
		return a, err
	})
	return all, d.s.fault("list the activities", err)
}
