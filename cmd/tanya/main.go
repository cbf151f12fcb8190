// Command tanya is an election office's answering service: one binary that serves citizens on a web page, on
// Telegram and on WhatsApp, and staff in their browser. This package reads flags and environment, puts the parts
// together and turns errors into exit codes; it is the only place where the rooms meet.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

// Exit codes. Scripts rely on them.
const (
	exitOK     = 0
	exitFailed = 1 // something went wrong while working
	exitUsage  = 2 // the call or the configuration is wrong
	exitFound  = 3 // a check found something
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, clock: time.Now}
	code := a.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// app is the program with its surroundings handed in, so that a test can run it.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	getenv func(string) string
	clock  func() time.Time
}

// command is one word of the command line.
type command struct {
	name  string
	args  string // how its arguments are written
	short string // one line for the help
	run   func(*app, context.Context, []string) error
}

// commands lists the program's commands in the order of its help.
func commands() []command {
	return []command{
		{"serve", "", "jalankan layanan: obrolan web dan semua yang diatur", (*app).serve},
		{"chat", "", "bercakap-cakap di terminal", (*app).chat},
		{"ask", "[--json|--jsonl] [--at T] [--lang L] PERTANYAAN", "jawab satu pertanyaan, tanpa catatan", (*app).ask},
		{"eval", "intents|questions|compare|curves", "ukur pencocok pertanyaan", (*app).eval},
		{"faq", "lint|list|show ID|calendar|export|import", "periksa, lihat, bawa keluar, dan masukkan isi ke konsep", (*app).faq},
		{"whatsapp", "pair [--phone N]|status|unpair", "tautkan nomor WhatsApp kantor", (*app).whatsapp},
		{"channel", "list|on|pause|off NAMA [--why ALASAN]", "jeda, matikan, atau nyalakan satu saluran, juga sambil layanan berjalan", (*app).channel},
		{"doctor", "", "apa yang diatur, terjangkau, dan kurang", (*app).doctor},
		{"activity", "add NAMA|list", "kegiatan sosialisasi, kode dan tautannya", (*app).activity},
		{"report", "[--month 2026-11] [--activity KODE] [--format F] [-o BERKAS]", "laporan sosialisasi: pdf, xlsx, csv, json, text", (*app).report},
		{"kit", "KODE|--csv desa.csv [-o FOLDER]", "poster, selebaran, tautan, dan kartu untuk kegiatan", (*app).kit},
		{"backup", "[--out FOLDER] [--keep N]", "cadangkan semua ke satu berkas tersegel, sambil layanan berjalan", (*app).backup},
		{"verify", "BERKAS", "buktikan bahwa cadangan dapat dipulihkan dan menjawab", (*app).verify},
		{"restore", "BERKAS [--data FOLDER]", "pulihkan dari cadangan ke folder kosong", (*app).restore},
		{"migrate", "--to postgres://...", "pindahkan basis data SQLite ke PostgreSQL", (*app).migrate},
		{"demo", "[-o FOLDER]", "isi folder baru dengan satu musim simulasi, untuk melihat laporan", (*app).demo},
		{"simulate", "[--target URL] [--for LAMA]", "kirimi layanan di mesin ini orang banyak, dan hitung dari luar", (*app).simulate},
		{"version", "", "versi program dan isi", (*app).version},
		{"audit", "verify", "periksa keutuhan catatan petugas", (*app).audit},
		{"staff", "list|confirm NAMA", "petugas konsol; konfirmasi akun dari server", (*app).staff},
		{"redact", "< berkas", "hapus data pribadi dari teks", (*app).redact},
	}
}

// errUsage is a wrong call; its message says what to do.
type errUsage struct{ msg string }

func (e *errUsage) Error() string { return e.msg }

func usagef(format string, args ...any) error { return &errUsage{fmt.Sprintf(format, args...)} }

// errFound says that a check found something; the findings are already printed.
var errFound = errors.New("ada temuan")

// run executes the command line and returns the exit code.
func (a *app) run(ctx context.Context, args []string) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		a.help(a.stdout)
		return exitOK
	}
	for _, c := range commands() {
		if c.name == args[0] {
			err := c.run(a, ctx, args[1:])
			if ctx.Err() != nil && errors.Is(err, context.Canceled) {
				err = nil // told to stop, and stopped
			}
			return a.exit(err)
		}
	}
	fmt.Fprintf(a.stderr, "tanya: perintah %q tidak dikenal. Lihat: tanya help\n", args[0])
	return exitUsage
}

// exit prints the error for the operator and returns its code.
func (a *app) exit(err error) int {
	var usage *errUsage
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp): // who asked for help has been given it
		return exitOK
	case errors.Is(err, errFound):
		return exitFound
	case errors.As(err, &usage):
		fmt.Fprintf(a.stderr, "tanya: %s\n", usage.msg)
		return exitUsage
	default:
		fmt.Fprintf(a.stderr, "tanya: %v\n", err)
		return exitFailed
	}
}

func (a *app) help(w io.Writer) {
	fmt.Fprint(w, "Tanya menjawab pertanyaan warga tentang pemilihan, dengan jawaban resmi kantor.\n\nPerintah:\n")
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, c := range commands() {
		fmt.Fprintf(tw, "  %s\t%s\n", strings.TrimSpace("tanya "+c.name+" "+c.args), c.short)
	}
	tw.Flush()
	fmt.Fprint(w, "\nPengaturan lewat lingkungan (atau bendera bernama sama): lihat README.md.\n")
}
