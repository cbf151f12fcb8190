package store

import (
	"context"

	"tanya/bot"
)

// simulatedCounter says that all in this ledger was made up, to try things out. It is a counter and not a table of its
// own, because it must go wherever the rows go: into a copy, a backup, another database.
const simulatedCounter = "simulated"

// Simulated reports whether this ledger holds made-up data. Whatever shows or prints what is in it must say so.
func (d *Desk) Simulated(ctx context.Context) (bool, error) {
	var n int
	err := d.s.db.read().row(ctx, `SELECT COALESCE(SUM(n), 0) FROM counters WHERE name = ?`, simulatedCounter).Scan(&n)
	return n > 0, d.s.fault("look whether the data is simulated", err)
}

// Simulate says for ever that what is in this ledger is made up. It is a Conflict when anything is in it already, real or
// made up: real rows must never be mixed with others.
func (d *Desk) Simulate(ctx context.Context, line bot.Audit) error {
	return d.write(ctx, "mark the data as simulated", line, func(ctx context.Context, st *statements) error {
		for _, t := range []string{"audit", "staff", "activities", "inbox", "queries", "editions", "counters"} {
			var n int
			if err := st.row(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM `+t+` LIMIT 1) AS any_row`).Scan(&n); err != nil {
				return err
			}
			if n > 0 {
				return bot.Errorf(bot.Conflict, "Basis data ini sudah berisi data; data simulasi hanya ditulis ke basis data yang kosong.")
			}
		}
		return count(ctx, st, simulatedCounter, 0, 1)
	})
}
