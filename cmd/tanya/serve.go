package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"tanya/bot"
	"tanya/bot/console"
	"tanya/bot/webchat"
	"tanya/faq"
)

// stopWithin is how long a graceful stop may take.
const stopWithin = 4 * time.Second

// serve starts everything that is configured and works until it is told to stop.
func (a *app) serve(ctx context.Context, args []string) error {
	f := a.flags("serve")
	cfg := config{}
	cfg.register(f, a.getenv)
	if rest, err := parse(f, args); err != nil {
		return err
	} else if len(rest) > 0 {
		return usagef("tanya serve tidak memakai %q; pengaturan lewat bendera atau lingkungan", rest[0])
	}
	if err := cfg.check(); err != nil {
		return err
	}
	log := a.logger(cfg.LogLevel)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Addr)
	if err != nil {
		return usagef("alamat %s (TANYA_ADDR) tidak dapat dipakai: %v", cfg.Addr, plainNetwork(err))
	}
	defer func() { _ = listener.Close() }()
	h, err := a.build(ctx, cfg, log)
	if err != nil {
		return err
	}
	err = a.open(ctx, h, listener)
	return errors.Join(err, h.Close())
}

// plainNetwork cuts Go's wording down to the reason.
func plainNetwork(err error) string {
	var op *net.OpError
	var sys *os.SyscallError
	switch {
	case errors.As(err, &sys):
		return sys.Err.Error()
	case errors.As(err, &op):
		return op.Err.Error()
	}
	return err.Error()
}

// logger writes structured lines to standard error. They carry no text, address or secret.
func (a *app) logger(level string) *slog.Logger {
	var l slog.Level
	_ = l.UnmarshalText([]byte(level)) // checked with the configuration
	return slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: l}))
}

// open runs the engine and the web server until ctx ends.
func (a *app) open(ctx context.Context, h *house, l net.Listener) error {
	rooms, err := h.rooms(ctx)
	if err != nil {
		return err
	}
	engine := bot.NewEngine(h.store, h.dialogue, rooms.channels, bot.EngineOptions{Switches: h.store, Remind: h.store, Now: h.now, Log: h.log})
	panel := bot.NewPanel(engine, h.store)
	if err := h.addTrace(&rooms); err != nil {
		return err
	}
	rooms.closers = append([]func() error{panel.Close}, rooms.closers...)
	if err := h.addConsole(ctx, &rooms, panel); err != nil {
		return err
	}
	server := &http.Server{
		Handler:           rooms.handler(h, engine),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          slog.NewLogLogger(h.log.Handler(), slog.LevelDebug),
	}
	a.announce(h, l.Addr().String(), rooms)
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			fail(fmt.Errorf("layanan web berhenti: %w", err))
		}
	}()
	go func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		defer cancel()
		if err := server.Shutdown(last); err != nil {
			_ = server.Close()
		}
	}()
	var beside sync.WaitGroup
	for _, f := range rooms.background {
		beside.Go(func() {
			if err := f(ctx); err != nil && ctx.Err() == nil {
				fail(err)
			}
		})
	}
	err = h.run(ctx, engine)
	fail(nil)
	beside.Wait()
	for _, c := range rooms.closers {
		err = errors.Join(err, c())
	}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

// announce tells the operator, in words, what was started and what could be.
func (a *app) announce(h *house, addr string, r rooms) {
	fmt.Fprintf(a.stderr, "Tanya siap. %d jawaban, edisi %s.\n\n", len(h.edition.IDs()), edition(h))
	here := localURL(addr)
	fmt.Fprintf(a.stderr, "  Obrolan web   %s/\n", here)
	fmt.Fprintf(a.stderr, "  Data          %s\n", h.cfg.Data)
	for _, line := range r.notes {
		fmt.Fprintf(a.stderr, "  %s\n", line)
	}
	fmt.Fprint(a.stderr, "\nBerhenti: Ctrl-C. Keadaan: tanya doctor, atau "+here+"/healthz\n\n")
}

// localURL is where a browser on this machine finds what listens on addr. One that listens on every address, as in a
// container, is found under localhost: no browser should have to know what 0.0.0.0 or [::] means.
func localURL(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "http://" + addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

func edition(h *house) string { return editionName(h.knowledge.Load().Edition) }

// editionName tells one edition from another in a few letters.
func editionName(ed *faq.Edition) string {
	if ed.Number == 0 {
		return "bawaan (" + ed.Hash[:8] + ")"
	}
	return fmt.Sprintf("%d (%s)", ed.Number, ed.Hash[:8])
}

// health is the body of /healthz.
type health struct {
	Status   string              `json:"status"` // "ok" or "trouble"
	Edition  string              `json:"edition"`
	Entries  int                 `json:"entries"`
	Channels []bot.ChannelStatus `json:"channels"`
	Inbox    int64               `json:"inbox_waiting"`
	Outbox   int64               `json:"outbox_waiting"`
	Dead     int64               `json:"outbox_dead"`
	Trouble  string              `json:"trouble,omitempty"`
}

// refusedWords says that an edition is not used.
func refusedWords(n int64) string {
	return fmt.Sprintf("edisi %d tidak dipakai karena tidak cocok dengan tanda tangannya atau tidak lolos pemeriksaan; warga hanya menerima kontak kantor", n)
}

// healthz says whether the service works. It answers 503 when the ledger cannot be reached.
func healthz(h *house, e *bot.Engine) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out := health{Status: "ok", Edition: edition(h), Entries: len(h.edition.IDs()), Channels: e.Status()}
		code := http.StatusOK
		stats, err := h.store.Stats(r.Context())
		if n := h.knowledge.Load().Refused; n > 0 {
			out.Status, out.Trouble = "trouble", refusedWords(n)
		}
		if err != nil {
			out.Status, out.Trouble, code = "trouble", "basis data tidak dapat dibaca", http.StatusServiceUnavailable
		}
		out.Inbox, out.Outbox, out.Dead = int64(stats.Waiting), int64(stats.Outbox), int64(stats.Dead)
		for _, c := range out.Channels {
			if !c.Up && c.Position != bot.Off {
				out.Status = "trouble"
			}
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(code)
		_ = json.NewEncoder(w).Encode(out)
	}
}

// rooms are the channels that are configured and the pages that the web server shows.
type rooms struct {
	background []func(context.Context) error // work that goes on beside the engine, until ctx ends
	channels   []bot.Channel
	pages      map[string]http.Handler             // by pattern
	desk       []console.Extra                     // pages of other rooms at the staff's desk
	roads      map[string]func() string            // how the messages of a channel come, for staff
	notes      []string                            // lines for the operator
	closers    []func() error                      // run when the service ends
	counts     map[string]func() map[string]uint64 // what channels count, by channel
}

// rooms makes the channels that the configuration asks for.
func (h *house) rooms(ctx context.Context) (rooms, error) {
	r := rooms{pages: map[string]http.Handler{}, counts: map[string]func() map[string]uint64{}, roads: map[string]func() string{}}
	if err := h.addWebChat(&r); err != nil {
		return r, err
	}
	if h.simulated { // nobody real may come into a made-up season by a real door
		r.notes = append(r.notes, "DATA SIMULASI: saluran Telegram dan WhatsApp tidak dibuka")
	} else if err := h.addPlatforms(ctx, &r); err != nil {
		return r, err
	}
	h.addSecondOpinion(&r)
	h.addKit(&r)
	return r, h.addOutreach(&r)
}

// describe says how the messages of each channel come.
func (r *rooms) describe() map[string]string {
	out := map[string]string{}
	for name, say := range r.roads {
		out[name] = say()
	}
	return out
}

// addPlatforms opens the channels of platforms that are configured.
func (h *house) addPlatforms(ctx context.Context, r *rooms) error {
	if err := h.addTelegram(ctx, r); err != nil {
		return err
	}
	if err := h.addWhatsApp(ctx, r); err != nil {
		return err
	}
	return h.addWhatsAppCloud(r)
}

// addWebChat opens the page for citizens at the root.
func (h *house) addWebChat(r *rooms) error {
	proxies, err := h.cfg.proxies()
	if err != nil {
		return err
	}
	office := "KPU Kabupaten Blora"
	if h.simulated {
		office += " (DATA SIMULASI)"
	}
	c, err := webchat.New(webchat.Config{
		Office: office,
		Secure: strings.HasPrefix(h.cfg.PublicURL, "https://"),
		Zone:   faq.Jakarta(),

		FrameAncestors: words(h.cfg.FrameSites),
		Proxies:        proxies,
		Pictures:       true,
	}, webchat.Deps{
		Threads: h.store,
		ChatKey: func(address string) string { return h.keys.Chat("webchat", address) },
		Words:   h.words,
		Renew:   h.dialogue.Renew,
		Topics:  h.dialogue.Topics,
		Privacy: func(l faq.Lang, now time.Time) (bot.Reply, error) { return h.dialogue.Say("privasi-bot", l, now) },
		Now:     h.now,
		Log:     h.log,
	})
	if err != nil {
		return err
	}
	r.channels = append(r.channels, c)
	r.pages["/"] = c.Handler()
	r.pages["GET /gambar/{name}"] = http.HandlerFunc(h.showPicture)
	return nil
}

// handler puts the pages under one roof.
func (r rooms) handler(h *house, e *bot.Engine) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", healthz(h, e))
	mux.HandleFunc("GET /metrics", serveMetrics(h, e, r.counts))
	for pattern, page := range r.pages {
		mux.Handle(pattern, page)
	}
	return mux
}
