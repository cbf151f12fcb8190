package bot

import "testing"

// TestStandsAlone: what only opens a question or breaks off is none.
func TestStandsAlone(t *testing.T) {
	for in, want := range map[string]bool{"jam berapa tps buka": true, "selamat pagi, mau tanya": false, "kalau": false, "??": false, "menu": false} {
		if StandsAlone(in) != want {
			t.Errorf("StandsAlone(%q) is %v", in, !want)
		}
	}
}

// TestWhatCannotBeTakenBackStandsAlone: whoever asks what /hapus is for must not lose anything by it.
func TestWhatCannotBeTakenBackStandsAlone(t *testing.T) {
	for in, want := range map[string]command{
		"/hapus": cmdErase, "/hapus@tanyabot": cmdErase, "/hapus ": cmdErase, "/hapus!": cmdErase, "hapus data saya dong": cmdErase, "/hapus dong": cmdErase,
		"/hapus itu buat apa": cmdNone, "/hapus itu buat apa?": cmdNone, "/stop gunanya apa": cmdNone, "hapus itu buat apa": cmdNone,
		"/berhenti": cmdStop, "/bahasa jawa": cmdLang, "/menu dong": cmdMenu, "/start k-ABC": cmdStart,
	} {
		if got, _ := readCommand(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
		if StandsAlone(in) != (want == cmdNone) {
			t.Errorf("StandsAlone(%q) is %v", in, StandsAlone(in))
		}
	}
}

// TestVague: what only points at something is no question that the office could answer later.
func TestVague(t *testing.T) {
	for in, want := range map[string]bool{"pokoknya itu lho": true, "sing kae lho": true, "that thing you know": true, "yang tadi itu tps": false, "surat tugas khusus": false, "": false} {
		if vague(in) != want {
			t.Errorf("vague(%q) is %v", in, !want)
		}
	}
}
