package main

import (
	"bytes"
	"io"
	"net/http"
	"runtime/trace"
	"time"
)

// Bounds of what the flight recorder keeps.
const (
	traceAge   = 30 * time.Second
	traceBytes = 32 << 20
)

// addTrace keeps the last seconds of the program's work when the operator wants that (TANYA_TRACE=on): how long messages were
// accepted, answered, committed and sent, and what goroutines waited for. `go tool trace` reads it. It holds times and
// names of functions: no text, no address, no number of a person. It is off by default.
func (h *house) addTrace(r *rooms) error {
	if h.cfg.Trace != "on" {
		return nil
	}
	f := trace.NewFlightRecorder(trace.FlightRecorderConfig{MinAge: traceAge, MaxBytes: traceBytes})
	if err := f.Start(); err != nil {
		return err
	}
	r.closers = append(r.closers, func() error { f.Stop(); return nil })
	r.pages["GET /trace"] = serveTrace(f)
	r.notes = append(r.notes, "Jejak         dicatat, 30 detik terakhir: /trace (hanya dari mesin ini dan jaringannya)")
	return nil
}

// serveTrace hands the recorder's last seconds to whoever asks from this machine or its own network, one at a time.
func serveTrace(recorder io.WriterTo) http.HandlerFunc {
	one := make(chan struct{}, 1)
	return func(w http.ResponseWriter, r *http.Request) {
		if !fromInside(r) {
			http.NotFound(w, r)
			return
		}
		select {
		case one <- struct{}{}:
			defer func() { <-one }()
		default:
			http.Error(w, "jejak sedang diambil; coba lagi", http.StatusServiceUnavailable)
			return
		}
		var b bytes.Buffer
		if _, err := recorder.WriteTo(&b); err != nil {
			http.Error(w, "jejak tidak dapat diambil", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Disposition", `attachment; filename="tanya.trace"`)
		_, _ = w.Write(b.Bytes())
	}
}
