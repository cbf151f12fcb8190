package store

import (
	"context"
	"database/sql"

	"tanya/bot"
)

// Proposals lists proposals in the states, newest first; no state means all.
func (d *Desk) Proposals(ctx context.Context, limit int, states ...bot.ProposalState) ([]bot.Proposal, error) {
	query := `SELECT id, state, due, sealed, version FROM proposals`
	var args []any
	for i, s := range states {
		if i == 0 {
			query += ` WHERE state IN (?`
		} else {
			query += `, ?`
		}
		args = append(args, string(s))
	}
	if len(states) > 0 {
		query += `)`
	}
	rows, err := d.s.db.read().rows(ctx, query+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
	all, err := collect(rows, err, d.scanProposal)
	return all, d.s.fault("list proposals", err)
}

// Proposal returns one proposal.
func (d *Desk) Proposal(ctx context.Context, id int64) (bot.Proposal, error) {
	rows, err := d.s.db.read().rows(ctx, `SELECT id, state, due, sealed, version FROM proposals WHERE id = ?`, id)
	all, err := collect(rows, err, d.scanProposal)
	if err != nil {
		return bot.Proposal{}, d.s.fault("read a proposal", err)
	}
	if len(all) == 0 {
		return bot.Proposal{}, bot.Errorf(bot.NotFound, "Usulan ini tidak ada.")
	}
	return all[0], nil
}

func (d *Desk) scanProposal(r *sql.Rows) (p bot.Proposal, err error) {
	var id, due, version int64
	var state string
	var sealed []byte
	if err := r.Scan(&id, &state, &due, &sealed, &version); err != nil {
		return p, err
	}
	err = d.s.unseal("proposal", "", sealed, &p)
	if err == nil && (string(p.State) != state || (p.ID != 0 && p.ID != id)) {
		err = bot.Errorf(bot.Invalid, "a proposal was tampered with")
	}
	p.ID, p.Version = id, version
	return p, err
}

// SaveProposal stores a proposal whose ID is 0, or the next state of one. When a colleague was faster it is a Conflict.
func (d *Desk) SaveProposal(ctx context.Context, p bot.Proposal, line bot.Audit) (int64, error) {
	sealed, err := d.s.seal("proposal", "", p)
	if err != nil {
		return 0, err
	}
	id := p.ID
	err = d.write(ctx, "save a proposal", line, func(ctx context.Context, st *statements) error {
		if p.ID == 0 {
			return st.row(ctx, `INSERT INTO proposals (state, due, sealed, version) VALUES (?, ?, ?, 1) RETURNING id`,
				string(p.State), millis(p.Due), sealed).Scan(&id)
		}
		return updateProposal(ctx, st, p, sealed)
	})
	return id, err
}

func updateProposal(ctx context.Context, st *statements, p bot.Proposal, sealed []byte) error {
	n, err := st.exec(ctx, `UPDATE proposals SET state = ?, due = ?, sealed = ?, version = version + 1 WHERE id = ? AND version = ?`,
		string(p.State), millis(p.Due), sealed, p.ID, p.Version)
	if err == nil && n == 0 {
		return bot.Errorf(bot.Conflict, "Rekan Anda baru saja mengubah usulan ini. Muat ulang halaman.")
	}
	return err
}

// Publish writes the edition, marks the proposal as published and clears the draft files that went into it, all at
// once. Other processes are told.
func (d *Desk) Publish(ctx context.Context, p bot.Proposal, r bot.Release, line bot.Audit) error {
	sealed, err := d.s.seal("proposal", "", p)
	if err != nil {
		return err
	}
	err = d.write(ctx, "publish an edition", line, func(ctx context.Context, st *statements) error {
		var newest int64
		if err := st.row(ctx, `SELECT COALESCE(MAX(number), 0) FROM editions`).Scan(&newest); err != nil {
			return err
		}
		if r.Number != newest+1 || p.Base != newest {
			return bot.Errorf(bot.Conflict, "Edisi lain sudah terbit sesudah usulan ini diperiksa. Usulkan lagi supaya diperiksa dengan edisi terbaru.")
		}
		if err := updateProposal(ctx, st, p, sealed); err != nil {
			return err
		}
		_, err := st.exec(ctx, `INSERT INTO editions (number, hash, signature, published, content, note, author) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			r.Number, r.Hash, filled(r.Signature), millis(r.Published), filled(r.Content), r.Note, r.Author)
		if err != nil {
			return err
		}
		if p.Restores != 0 { // what staff are writing has nothing to do with it
			return nil
		}
		// Files that were changed again after the proposal stay in the draft.
		_, err = st.exec(ctx, `DELETE FROM draft_files WHERE at <= ?`, millis(p.At))
		return err
	})
	if err == nil {
		d.s.bell.ring(Ring{Work: ContentWork})
	}
	return err
}

// Releases lists the published editions, newest first, without their content.
func (d *Desk) Releases(ctx context.Context) ([]bot.Release, error) {
	all, err := d.s.Editions(ctx)
	var out []bot.Release
	for _, e := range all {
		out = append(out, bot.Release(e))
	}
	return out, err
}

// Release returns one edition with its content; 0 means the newest. NotFound when there is none.
func (d *Desk) Release(ctx context.Context, number int64) (bot.Release, error) {
	var e Edition
	var err error
	if number == 0 {
		e, err = d.s.Newest(ctx)
	} else {
		e, err = d.s.Edition(ctx, number)
	}
	return bot.Release(e), err
}

// Withdraw takes an entry out of service at once.
func (d *Desk) Withdraw(ctx context.Context, w bot.Withdrawal) error {
	if err := d.s.Withdraw(ctx, Withdrawal(w)); err != nil {
		return err
	}
	return d.Log(ctx, bot.Audit{At: w.At, Actor: w.By, Action: "tarik", Object: w.Entry, Detail: w.Reason})
}

// Restore puts an entry back into service.
func (d *Desk) Restore(ctx context.Context, w bot.Withdrawal) error {
	if err := d.s.Restore(ctx, w.Entry, w.By, w.At); err != nil {
		return err
	}
	return d.Log(ctx, bot.Audit{At: w.At, Actor: w.By, Action: "pulihkan", Object: w.Entry})
}

// Withdrawn lists what is out of service.
func (d *Desk) Withdrawn(ctx context.Context) ([]bot.Withdrawal, error) {
	all, err := d.s.Withdrawn(ctx, d.s.now())
	var out []bot.Withdrawal
	for _, w := range all {
		out = append(out, bot.Withdrawal(w))
	}
	return out, err
}
