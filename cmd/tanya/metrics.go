package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"time"

	"tanya/bot"
)

// metrics are the service's figures in the text form that Prometheus reads. They are counts and states: nothing in
// them names a person, a message or a place. The form is a dozen lines to write; a library would bring as many packages.
type metrics struct {
	w       io.Writer
	written map[string]bool
}

// put writes one figure. labels are names and values in turn.
func (m *metrics) put(kind, name, help string, value float64, labels ...string) {
	if !m.written[name] {
		m.written[name] = true
		fmt.Fprintf(m.w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
	}
	var b strings.Builder
	for i := 0; i+1 < len(labels); i += 2 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%s=%q", labels[i], labels[i+1]) // all are words of ours; %q escapes as the form asks
	}
	if b.Len() > 0 {
		name += "{" + b.String() + "}"
	}
	fmt.Fprintf(m.w, "%s %g\n", name, value)
}

// serveMetrics answers whoever asks from this machine or its own network, and not through the proxy: the figures are for
// the operator.
func serveMetrics(h *house, e *bot.Engine, counts map[string]func() map[string]uint64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !fromInside(r) {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		m := &metrics{w: w, written: map[string]bool{}}
		m.ledger(r, h)
		now := h.now()
		for _, c := range e.Status() {
			m.put("gauge", "tanya_channel_up", "1 while the channel works.", oneIf(c.Up), "channel", c.Name)
			m.put("gauge", "tanya_channel_stopped", "1 when the channel will not come back by itself.", oneIf(c.Stopped), "channel", c.Name)
			m.put("gauge", "tanya_channel_last_in_seconds", "Seconds since a message last came in, -1 when none has since the start.", ago(now, c.LastIn), "channel", c.Name)
			m.put("gauge", "tanya_channel_last_out_seconds", "Seconds since a reply last went out, -1 when none has since the start.", ago(now, c.LastOut), "channel", c.Name)
		}
		for _, name := range slices.Sorted(maps.Keys(counts)) {
			of := counts[name]()
			for _, what := range slices.Sorted(maps.Keys(of)) {
				m.put("counter", "tanya_channel_events_total", "What the channel did since the start, by outcome.", float64(of[what]), "channel", name, "outcome", what)
			}
		}
		if h.second != nil {
			of := h.second.Counts()
			for _, what := range slices.Sorted(maps.Keys(of)) {
				m.put("counter", "tanya_second_opinion_total", "Unsure questions for the embeddings endpoint since the start, by what came of them.", float64(of[what]), "outcome", what)
			}
		}
		k := h.knowledge.Load()
		ed := k.Edition
		m.put("gauge", "tanya_edition_refused", "Number of the newest edition when it cannot be used and people are sent to the office, 0 otherwise.", float64(k.Refused))
		m.put("gauge", "tanya_edition", "Number of the edition that is answered from, 0 for the one in the program.", float64(ed.Number))
		m.put("gauge", "tanya_entries", "Answers in that edition.", float64(len(ed.IDs())))
		var mem runtime.MemStats
		runtime.ReadMemStats(&mem)
		m.put("gauge", "go_memstats_heap_inuse_bytes", "Heap in use.", float64(mem.HeapInuse))
		m.put("gauge", "go_goroutines", "Goroutines.", float64(runtime.NumGoroutine()))
		m.put("gauge", "tanya_build_info", "1, with what was built.", 1, "revision", revision(), "go", runtime.Version())
	}
}

// ledger writes what the ledger counts.
func (m *metrics) ledger(r *http.Request, h *house) {
	st, err := h.store.Stats(r.Context())
	m.put("gauge", "tanya_ledger_up", "1 while the ledger can be read.", oneIf(err == nil))
	if err != nil {
		return
	}
	for _, o := range slices.Sorted(maps.Keys(st.Outcomes)) {
		m.put("counter", "tanya_questions_total", "Questions since the beginning, by what came of them.", float64(st.Outcomes[o]), "outcome", string(o))
	}
	oldest := 0.0
	if !st.Oldest.IsZero() {
		oldest = max(0, h.now().Sub(st.Oldest).Seconds())
	}
	m.put("gauge", "tanya_inbox_waiting", "Messages that wait to be answered.", float64(st.Waiting))
	m.put("gauge", "tanya_inbox_oldest_seconds", "Age of the oldest of them.", oldest)
	m.put("gauge", "tanya_outbox_waiting", "Replies that wait or are being sent.", float64(st.Outbox))
	m.put("gauge", "tanya_outbox_dead", "Replies of the last days that could not be delivered.", float64(st.Dead))
	m.put("gauge", "tanya_sessions", "Conversations that are remembered.", float64(st.Sessions))
	m.put("gauge", "tanya_callbacks_waiting", "People who wait to be told.", float64(st.Callbacks))
	m.put("gauge", "tanya_reviews_waiting", "Questions that staff have not looked at.", float64(st.Reviews))
	m.put("counter", "tanya_messages_broken_total", "Messages that could not be read.", float64(st.Broken))
	m.put("counter", "tanya_askers_uncounted_total", "Questions whose asker could not be counted.", float64(st.Uncounted))
	m.put("gauge", "tanya_database_bytes", "Size of the database.", float64(st.Bytes))
}

func oneIf(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func ago(now, then time.Time) float64 {
	if then.IsZero() {
		return -1
	}
	return max(0, now.Sub(then).Seconds())
}

// fromInside reports whether a request came straight from this machine or its own network.
func fromInside(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "" {
		return false
	}
	a := peer.Addr().Unmap()
	return a.IsLoopback() || a.IsPrivate()
}
