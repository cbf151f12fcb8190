package store

import "context"

// Flag says why a question is on the review list.
type Flag string

// The flags of a review row. A later one replaces an earlier one.
const (
	Missed    Flag = "missed"  // nothing answered it, or it needed a choice
	RatedDown Flag = "down"    // the person said that the answer did not help
	Sampled   Flag = "sampled" // drawn by chance, to see whether answers are right
)

// flag puts a question on the review list. What staff did with it before stays as it is, unless a person complains.
func flag(ctx context.Context, st *statements, query int64, why Flag) error {
	_, err := st.exec(ctx, `INSERT INTO reviews (query, status, flag) VALUES (?, 'new', ?)
		ON CONFLICT (query) DO UPDATE SET flag = excluded.flag`, query, string(why))
	return err
}
