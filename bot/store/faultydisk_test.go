//go:build linux

package store_test

import (
	"context"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"tanya/bot"
)

// faultyDisk stands between SQLite and the files of one folder. It counts what changes them, lets the n-th change fail,
// and can keep a record from which it says what a power failure at any moment leaves.
type faultyDisk struct {
	folder string

	mu     sync.Mutex
	n      int   // changes so far
	failAt int   // the change that fails, 0 for none
	stays  bool  // those after it fail too
	code   int32 // how it fails; 0 stands for the error of the operation
	failed int
	record []change // nil when none is kept
	keep   bool
}

// change is a write, a cut or a sync of one of the files.
type change struct {
	file string
	kind byte // 'w', 't', 's'
	at   int64
	data []byte
}

// disks are the folders that are watched, by folder; handles are SQLite's open files among them.
var disks = struct {
	sync.Mutex
	once    sync.Once
	open    uintptr // SQLite's own xOpen
	folders map[string]*faultyDisk
	handles map[uintptr]*handle
}{folders: map[string]*faultyDisk{}, handles: map[uintptr]*handle{}}

type handle struct {
	disk   *faultyDisk
	file   string
	theirs *sqlite3.Tsqlite3_io_methods
	ours   sqlite3.Tsqlite3_io_methods
}

// watchDisk puts a faulty disk below the files of a folder until the test ends.
func watchDisk(t *testing.T, folder string) *faultyDisk {
	t.Helper()
	disks.once.Do(func() {
		tls := libc.NewTLS()
		defer tls.Close()
		vfs := (*sqlite3.Tsqlite3_vfs)(at(sqlite3.Xsqlite3_vfs_find(tls, 0)))
		disks.open = vfs.FxOpen
		vfs.FxOpen = entry(diskOpen)
	})
	d := &faultyDisk{folder: folder}
	disks.Lock()
	defer disks.Unlock()
	disks.folders[folder] = d
	t.Cleanup(func() {
		disks.Lock()
		defer disks.Unlock()
		delete(disks.folders, folder)
	})
	return d
}

// at turns an address of the library's into a pointer.
func at(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }

// entry and call are the library's way to keep a function as a number, and back.
func entry[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&struct{ f F }{f})) }
func call[F any](p uintptr) F  { return *(*F)(unsafe.Pointer(&struct{ p uintptr }{p})) }

func diskOpen(tls *libc.TLS, vfs, path, file uintptr, flags int32, out uintptr) int32 {
	rc := call[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](disks.open)(tls, vfs, path, file, flags, out)
	if rc != sqlite3.SQLITE_OK || path == 0 {
		return rc
	}
	name := libc.GoString(path)
	disks.Lock()
	defer disks.Unlock()
	d := disks.folders[filepath.Dir(name)]
	if d == nil {
		return rc
	}
	f := (*sqlite3.Tsqlite3_file)(at(file))
	h := &handle{disk: d, file: filepath.Base(name), theirs: (*sqlite3.Tsqlite3_io_methods)(at(f.FpMethods))}
	h.ours = *h.theirs
	h.ours.FxWrite, h.ours.FxTruncate, h.ours.FxSync = entry(diskWrite), entry(diskTruncate), entry(diskSync)
	disks.handles[file] = h // keeps what the library points to alive
	f.FpMethods = uintptr(unsafe.Pointer(&h.ours))
	return rc
}

func handleOf(file uintptr) *handle {
	disks.Lock()
	defer disks.Unlock()
	return disks.handles[file]
}

func diskWrite(tls *libc.TLS, file, data uintptr, n int32, off int64) int32 {
	h := handleOf(file)
	if rc := h.disk.step(change{h.file, 'w', off, unsafe.Slice((*byte)(at(data)), n)}, sqlite3.SQLITE_IOERR_WRITE); rc != 0 {
		return rc
	}
	return call[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](h.theirs.FxWrite)(tls, file, data, n, off)
}

func diskTruncate(tls *libc.TLS, file uintptr, size int64) int32 {
	h := handleOf(file)
	if rc := h.disk.step(change{h.file, 't', size, nil}, sqlite3.SQLITE_IOERR_TRUNCATE); rc != 0 {
		return rc
	}
	return call[func(*libc.TLS, uintptr, int64) int32](h.theirs.FxTruncate)(tls, file, size)
}

func diskSync(tls *libc.TLS, file uintptr, flags int32) int32 {
	h := handleOf(file)
	if rc := h.disk.step(change{h.file, 's', 0, nil}, sqlite3.SQLITE_IOERR_FSYNC); rc != 0 {
		return rc
	}
	return call[func(*libc.TLS, uintptr, int32) int32](h.theirs.FxSync)(tls, file, flags)
}

// step counts a change and returns how it fails, 0 when it does not.
func (d *faultyDisk) step(c change, code int32) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n++
	if d.failAt > 0 && (d.n == d.failAt || d.stays && d.n > d.failAt) {
		d.failed++
		if d.code != 0 && c.kind != 's' {
			return d.code
		}
		return code
	}
	if d.keep {
		c.data = slices.Clone(c.data)
		d.record = append(d.record, c)
	}
	return 0
}

func (d *faultyDisk) set(failAt int, stays bool, code int32) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n, d.failed, d.failAt, d.stays, d.code = 0, 0, failAt, stays, code
}

func (d *faultyDisk) changes() int  { d.mu.Lock(); defer d.mu.Unlock(); return len(d.record) }
func (d *faultyDisk) failures() int { d.mu.Lock(); defer d.mu.Unlock(); return d.failed }

// after returns the files as a power failure after n changes may leave them: what was synced is there, of the rest any
// part, sectors of a write too.
func (d *faultyDisk) after(n int, begin map[string][]byte, random *rand.Rand) map[string][]byte {
	files := map[string][]byte{}
	for name, b := range begin {
		files[name] = slices.Clone(b)
	}
	synced := map[string]int{}
	for i, c := range d.record[:n] {
		if c.kind == 's' {
			synced[c.file] = i
		}
	}
	for i, c := range d.record[:n] {
		if last, ok := synced[c.file]; ok && i < last {
			files[c.file] = c.on(files[c.file], len(c.data))
		} else if random.IntN(2) == 0 {
			files[c.file] = c.on(files[c.file], min(len(c.data), 512*random.IntN(len(c.data)/512+2)))
		}
	}
	return files
}

// on makes the change to a file, of a write the first n bytes.
func (c change) on(file []byte, n int) []byte {
	switch c.kind {
	case 'w':
		if end := int(c.at) + n; end > len(file) {
			file = append(file, make([]byte, end-len(file))...)
		}
		copy(file[c.at:], c.data[:n])
	case 't':
		if int(c.at) < len(file) {
			file = file[:c.at]
		}
	}
	return file
}

// filesIn reads the files of the ledger, without the index that all processes share in memory.
func filesIn(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, name := range []string{"ledger.db", "ledger.db-wal"} {
		b, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		out[name] = b
	}
	return out
}

func putFiles(t *testing.T, folder string, files map[string][]byte) {
	t.Helper()
	for name, b := range files {
		must(t, os.WriteFile(filepath.Join(folder, name), b, 0o600))
	}
}

// TestFaultyDiskErrors lets the n-th write, cut or sync fail, for all n: with an I/O error once, with an I/O error from
// then on, and with a full disk from then on, until somebody has mended it. What fails is not acknowledged and is of a
// class that is tried again; what was acknowledged is there, once; and the ledger goes on by itself.
func TestFaultyDiskErrors(t *testing.T) {
	begin := emptyLedger(t)
	total := 0
	for name, c := range map[string]struct {
		stays bool
		code  int32
	}{"once": {false, 0}, "broken": {true, 0}, "full": {true, sqlite3.SQLITE_FULL}} {
		n := 1
		for ; n < 1000; n++ {
			folder := t.TempDir()
			putFiles(t, folder, begin)
			d := watchDisk(t, folder)
			w := open(t, filepath.Join(folder, "ledger.db"))
			d.set(n, c.stays, c.code)
			acked, refused := w.work(t, func() { d.set(0, false, 0) })
			failures := d.failures()
			d.set(0, false, 0)
			must(t, w.Close())
			w.reopen()
			w.intact()
			rows, err := w.Number(context.Background(), `SELECT COUNT(*) FROM inbox`)
			must(t, err)
			if rows != messages || acked != messages {
				t.Fatalf("%s at change %d: %d of %d acknowledged, %d rows", name, n, acked, messages, rows)
			}
			cursor, err := w.Cursor(context.Background(), "webchat")
			must(t, err)
			equal(t, "cursor", cursor, strconv.Itoa(messages))
			must(t, w.Close())
			if failures == 0 && refused == 0 {
				break
			}
		}
		if n < 20 {
			t.Errorf("%s: the work makes only %d changes", name, n)
		}
		total += n - 1
		t.Logf("faults of the kind %q at each of %d changes: nothing acknowledged was lost, the ledger went on", name, n-1)
	}
	if total == 0 {
		t.Error("no fault took place")
	}
}

// messages is how many a worker hands in.
const messages = 6

// work hands in messages, answers them and lets the log be moved into the file; what is refused is handed in again after
// mend was called. It returns how many were acknowledged and how often something was refused.
func (w *world) work(t *testing.T, mend func()) (acked, refused int) {
	t.Helper()
	try := func(what string, f func() error) {
		for attempt := range 3 {
			err := f()
			if err == nil {
				return
			}
			wantClass(t, err, bot.Transient)
			refused++
			if attempt > 0 {
				t.Fatalf("%s: refused although the disk works: %v", what, err)
			}
			mend()
		}
	}
	ctx := context.Background()
	for i := range messages {
		try("accept", func() error {
			_, err := w.Accept(ctx, bot.Batch{Channel: "webchat", Cursor: strconv.Itoa(i + 1), Messages: []bot.Message{w.message(nth("m", i), nth("c", i), strings.Repeat("x", 3000))}})
			return err
		})
		acked++
	}
	try("sweep", func() error { _, err := w.Sweep(ctx, w.clock.Now()); return err })
	return acked, refused
}

// emptyLedger returns the files of a ledger with its schema.
func emptyLedger(t *testing.T) map[string][]byte {
	t.Helper()
	folder := t.TempDir()
	w := open(t, filepath.Join(folder, "ledger.db"))
	w.sweep()
	must(t, w.Close())
	return filesIn(t, folder)
}

var moments = flag.Int("moments", 500, "power failures in TestFaultyDiskPowerLoss")

// TestFaultyDiskPowerLoss loses power after each change to the files, checkpoints included. Of what was not synced any part
// is gone. What had been acknowledged is there, and no message without its cursor.
func TestFaultyDiskPowerLoss(t *testing.T) {
	folder := t.TempDir()
	d := watchDisk(t, folder)
	w := open(t, filepath.Join(folder, "ledger.db"))
	w.sweep()
	d.mu.Lock()
	begin, first := filesIn(t, folder), 0
	d.keep = true
	d.mu.Unlock()
	ctx := context.Background()
	const n = 60
	var acked []int // the number of changes at each acknowledgement
	for i := range n {
		_, err := w.Accept(ctx, bot.Batch{Channel: "webchat", Cursor: strconv.Itoa(i + 1), Messages: []bot.Message{w.message(nth("m", i), nth("c", i), nth("t", i))}})
		must(t, err)
		acked = append(acked, d.changes())
		if i%20 == 19 {
			w.sweep()
		}
	}
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 4))
	cases := 0
	for at := first; cases < *moments; at += 1 + random.IntN(2) {
		if at > d.changes() {
			at = first // once more from the beginning: other parts are gone
		}
		cases++
		v := *w
		v.dsn = filepath.Join(t.TempDir(), "ledger.db")
		putFiles(t, filepath.Dir(v.dsn), d.after(at, begin, random))
		v.reopen()
		v.intact()
		want := 0
		for want < n && acked[want] <= at {
			want++
		}
		got, err := v.Number(ctx, `SELECT COUNT(*) FROM inbox`)
		must(t, err)
		cursor, err := v.Cursor(ctx, "webchat")
		must(t, err)
		if got < want || got > 0 && cursor != strconv.Itoa(got) {
			t.Fatalf("seed %d: power lost after %d of %d changes: %d messages, cursor %q, %d were acknowledged", seed, at, d.changes(), got, cursor, want)
		}
		must(t, v.Close())
	}
	must(t, w.Close())
	t.Logf("faults of the kind %q: %d moments in %d changes, nothing acknowledged was lost", "power lost", cases, d.changes())
}
