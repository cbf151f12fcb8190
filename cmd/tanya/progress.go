package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// progress shows how far something is that takes long: a bar that moves on a terminal, a line at every tenth elsewhere.
type progress struct {
	w       io.Writer
	what    string
	now     func() time.Time
	began   time.Time
	drawn   time.Time
	tenth   int64
	moving  bool
	started bool
}

// newProgress shows on w how far what is. It may be used by one goroutine.
func newProgress(w io.Writer, what string, now func() time.Time) *progress {
	f, isFile := w.(*os.File)
	moving := false
	if isFile {
		st, err := f.Stat()
		moving = err == nil && st.Mode()&os.ModeCharDevice != 0
	}
	return &progress{w: w, what: what, now: now, moving: moving, tenth: -1}
}

// barWidth is the number of letters in the bar.
const barWidth = 24

// show tells that done of total is done.
func (p *progress) show(done, total int64) {
	now := p.now()
	if !p.started {
		p.started, p.began = true, now
	}
	if total <= 0 {
		total, done = 1, 1
	}
	whole := done >= total
	switch {
	case p.moving && (whole || now.Sub(p.drawn) > 100*time.Millisecond):
		p.drawn = now
		full := int(barWidth * done / total)
		fmt.Fprintf(p.w, "\r%s [%s%s] %3d%% %s", p.what, strings.Repeat("#", full), strings.Repeat(".", barWidth-full), 100*done/total, p.rest(now, done, total))
		if whole {
			fmt.Fprintln(p.w)
		}
	case !p.moving && 10*done/total != p.tenth:
		p.tenth = 10 * done / total
		fmt.Fprintf(p.w, "%s: %d%% (%d dari %d)\n", p.what, 100*done/total, done, total)
	}
}

// rest says how long it is going to take, or took.
func (p *progress) rest(now time.Time, done, total int64) string {
	took := now.Sub(p.began)
	if done >= total {
		return fmt.Sprintf("%.1f detik        ", took.Seconds())
	}
	if done == 0 || took < time.Second {
		return "                    "
	}
	left := time.Duration(float64(took) * float64(total-done) / float64(done))
	return fmt.Sprintf("sisa %d detik    ", int(left.Seconds())+1)
}
