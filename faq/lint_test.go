package faq

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
)

// copied returns the real content as a map, for one fault to be put into.
func copied(t testing.TB) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	err := fs.WalkDir(Content(), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(Content(), p)
		m[p] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The entry, facts and picture that the faults below go into.
const (
	hours   = "entries/jadwal/jam-tps.yaml"
	regents = "entries/kpu/calon-bupati-2024.yaml"
	ballots = "entries/tps/surat-suara-sah.yaml"
	general = "facts/umum.yaml"
	stages  = "pictures/tahapan-pilkada-2024.yaml"
)

// fault is one thing wrong in otherwise right content.
type fault struct {
	name   string
	file   string
	edit   func(t *testing.T, b []byte) []byte
	rule   string
	says   string // part of the message
	advice bool
}

// at edits the value at a path of a YAML file; list items are named by their id.
func at(path string, change func(old any) any) func(*testing.T, []byte) []byte {
	return func(t *testing.T, b []byte) []byte {
		t.Helper()
		var doc any
		if err := yaml.Unmarshal(b, &doc); err != nil {
			t.Fatal(err)
		}
		doc = edited(t, doc, strings.Split(path, "."), change)
		out, err := yaml.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func edited(t *testing.T, v any, path []string, change func(any) any) any {
	t.Helper()
	if len(path) == 0 {
		return change(v)
	}
	switch v := v.(type) {
	case map[string]any:
		v[path[0]] = edited(t, v[path[0]], path[1:], change)
		return v
	case []any:
		for i, item := range v {
			if m, ok := item.(map[string]any); ok && (m["id"] == path[0] || m["entry"] == path[0]) {
				v[i] = edited(t, item, path[1:], change)
				return v
			}
		}
		v[0] = edited(t, v[0], path, change)
		return v
	}
	t.Fatalf("there is no %v", path)
	return nil
}

// to sets a value.
func to(v any) func(any) any { return func(any) any { return v } }

// plus appends to a text or to a list.
func plus(more any) func(any) any {
	return func(old any) any {
		switch old := old.(type) {
		case string:
			return strings.TrimSpace(old) + "\n\n" + more.(string)
		case []any:
			return append(old, more)
		}
		return more
	}
}

// raw edits the bytes of a file.
func raw(change func(string) string) func(*testing.T, []byte) []byte {
	return func(_ *testing.T, b []byte) []byte { return []byte(change(string(b))) }
}

const text = "answer.sebelum.id"

func faults() []fault {
	long := strings.TrimSpace(strings.Repeat("kata ", 21)) + "."
	return []fault{
		{"a file of no kind", "catatan/lain.yaml", raw(func(string) string { return "a: b" }), "berkas", "tidak dikenal", false},
		{"an entry in another topic's folder", hours, at("topic", to("tps")), "berkas", "seharusnya berada di", false},
		{"an id with capitals", hours, at("id", to("Jam TPS")), "berkas", "huruf kecil", false},
		{"an unknown field", hours, raw(func(s string) string { return s + "\nwarna: merah\n" }), "yaml", "YAML", false},
		{"a field written twice", hours, raw(func(s string) string { return s + "\nowner: Divisi Lain\n" }), "yaml", "YAML", false},
		{"a broken file", hours, raw(func(s string) string { return s + "\n  - [" }), "yaml", "YAML", false},
		{"an entry written twice", "entries/tps/jam-tps.yaml", nil, "ganda", "dua kali", false},
		{"a fact written twice", "facts/kembar.yaml", nil, "ganda", "Satu fakta punya satu rumah", false},
		{"an election written twice", "elections.yaml", raw(func(s string) string { return s + "- {id: pemilu-2024, kind: pemilu, name: {id: x}}\n" }), "ganda", "dua kali", false},
		{"an entry without an owner", hours, at("owner", to("")), "pemilik", "belum punya pemilik", false},
		{"an unknown topic", hours, at("topic", to("cuaca")), "topik", "tidak dikenal", false},
		{"a review date that is none", hours, at("review", to("nanti")), "tinjau", "tidak terbaca", false},
		{"a review after a fact's end", hours, at("review", to("2031-01-01")), "tinjau", "Majukan", false},
		{"a title too long for a menu", hours, at("title.id", to("Jam buka dan jam tutup TPS di Blora")), "judul", "harus 1 sampai 24", false},
		{"a title missing", hours, at("title.jv", to("")), "judul", "harus 1 sampai 24", false},
		{"a question missing", hours, at("question.en", to("")), "pertanyaan", "belum ada", false},
		{"a related entry that is not there", hours, at("related", to([]any{"jam-tutup-toko"})), "terkait", "tidak ada", false},
		{"an entry without a source", hours, at("sources", to([]any{})), "sumber", "belum punya sumber", false},
		{"a source without a title", hours, at("sources.title", to("")), "sumber", "tanpa judul", false},
		{"a source without a link", hours, at("sources.url", to("")), "sumber", "tanpa tautan", false},
		{"a source without a passage", hours, at("sources.passage", to("")), "sumber", "tanpa petikan", false},
		{"a claim graded C", hours, at("sources.grade", to("C")), "mutu", "Hanya A dan B", false},
		{"a fact graded C", general, at("jam-buka-tps.source.grade", to("C")), "mutu", "Hanya A dan B", false},
		{"a source on an unlisted site", hours, at("sources.url", to("https://bit.ly/jam-tps")), "tautan", "hosts.yaml", false},
		{"a source link that is none", hours, at("sources.url", to("jam tps")), "tautan", "tidak terbaca", false},
		{"a link typed in an answer", hours, at(text, plus("Lihat https://kab-blora.kpu.go.id ya.")), "tautan", "fakta jenis link", false},
		{"a link fact on an unlisted site", general, at("laman-kpu-blora.value", to("https://kpu-blora.example.com")), "tautan", "hosts.yaml", false},
		{"an allowed site without a reason", "hosts.yaml", raw(func(s string) string { return s + "- {host: example.com}\n" }), "tautan", "alasan", false},
		{"a fact without a source", general, at("jam-buka-tps.source", to(map[string]any{})), "sumber", "tanpa judul", false},
		{"a fact without an end", general, at("jam-buka-tps.until", to("")), "fakta", "until", false},
		{"a fact that ended before anybody asks", general, at("jam-buka-tps.until", to("2024-05-31")), "akhir", "sudah berakhir", false},
		{"a fact that begins after its end", general, at("uu-1-2026.from", to("2036-01-01")), "akhir", "sesudah akhirnya", false},
		{"a fact of no kind", general, at("jam-buka-tps.kind", to("kira-kira")), "fakta", "jenis", false},
		{"an hour that is none", general, at("jam-buka-tps.value", to("25:99")), "fakta", "tidak terbaca", false},
		{"days in the wrong order", general, at("masa-tenang-2024.value", to([]any{"2024-11-26", "2024-11-24"})), "fakta", "mendahului", false},
		{"the same fact under two names", general, raw(func(s string) string {
			return s + "\n- {id: kampanye-lagi, kind: range, value: [2024-09-25, 2024-11-23], election: pilkada-2024, refs: [V1.11], checked: 2026-11-23, until: 2035-01-01,\n" +
				"   source: {title: KPU, url: \"https://kab-blora.kpu.go.id\", passage: x, grade: A}}\n"
		}), "ganda", "hapus salah satu", true},
		{"a fact of an unknown election", general, at("jam-buka-tps.election", to("pilpres-1999")), "pemilihan", "tidak ada di elections.yaml", false},
		{"an entry of an unknown election", hours, at("election", to("pilpres-1999")), "pemilihan", "tidak ada di elections.yaml", false},
		{"an election with an unknown day", "elections.yaml", at("pemilu-2024.day", to("hari-raya")), "pemilihan", "fakta", false},
		{"an answer that does not name its election", hours, at(text, to("TPS buka pukul {jam-buka-tps} WIB.")), "pemilihan", "tidak menyebut", false},
		{"a fact that is not there", hours, at(text, plus("Jam {jam-makan}.")), "fakta", "tidak ada", false},
		{"a fact in a form that it has not", hours, at(text, plus("Jam {jam-buka-tps|hitung}.")), "fakta", "tidak dapat tayang", false},
		{"an expired fact in an answer", hours, at("answer.sesudah.id", plus("{jadwal-kedaluwarsa}")), "fakta", "tidak dapat tayang", false},
		{"a date typed in an answer", hours, at(text, plus("Datang 27 November.")), "angka", "Jadikan fakta", false},
		{"a month typed in an answer", hours, at(text, plus("Datang akhir November.")), "tanggal", "nama bulan", false},
		{"today typed in a phase of many days", hours, at(text, plus("Datang hari ini.")), "tanggal", "lebih dari sehari", false},
		{"a brace that is not closed", hours, at(text, plus("Jam {jam-buka-tps")), "kurung", "tidak lengkap", false},
		{"a bare yes", hours, at(text, func(old any) any { return "Ya, " + old.(string) }), "pembuka", "ya/tidak", false},
		{"a bare no in English", hours, at("answer.sebelum.en", func(old any) any { return "No. " + old.(string) }), "pembuka", "ya/tidak", false},
		{"a long sentence", hours, at(text, plus(long)), "kalimat", "21 kata", false},
		{"a long easy sentence", hours, at("answer.sebelum.easy", plus("Satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas dua belas.")), "kalimat", "paling banyak 12", false},
		{"an answer too long", hours, at(text, plus(strings.Repeat("Kalimat pendek saja. ", 30))), "panjang", "paling banyak 600", false},
		{"an emoji at the start of a line", hours, at(text, plus("✅ Datang pagi.")), "emoji", "emoji", false},
		{"a language missing", hours, at("answer.sebelum.jv", to("")), "bahasa", "belum punya teks \"jv\"", false},
		{"an unknown segment", hours, at("segments", to(map[string]any{"petani": map[string]any{"sebelum": map[string]any{"id": "x"}}})), "segmen", "tidak dikenal", false},
		{"a phase of the answer that is not in the list", hours, at("answer.lusa", to(map[string]any{"id": "x"})), "masa", "tidak ada di phases", false},
		{"a last phase with an end", hours, at("phases.sesudah.until", to("hari-pemungutan-2024+9")), "masa", "tidak boleh punya akhir", false},
		{"a phase whose end is no day", hours, at("phases.sebelum.until", to("jam-buka-tps")), "masa", "bukan tanggal", false},
		{"phases in the wrong order", hours, at("phases", func(old any) any {
			return append([]any{map[string]any{"id": "dulu", "until": "hari-pemungutan-2024+30"}}, old.([]any)...)
		}), "masa", "berakhir sebelum", false},
		{"a phase written twice", hours, at("phases", func(old any) any { return append(old.([]any), old.([]any)[len(old.([]any))-1]) }), "masa", "dua kali", false},
		{"a candidate's name typed", hours, at(text, plus("Pilih Gunarjo saja.")), "calon", "mengetik nama calon", false},
		{"a candidate in a question", hours, at("question.id", to("Jam berapa Gunarjo datang?")), "calon", "Judul atau pertanyaan", false},
		{"a candidate in another entry", hours, at(text, plus("Calon: {kpu-cabup-1}.")), "calon", "Hanya entri", false},
		{"candidates out of order", regents, at("answer.sebelum.id", plus("{kpu-cabup-2} dan {kpu-cabup-1}")), "calon", "nomor urut resmi", false},
		{"a candidate fact that is not there", "rules.yaml", at("candidates.order", to([]any{"kpu-cagub-9"})), "calon", "tidak ada", false},
		{"Pemilu in an answer on Pilkada", hours, at(text, plus("Pada Pemilu jamnya lain.")), "campur", "Pemilu dan Pilkada", false},
		{"Pilkades in an answer on Pilkada", hours, at(text, plus("Pilkades jamnya lain.")), "campur", "Pilkada dan Pilkades", false},
		{"a permission to mix without a reason", "rules.yaml", at("mixed.pilkades.reason", to("")), "campur", "alasannya", false},
		{"an abbreviation that nobody explains", hours, at(text, plus("Tanya PPDP.")), "istilah", "PPDP", true},
		{"a phrasing of two entries", hours, at("phrasings.chat", plus("surat suara sing sah kuwi sing kepiye")), "contoh", "juga ada di entri", false},
		{"nearly the same phrasing in two entries", hours, at("phrasings.chat", plus("surat suara sing sah kuwi kepiye")), "contoh", "hampir sama", false},
		{"a phrasing without words", hours, at("phrasings.chat", plus("???")), "contoh", "tanpa kata", false},
		{"a phrasing written twice", hours, at("phrasings.chat", func(old any) any { return append(old.([]any), old.([]any)[0]) }), "contoh", "dua kali", true},
		{"phrasings of an unknown kind", hours, at("phrasings.inggris-jawa", to([]any{"x y z"})), "contoh", "tidak dikenal", false},
		{"too few phrasings", hours, at("phrasings", to(map[string]any{"chat": []any{"jam brp ya tpsnya"}})), "contoh", "paling sedikit 12", false},
		{"a picture that is not there", hours, at("media", to([]any{map[string]any{"kind": "picture", "name": "kucing"}})), "gambar", "tidak ada", false},
		{"media of no kind", hours, at("media", to([]any{map[string]any{"kind": "hologram", "name": "kucing"}})), "gambar", "tidak dikenal", false},
		{"a film that a blind person cannot follow", hours, at("media", to([]any{map[string]any{"kind": "video", "name": "kucing"}})), "gambar", "teks pengganti", false},
		{"a film that would be sent unasked", hours, at("media", to([]any{map[string]any{"kind": "video", "name": "x", "alt": map[string]any{"id": "a", "jv": "b", "en": "c"}}})), "gambar", "tautan", false},
		{"a recording on a site that citizens are not sent to", hours, at("media", to([]any{map[string]any{"kind": "audio", "name": "x", "mb": 1, "url": "https://123dok.com/a", "alt": map[string]any{"id": "a", "jv": "b", "en": "c"}}})), "tautan", "tidak boleh ditampilkan", false},
		{"a picture without words for listeners", stages, at("words.selalu.alt", to(map[string]any{"id": "", "jv": "", "en": ""})), "bahasa", "alt", false},
		{"a picture with a date typed", stages, at("words.selalu.lead.id", to("27 orang")), "angka", "Jadikan fakta", false},
		{"a picture with an unknown fact", stages, at("words.selalu.lead.id", to("{kucing}")), "fakta", "tidak ada", false},
		{"a picture without a source", stages, at("sources", to([]any{})), "sumber", "belum punya sumber", false},
		{"a picture with stages out of order", stages, at("stages", func(old any) any { slices.Reverse(old.([]any)); return old }), "masa", "mendahului", false},
		{"a stage without a name", stages, at("stages", plus("uu-1-2026")), "fakta", "bukan fakta tanggal", false},
		{"a quiz statement about no entry", "quiz.yaml", at("ambil-uang.entry", to("kucing")), "kuis", "tidak ada", false},
		{"a quiz statement with a date typed", "quiz.yaml", at("ambil-uang.claim.id", to("Coblosan tanggal 27.")), "angka", "Jadikan fakta", false},
		{"a quiz statement without Javanese", "quiz.yaml", at("ambil-uang.claim.jv", to("")), "bahasa", "belum punya teks", false},
		{"a quiz statement written twice", "quiz.yaml", at("undangan-wajib.id", to("ambil-uang")), "ganda", "nama sendiri", false},
		{"a picture in another file", stages, at("name", to("kucing")), "berkas", "seharusnya berada di", false},
	}
}

// TestLintFindsEveryFault puts one fault at a time into a copy of the real content.
func TestLintFindsEveryFault(t *testing.T) {
	whole := copied(t)
	if _, err := Load(whole); err != nil {
		t.Fatalf("the real content is not clean: %v", err)
	}
	// A few entries are enough, and a hundred times faster. What is said about the missing ones is no finding.
	base := maps.Clone(whole)
	maps.DeleteFunc(base, func(name string, _ *fstest.MapFile) bool {
		return strings.HasPrefix(name, "entries/") && !slices.Contains([]string{hours, regents, ballots}, name)
	})
	// What some faults need: an abbreviation to explain, and a fact that ends within the window.
	base["rules.yaml"] = &fstest.MapFile{Data: append(slices.Clone(whole["rules.yaml"].Data), []byte("  - {term: PPDP, explain: [petugas pemutakhiran]}\n")...)}
	base["facts/uji.yaml"] = &fstest.MapFile{Data: []byte(`- {id: jadwal-kedaluwarsa, kind: text, value: {id: Sampai di sini.}, checked: 2026-01-01, until: 2026-02-01,
   source: {title: KPU, url: "https://kab-blora.kpu.go.id", passage: x, grade: A}}` + "\n")}
	ed, problems := Read(base)
	known := map[string]bool{}
	for _, p := range append(problems, ed.Lint()...) {
		known[p.File+p.Message] = true
	}
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			files := maps.Clone(base)
			files[f.file] = &fstest.MapFile{Data: f.data(t, base)}
			ed, problems := Read(files)
			problems = append(problems, ed.Lint()...)
			for _, p := range problems {
				if !known[p.File+p.Message] && p.Rule == f.rule && strings.Contains(p.Message, f.says) && p.Advice == f.advice && p.File != "" {
					return
				}
			}
			t.Errorf("not found; the lint says %v", fresh(problems, known))
		})
	}
}

// fresh leaves out what is known.
func fresh(problems []Problem, known map[string]bool) []Problem {
	return slices.DeleteFunc(problems, func(p Problem) bool { return known[p.File+p.Message] })
}

// data is the file with the fault in it.
func (f fault) data(t *testing.T, base fstest.MapFS) []byte {
	t.Helper()
	switch {
	case f.edit == nil && strings.HasPrefix(f.file, "facts/"):
		return base[general].Data
	case f.edit == nil:
		return base[hours].Data
	case base[f.file] == nil:
		return f.edit(t, nil)
	}
	return f.edit(t, base[f.file].Data)
}

// TestEveryRuleHasItsFault keeps the table above complete: it reads the rules that the lint's own code names.
func TestEveryRuleHasItsFault(t *testing.T) {
	have := map[string]bool{}
	for _, f := range faults() {
		have[f.rule] = true
	}
	for _, rule := range rulesInCode(t) {
		if !have[rule] {
			t.Errorf("no fault shows that the rule %q is kept", rule)
		}
	}
}

// rulesInCode reads the names of the rules from the calls that report problems.
func rulesInCode(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`l\.(?:add|advise|once|problem)\([^"]*(?:"[^"]*"[^"]*)??, "([a-z]+)", `)
	found := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(b), -1) {
			found[m[1]] = true
		}
	}
	if len(found) < 20 {
		t.Fatalf("only %d rules found in the code", len(found))
	}
	return slices.Sorted(maps.Keys(found))
}
