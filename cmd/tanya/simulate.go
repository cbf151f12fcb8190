package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"tanya/bot"
	"tanya/bot/simulate"
	"tanya/faq"
	"tanya/faq/text"
)

// simulate lets a season's crowd ask a running service, and says what it saw from outside.
func (a *app) simulate(ctx context.Context, args []string) error {
	f := a.flags("simulate")
	target := f.String("target", "http://127.0.0.1:8080", "layanan yang berjalan, di mesin ini; jalankan dengan TANYA_PROXIES=127.0.0.1")
	telegram := f.String("telegram", "", "alamat untuk berperan sebagai server Telegram, misalnya 127.0.0.1:8081; isi TANYA_TELEGRAM_API layanan dengan http://alamat-ini")
	content := f.String("content", "", "folder isi (bawaan: isi di dalam program)")
	rate := f.Float64("rate", 10, "pesan per detik pada hari biasa")
	peak := f.Float64("peak", 50, "kali lipat pada hari pemungutan suara")
	length := f.Duration("for", time.Minute, "lama simulasi")
	patience := f.Duration("patience", time.Minute, "lama menunggu satu balasan sebelum dihitung terlambat")
	seed := f.Uint64("seed", 0, "benih acak; 0 memilih sendiri, supaya orang-orangnya baru")
	pid := f.Int("pid", 0, "nomor proses layanan, untuk mengukur memorinya (Linux)")
	if rest, err := parse(f, args); err != nil {
		return err
	} else if len(rest) > 0 {
		return usagef("tanya simulate tidak memakai %q", rest[0])
	}
	if err := loopback(*target); err != nil {
		return err
	}
	ed, err := loadEdition(*content)
	if err != nil {
		return err
	}
	if *seed == 0 {
		*seed = uint64(a.clock().UnixNano())
	}
	questions, err := seasonQuestions(ctx, ed)
	if err != nil {
		return err
	}
	bar := newProgress(a.stderr, "Simulasi", a.clock)
	s := simulate.Season{
		Doors: map[string]simulate.Door{"web": simulate.NewWeb(strings.TrimSuffix(*target, "/"))}, Share: map[string]float64{"web": 1},
		Questions: questions, Rate: *rate, Peak: *peak, Length: *length, Patience: *patience, Seed: *seed, Now: a.clock, Progress: bar.show,
	}
	if *telegram != "" {
		stop, err := playTelegram(ctx, *telegram, ed, &s, a.clock())
		if err != nil {
			return err
		}
		defer stop()
	}
	memory := watchMemory(ctx, *pid)
	r, err := s.Run(ctx)
	if err != nil {
		return err
	}
	writeSeason(a.stdout, r, memory())
	if r.Lost > 0 || r.Double > 0 || r.Disordered > 0 {
		return errFound
	}
	return nil
}

// loopback refuses to send a crowd to anybody else's machine.
func loopback(target string) error {
	_, rest, ok := strings.Cut(target, "://")
	host, _, _ := strings.Cut(rest, "/")
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	if !ok || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return usagef("simulasi hanya untuk layanan di mesin ini; tulis --target http://127.0.0.1:8080")
	}
	return nil
}

// seasonQuestions are the ways people ask, in every register, about everything that is answered. Only those are used that the
// matcher answers with one entry: of the others nobody outside could say how many replies are right. What is no question by itself
// is left out too: "hapus data saya" erases the replies that the checker counts, and a greeting shares its reply with what follows.
// Of what falls into several sentences one may be declined below the answer, in a second reply.
func seasonQuestions(ctx context.Context, ed *faq.Edition) ([]simulate.Question, error) {
	m, err := trainMatcher(ctx, ed, nil, true)
	if err != nil {
		return nil, err
	}
	var out []simulate.Question
	for _, id := range ed.IDs() {
		for _, p := range ed.Entry(id).Phrasings {
			r, err := m.Match(ctx, faq.Question{Text: p.Text})
			if err != nil {
				return nil, err
			}
			if r.Verdict == faq.Answered && r.Entry == id && bot.StandsAlone(p.Text) && len(text.Split(p.Text)) < 2 {
				out = append(out, simulate.Question{Text: p.Text, Entry: id})
			}
		}
	}
	return out, nil
}

// telegramShare is the part of the traffic that comes by Telegram: its own pace allows about thirty replies a second.
const telegramShare = 0.04

// playTelegram opens a Bot API for the service and sends a part of the crowd there.
func playTelegram(ctx context.Context, addr string, ed *faq.Edition, s *simulate.Season, now time.Time) (stop func(), err error) {
	begins := map[string]string{} // how an answer begins, and its entry
	for _, id := range ed.IDs() {
		for _, l := range []faq.Lang{faq.Indonesian, faq.Javanese, faq.English} {
			if an, err := ed.Answer(id, faq.View{Lang: l, At: now}); err == nil {
				first, _, _ := strings.Cut(an.Text, "\n")
				begins[first] = id
			}
		}
	}
	server := simulate.NewTelegram(func(text string) string {
		first, _, _ := strings.Cut(text, "\n")
		return begins[first]
	})
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, usagef("alamat %s (--telegram) tidak dapat dipakai: %v", addr, plainNetwork(err))
	}
	h := &http.Server{Handler: server, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = h.Serve(l) }() // ends with Close
	s.Doors["telegram"] = server
	s.Share = map[string]float64{"telegram": telegramShare, "web": 1 - telegramShare}
	return func() { _ = h.Close() }, nil
}

// watchMemory looks once a second how much memory a process holds; the function that it returns ends that and says
// the first, the largest and the last figure in MB, all zero when they cannot be read.
func watchMemory(ctx context.Context, pid int) func() [3]int {
	var seen [3]int
	if pid == 0 {
		return func() [3]int { return seen }
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			if mb, err := residentMB(pid); err == nil {
				if seen[0] == 0 {
					seen[0] = mb
				}
				seen[1], seen[2] = max(seen[1], mb), mb
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() [3]int { cancel(); <-done; return seen }
}

// residentMB reads how much memory a process holds.
func residentMB(pid int) (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, ok := strings.Cut(string(text), "VmRSS:")
	fields := strings.Fields(rest)
	if !ok || len(fields) == 0 {
		return 0, errors.New("no VmRSS")
	}
	kb, err := strconv.Atoi(fields[0])
	return kb / 1024, err
}

func writeSeason(w io.Writer, r simulate.Report, memory [3]int) {
	ms := func(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
	line := func(name string, l simulate.Latency) {
		fmt.Fprintf(w, "%-12s tengah %s, 95%% %s, 99%% %s, terlama %s (%d)\n", name, ms(l.P50), ms(l.P95), ms(l.P99), ms(l.Max), l.N)
	}
	fmt.Fprintf(w, "Orang        %d, %d menunggu di gerbang karena terlalu ramai\n", r.People, r.Queued)
	fmt.Fprintf(w, "Pesan        %d diakui dalam %.1f detik, rata-rata %.0f per detik, detik teramai %d\n",
		r.Accepted, r.Asking.Seconds(), float64(r.Accepted)/max(0.001, r.Asking.Seconds()), r.Busiest)
	line("Diakui", r.Accept)
	line("Dibalas", r.Reply)
	if memory[1] > 0 {
		fmt.Fprintf(w, "Memori       awal %d MB, terbanyak %d MB, akhir %d MB\n", memory[0], memory[1], memory[2])
	}
	fmt.Fprintf(w, "Tak terkirim %d\nTerlambat    %d\nHilang       %d\nGanda        %d\nTak urut     %d\n", r.Unsent, r.Late, r.Lost, r.Double, r.Disordered)
	if r.Understood > 0 {
		fmt.Fprintf(w, "Catatan      %d orang dijawab menurut konteks; ditanyakan lagi satu per satu, jawabannya sama\n", r.Understood)
	}
}
