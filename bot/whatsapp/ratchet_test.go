package whatsapp

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

// fakeKeys is a store of keys whose decryptions fail as told.
type fakeKeys struct {
	store.NoopStore
	mu   sync.Mutex
	errs []error
	runs int
}

func (f *fakeKeys) DoDecryptionTxn(ctx context.Context, fn func(context.Context) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.runs++
	if len(f.errs) > 0 {
		err := f.errs[0]
		f.errs = f.errs[1:]
		return err
	}
	return fn(ctx)
}

type codeError struct{}

func (codeError) Error() string { return "database is locked" }
func (codeError) Code() int     { return 5 }

// A store out of order is waited for; a message that cannot be decrypted is not; and a message that had to be refused is
// never taken for one that was received.
func TestInsist(t *testing.T) {
	bad := errors.New("bad MAC")
	for name, x := range map[string]struct {
		errs    []error
		probe   error
		runs    int
		refused bool
		err     error
	}{
		"good":                       {runs: 1},
		"store locked twice":         {errs: []error{codeError{}, codeError{}}, runs: 3},
		"not decryptable":            {errs: []error{bad}, runs: 1, err: bad},
		"unknown fault, store down":  {errs: []error{bad, bad, bad, bad, bad, bad, bad, bad, bad}, probe: bad, refused: true, err: context.Canceled},
		"store locked all the while": {errs: []error{codeError{}, codeError{}, codeError{}, codeError{}, codeError{}, codeError{}, codeError{}}, refused: true, err: context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			refused := false
			f := &fakeKeys{errs: x.errs}
			d := decryptions{f, &turns{patience: 300 * time.Millisecond, refuse: func() { refused = true }, probe: func(context.Context) error { return x.probe }}}
			err := d.DoDecryptionTxn(t.Context(), func(context.Context) error { return nil })
			if !errors.Is(err, x.err) || (err != nil) != (x.err != nil) || refused != x.refused {
				t.Errorf("error %v, refused %v", err, refused)
			}
			if x.runs != 0 && f.runs != x.runs {
				t.Errorf("tried %d times, want %d", f.runs, x.runs)
			}
		})
	}
}

// memoryKeys is a store of one conversation's keys: a counter.
type memoryKeys struct {
	fakeKeys
	value map[string]byte
}

func (m *memoryKeys) GetSession(_ context.Context, a string) ([]byte, error) {
	return []byte{m.value[a]}, nil
}

func (m *memoryKeys) PutSession(_ context.Context, a string, s []byte) error {
	m.value[a] = s[0]
	return nil
}

func (m *memoryKeys) GetManySessions(_ context.Context, as []string) (map[string][]byte, error) {
	out := map[string][]byte{}
	for _, a := range as {
		out[a] = []byte{m.value[a]}
	}
	return out, nil
}

func (m *memoryKeys) PutManySessions(_ context.Context, all map[string][]byte) error {
	for a, s := range all {
		m.value[a] = s[0]
	}
	return nil
}

// Sending, decrypting and sending again all turn the same record on. None may undo what another did.
func TestTurns(t *testing.T) {
	to := types.JID{User: "123", Server: types.HiddenUserServer}
	addr := to.SignalAddress().Name() + ":7"
	m := &memoryKeys{value: map[string]byte{}}
	asked := 0
	tn := &turns{
		patience: time.Second, refuse: func() {}, again: func() { asked++ }, probe: func(context.Context) error { return nil },
	}
	r, d := ratchets{m, tn}, decryptions{m, tn}
	decrypt := func() {
		_ = d.DoDecryptionTxn(t.Context(), func(ctx context.Context) error {
			s, _ := r.GetSession(ctx, addr)
			return r.PutSession(ctx, addr, []byte{s[0] + 1})
		})
	}
	ctx, h := tn.begin(t.Context(), to)
	s, _ := r.GetManySessions(ctx, []string{addr})
	done := make(chan struct{})
	go func() { decrypt(); close(done) }() // has to wait for its turn
	select {
	case <-done:
		t.Fatal("a decryption came between")
	case <-time.After(20 * time.Millisecond):
	}
	if err := r.PutManySessions(ctx, map[string][]byte{addr: {s[addr][0] + 1}}); err != nil || !h.reached {
		t.Fatalf("reached %v, %v", h.reached, err)
	}
	h.done()
	<-done
	if m.value[addr] != 2 {
		t.Errorf("the counter is %d, want 2", m.value[addr])
	}
	again, _ := r.GetSession(t.Context(), addr) // sending again holds no turn
	decrypt()
	if err := r.PutSession(t.Context(), addr, []byte{again[0] + 1}); !errors.Is(err, context.Canceled) || m.value[addr] != 3 || asked != 1 {
		t.Errorf("keys were turned back: %v, counter %d, asked for again %d times", err, m.value[addr], asked)
	}
	again, _ = r.GetSession(t.Context(), addr)
	if err := r.PutSession(t.Context(), addr, []byte{again[0] + 1}); err != nil || m.value[addr] != 4 {
		t.Errorf("undisturbed: %v, counter %d", err, m.value[addr])
	}
	// An error in the middle of sending gives the turn back.
	ctx, h = tn.begin(t.Context(), to)
	_, _ = r.GetManySessions(ctx, []string{addr})
	h.done()
	decrypt()
	if h.reached || m.value[addr] != 5 {
		t.Errorf("after a send that broke off: %d", m.value[addr])
	}
}
