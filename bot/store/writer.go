package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"
	"sync/atomic"

	"tanya/bot"
)

// The bounds of the writer. A full queue makes callers wait, which is the brake on channels; a group is small enough
// that the last of it still answers within a few hundredths of a second.
const (
	queueBound = 1024
	groupBound = 256
)

// writer is the one place that writes to an SQLite file. Forcing the disk to keep a commit costs as much as a hundred
// inserts, so the writer takes all operations that wait, runs each in a savepoint of one transaction, commits
// once, and then answers all of them. An operation that fails is rolled back alone.
type writer struct {
	db    *sql.DB
	queue chan *job
	done  chan struct{}

	gate   sync.RWMutex // held for reading while sending to queue, for writing to close it
	closed bool

	conn *sql.Conn   // of the goroutine that runs loop, as the next one
	st   *statements // statements prepared on conn
}

// job is one operation on its way through the writer.
type job struct {
	ctx    context.Context
	do     work
	taken  atomic.Bool // set by whoever comes first: the writer that starts it, or the caller that gives up
	answer chan error  // holds one
}

func newWriter(db *sql.DB) *writer {
	w := &writer{db: db, queue: make(chan *job, queueBound), done: make(chan struct{})}
	go w.loop()
	return w
}

// write runs do in a transaction and returns after it is on disk. Once do has started it is not given up.
func (w *writer) write(ctx context.Context, do work) error {
	j := &job{ctx: ctx, do: do, answer: make(chan error, 1)}
	if err := w.enqueue(ctx, j); err != nil {
		return err
	}
	select {
	case err := <-j.answer:
		return err
	case <-ctx.Done():
		if j.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		return <-j.answer
	}
}

func (w *writer) enqueue(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.gate.RLock()
	defer w.gate.RUnlock()
	if w.closed {
		return &bot.Error{Class: bot.Transient, Message: "the ledger is closed"}
	}
	select {
	case w.queue <- j:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close takes no more operations, waits for those that were taken, and lets go of the connection.
func (w *writer) close() {
	w.gate.Lock()
	if !w.closed {
		w.closed = true
		close(w.queue)
	}
	w.gate.Unlock()
	<-w.done
}

func (w *writer) loop() {
	defer close(w.done)
	defer w.disconnect()
	for j := range w.queue {
		group := start(nil, j)
	gather:
		for len(group) < groupBound {
			select {
			case next, open := <-w.queue:
				if !open {
					break gather
				}
				group = start(group, next)
			default:
				break gather
			}
		}
		w.run(group)
	}
}

// start adds the job to the group unless its caller has gone.
func start(group []*job, j *job) []*job {
	if !j.taken.CompareAndSwap(false, true) {
		return group
	}
	if err := j.ctx.Err(); err != nil {
		j.answer <- err
		return group
	}
	return append(group, j)
}

// run answers every job of the group.
func (w *writer) run(group []*job) {
	if len(group) == 0 {
		return
	}
	results, err := w.commit(group)
	if err != nil && len(group) > 1 {
		// The transaction was lost as a whole (a full disk, a failing commit). Which of the operations is to blame
		// cannot be known, so each gets its own chance and its own answer.
		for _, j := range group {
			results, err := w.commit([]*job{j})
			j.answer <- first(err, results[0])
		}
		return
	}
	for i, j := range group {
		j.answer <- first(err, results[i])
	}
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// commit runs the group in one transaction. It returns the error of each job, and the error by which all are lost.
func (w *writer) commit(group []*job) ([]error, error) {
	results := make([]error, len(group))
	ctx := context.Background() // no caller may interrupt a transaction that it shares
	if err := w.connect(ctx); err != nil {
		return results, err
	}
	if _, err := w.st.exec(ctx, `BEGIN IMMEDIATE`); err != nil {
		w.check(err)
		return results, err
	}
	good := 0
	for i, j := range group {
		var err error
		if results[i], err = w.attempt(ctx, j); err != nil {
			w.rollback(ctx, err)
			return results, err
		}
		if results[i] == nil {
			good++
		}
	}
	if good == 0 {
		w.rollback(ctx, nil)
		return results, nil
	}
	if _, err := w.st.exec(ctx, `COMMIT`); err != nil {
		w.rollback(ctx, err)
		return results, err
	}
	return results, nil
}

// attempt runs one job in a savepoint. own is the job's failure, lost that of the whole transaction.
func (w *writer) attempt(ctx context.Context, j *job) (own, lost error) {
	if _, err := w.st.exec(ctx, `SAVEPOINT job`); err != nil {
		return nil, err
	}
	own = j.do(context.WithoutCancel(j.ctx), w.st)
	if own != nil {
		// SQLite ends the transaction by itself on some errors; then there is no savepoint to go back to.
		if _, err := w.st.exec(ctx, `ROLLBACK TO job`); err != nil {
			return own, own
		}
	}
	_, err := w.st.exec(ctx, `RELEASE job`)
	return own, err
}

func (w *writer) rollback(ctx context.Context, cause error) {
	_, _ = w.st.exec(ctx, `ROLLBACK`) // fails when SQLite has ended the transaction already
	w.check(cause)
}

// check drops a connection that the driver calls unusable; the next group gets a new one.
func (w *writer) check(err error) {
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		w.disconnect()
	}
}

func (w *writer) connect(ctx context.Context) error {
	if w.conn != nil {
		return nil
	}
	c, err := w.db.Conn(ctx)
	if err != nil {
		return err
	}
	w.conn = c
	w.st = &statements{on: c, ready: map[string]*sql.Stmt{}}
	return nil
}

func (w *writer) disconnect() {
	if w.conn == nil {
		return
	}
	for _, st := range w.st.ready {
		_ = st.Close()
	}
	_ = w.conn.Close()
	w.conn, w.st = nil, nil
}
