package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"tanya/bot"
)

// DraftFiles returns the files of the next edition that differ from the published one.
func (d *Desk) DraftFiles(ctx context.Context) ([]bot.DraftFile, error) {
	rows, err := d.s.db.read().rows(ctx, `SELECT path, content, gone, author, at, version FROM draft_files ORDER BY path`)
	all, err := collect(rows, err, func(r *sql.Rows) (f bot.DraftFile, err error) {
		var gone, at int64
		var authors string
		err = r.Scan(&f.Path, &f.Content, &gone, &authors, &at, &f.Version)
		f.Gone, f.At, f.Authors = gone != 0, instant(at), strings.Split(authors, ",")
		return f, err
	})
	return all, d.s.fault("read the draft", err)
}

// SaveDraft writes files of the draft; by becomes one of the authors of each. A file whose version is not that of the
// draft any more is a Conflict: a colleague's text is never overwritten unseen.
func (d *Desk) SaveDraft(ctx context.Context, files []bot.DraftFile, by string, line bot.Audit) error {
	return d.write(ctx, "save the draft", line, func(ctx context.Context, st *statements) error {
		for _, f := range files {
			if err := d.saveDraft(ctx, st, f, by); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *Desk) saveDraft(ctx context.Context, st *statements, f bot.DraftFile, by string) error {
	var authors string
	var version int64
	err := st.row(ctx, `SELECT author, version FROM draft_files WHERE path = ?`, f.Path).Scan(&authors, &version)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if version != f.Version {
		return bot.Errorf(bot.Conflict, "Rekan Anda baru saja mengubah bagian ini. Teks Anda belum disimpan; salin, muat ulang, lalu gabungkan.")
	}
	list := strings.FieldsFunc(authors, func(r rune) bool { return r == ',' })
	if !slices.Contains(list, by) {
		list = append(list, by)
	}
	var gone int64
	if f.Gone {
		gone = 1
	}
	_, err = st.exec(ctx, `INSERT INTO draft_files (path, content, gone, author, at, version) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (path) DO UPDATE SET content = excluded.content, gone = excluded.gone, author = excluded.author,
		at = excluded.at, version = excluded.version`,
		f.Path, f.Content, gone, strings.Join(list, ","), millis(d.s.now()), version+1)
	return err
}

// DropDraft forgets what was changed in the files, all when paths is empty.
func (d *Desk) DropDraft(ctx context.Context, paths []string, line bot.Audit) error {
	return d.write(ctx, "drop the draft", line, func(ctx context.Context, st *statements) error {
		if len(paths) == 0 {
			_, err := st.exec(ctx, `DELETE FROM draft_files`)
			return err
		}
		for _, p := range paths {
			if _, err := st.exec(ctx, `DELETE FROM draft_files WHERE path = ?`, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// LinkQueries notes that the next edition answers the questions with the entry, and puts them in work.
func (d *Desk) LinkQueries(ctx context.Context, queries []int64, entry, by string, line bot.Audit) error {
	now := d.s.now()
	return d.write(ctx, "link questions", line, func(ctx context.Context, st *statements) error {
		for _, q := range queries {
			_, err := st.exec(ctx, `INSERT INTO draft_links (query, entry, author) SELECT id, ?, ? FROM queries WHERE id = ?
				ON CONFLICT (query) DO UPDATE SET entry = excluded.entry, author = excluded.author`, entry, by, q)
			if err != nil {
				return err
			}
			_, err = st.exec(ctx, `UPDATE reviews SET status = 'in_work', author = ?, at = ? WHERE query = ? AND status = 'new'`, by, millis(now), q)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Links returns which entry of the next edition answers which question.
func (d *Desk) Links(ctx context.Context) (map[int64]string, error) {
	links := map[int64]string{}
	rows, err := d.s.db.read().rows(ctx, `SELECT query, entry FROM draft_links`)
	if err != nil {
		return nil, d.s.fault("read links", err)
	}
	defer rows.Close()
	for rows.Next() {
		var q int64
		var entry string
		if err := rows.Scan(&q, &entry); err != nil {
			return nil, d.s.fault("read links", err)
		}
		links[q] = entry
	}
	return links, d.s.fault("read links", rows.Err())
}

// DropLinks forgets links whose questions are answered, and marks those as done.
func (d *Desk) DropLinks(ctx context.Context, queries []int64, by string, at time.Time) error {
	return d.write(ctx, "close questions", bot.Audit{}, func(ctx context.Context, st *statements) error {
		for _, q := range queries {
			if _, err := st.exec(ctx, `DELETE FROM draft_links WHERE query = ?`, q); err != nil {
				return err
			}
			_, err := st.exec(ctx, `UPDATE reviews SET status = 'answered', reason = '', author = ?, at = ? WHERE query = ? AND status IN ('new', 'in_work')`,
				by, millis(at), q)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
