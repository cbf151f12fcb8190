package store

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// testWriter opens a writer on a new file with one table.
func testWriter(t *testing.T) *sqliteDialect {
	t.Helper()
	d, err := openSQLite(context.Background(), filepath.Join(t.TempDir(), "w.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.close() })
	if err := d.write(context.Background(), insert(`CREATE TABLE x (n BIGINT PRIMARY KEY)`)); err != nil {
		t.Fatal(err)
	}
	return d
}

func insert(query string, args ...any) work {
	return func(ctx context.Context, st *statements) error {
		_, err := st.exec(ctx, query, args...)
		return err
	}
}

func total(t *testing.T, d *sqliteDialect) (n int) {
	t.Helper()
	if err := d.read().row(context.Background(), `SELECT COUNT(*) FROM x`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// hold keeps the writer busy until the returned function is called, so that what comes meanwhile forms one group.
func hold(t *testing.T, d *sqliteDialect) (release func()) {
	t.Helper()
	started, end := make(chan struct{}), make(chan struct{})
	var once sync.Once
	go func() {
		_ = d.write(context.Background(), func(context.Context, *statements) error {
			once.Do(func() { close(started) })
			<-end
			return nil
		})
	}()
	<-started
	return func() { close(end) }
}

// group runs the works as one group and returns their errors.
func group(t *testing.T, d *sqliteDialect, works ...work) []error {
	t.Helper()
	release := hold(t, d)
	errs := make([]error, len(works))
	var wg sync.WaitGroup
	for i, w := range works {
		wg.Go(func() { errs[i] = d.write(context.Background(), w) })
	}
	for len(d.writer.queue) < len(works) {
		time.Sleep(time.Millisecond)
	}
	release()
	wg.Wait()
	return errs
}

func TestFailingOperationHurtsNoNeighbour(t *testing.T) {
	d := testWriter(t)
	mine := errors.New("mine")
	errs := group(t, d,
		insert(`INSERT INTO x VALUES (1)`),
		func(ctx context.Context, st *statements) error { // fails after it has written
			if err := insert(`INSERT INTO x VALUES (2)`)(ctx, st); err != nil {
				return err
			}
			return mine
		},
		insert(`INSERT INTO x VALUES (3)`),
		insert(`INSERT INTO nowhere VALUES (4)`),
		insert(`INSERT INTO x VALUES (5)`),
	)
	for i, failed := range []bool{false, true, false, true, false} {
		if (errs[i] != nil) != failed {
			t.Errorf("operation %d: %v", i, errs[i])
		}
	}
	if !errors.Is(errs[1], mine) {
		t.Errorf("got %v", errs[1])
	}
	if n := total(t, d); n != 3 {
		t.Errorf("%d rows, want 3", n)
	}
}

// An error can end the whole transaction (SQLite does so on some faults). The neighbours are run again.
func TestLostTransactionHurtsNoNeighbour(t *testing.T) {
	d := testWriter(t)
	var runs atomic.Int64
	counted := func(query string) work {
		return func(ctx context.Context, st *statements) error {
			runs.Add(1)
			return insert(query)(ctx, st)
		}
	}
	errs := group(t, d,
		counted(`INSERT INTO x VALUES (1)`),
		counted(`INSERT INTO x VALUES (2)`),
		func(ctx context.Context, st *statements) error {
			_, _ = st.exec(ctx, `ROLLBACK`)
			return errors.New("the transaction is gone")
		},
		counted(`INSERT INTO x VALUES (3)`),
	)
	for i, failed := range []bool{false, false, true, false} {
		if (errs[i] != nil) != failed {
			t.Errorf("operation %d: %v", i, errs[i])
		}
	}
	if n := total(t, d); n != 3 {
		t.Errorf("%d rows after %d runs, want 3", n, runs.Load())
	}
}

func TestGroupIsOneCommit(t *testing.T) {
	d := testWriter(t)
	var works []work
	for i := range 50 {
		works = append(works, insert(`INSERT INTO x VALUES (?)`, i))
	}
	for _, err := range group(t, d, works...) {
		if err != nil {
			t.Error(err)
		}
	}
	if n := total(t, d); n != 50 {
		t.Errorf("%d rows, want 50", n)
	}
}

func TestCallerMayGiveUpBeforeTheStartOnly(t *testing.T) {
	d := testWriter(t)
	release := hold(t, d)
	ctx, cancel := context.WithCancel(context.Background())
	waiting := make(chan error, 1)
	go func() { waiting <- d.write(ctx, insert(`INSERT INTO x VALUES (1)`)) }()
	for len(d.writer.queue) == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	release()

	ctx, cancel = context.WithCancel(context.Background())
	err := d.write(ctx, func(inner context.Context, st *statements) error {
		cancel() // too late
		return insert(`INSERT INTO x VALUES (2)`)(inner, st)
	})
	if err != nil {
		t.Errorf("what has started is finished: %v", err)
	}
	if n := total(t, d); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
	if err := d.write(ctx, insert(`INSERT INTO x VALUES (3)`)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestFullQueueMakesCallersWait(t *testing.T) {
	d := testWriter(t)
	release := hold(t, d)
	var wg sync.WaitGroup
	for i := range queueBound {
		wg.Go(func() { _ = d.write(context.Background(), insert(`INSERT INTO x VALUES (?)`, i)) })
	}
	for len(d.writer.queue) < queueBound {
		time.Sleep(time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := d.write(ctx, insert(`INSERT INTO x VALUES (-1)`)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	release()
	wg.Wait()
	if n := total(t, d); n != queueBound {
		t.Errorf("%d rows, want %d", n, queueBound)
	}
}

func TestCloseFinishesWhatWasTaken(t *testing.T) {
	d := testWriter(t)
	release := hold(t, d)
	var good atomic.Int64
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			if d.write(context.Background(), insert(`INSERT INTO x VALUES (?)`, i)) == nil {
				good.Add(1)
			}
		})
	}
	for len(d.writer.queue) < 100 {
		time.Sleep(time.Millisecond)
	}
	closed := make(chan struct{})
	go func() { d.writer.close(); close(closed) }()
	release()
	<-closed
	wg.Wait()
	if good.Load() != 100 || total(t, d) != 100 {
		t.Errorf("%d answered well, %d rows, want 100", good.Load(), total(t, d))
	}
	if err := d.write(context.Background(), insert(`INSERT INTO x VALUES (0)`)); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("got %v", err)
	}
}

func TestDollars(t *testing.T) {
	got := dollars(`VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	if want := `VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`; got != want {
		t.Errorf("got %s", got)
	}
}
