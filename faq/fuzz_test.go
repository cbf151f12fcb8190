package faq

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// FuzzTemplate parses and renders texts of any kind, in every language and on any day.
func FuzzTemplate(f *testing.F) {
	for _, s := range []string{
		"", "TPS buka pukul {jam-buka-tps} WIB ({jam-buka-tps|ucap}).", "{", "}", "{}", "{|}", "{{x}}", "{hari-pemungutan-2024|hitung}",
		"{masa-tenang-2024|hitung-akhir} {masa-kampanye-2024|akhir}", "{jam-buka-tps|kata}", "a{b|c|d}e", "{ hari-pemungutan-2024 | tahun }", "\x00{\xff}",
	} {
		f.Add(s, int64(1732665600))
	}
	ed, _ := Read(Content())
	f.Fuzz(func(t *testing.T, text string, at int64) {
		tpl := parseTemplate(text)
		plain := 0
		for _, p := range tpl {
			plain += len(p.literal)
		}
		if plain > len(text) {
			t.Errorf("%q became longer by parsing", text)
		}
		if !strings.Contains(text, "{") && len(tpl) == 1 && tpl[0].literal != strings.TrimSpace(text) {
			t.Errorf("%q without facts became %q", text, tpl[0].literal)
		}
		for _, l := range Langs() {
			r := rendering{ed: ed, lang: l, at: time.Unix(at%(1<<40), 0)}
			if out, err := r.render(tpl); err == nil && out == "" && strings.TrimSpace(text) != "" && strings.Trim(text, "{}| \t\r\n") != "" {
				t.Logf("%q rendered to nothing", text)
			}
		}
		_ = sentences(text)
		_, _ = ed.instant(text)
	})
}

// FuzzFact reads fact files of any bytes.
func FuzzFact(f *testing.F) {
	f.Add([]byte("- {id: x, kind: date, value: 2024-11-27, checked: 2026-01-01, until: 2030-01-01}"))
	f.Add([]byte("- {id: x, kind: range, value: [2024-11-27], checked: a, until: 1}"))
	f.Add([]byte("- {id: x, kind: time, value: \"7\"}\n- {id: x, kind: number, value: .nan}"))
	f.Add([]byte("- {id: x, kind: text, value: {id: a, jv: [b]}, checked: 2026-01-01, until: 2030-01-01}"))
	f.Add([]byte("- [&a [*a]]"))
	f.Add([]byte("! 000000000000000000")) // the YAML library panics on this
	f.Fuzz(func(_ *testing.T, b []byte) {
		ed, _ := Read(fstest.MapFS{"facts/x.yaml": {Data: b}})
		_ = ed.Lint()
		for _, id := range ed.Facts() {
			fact := ed.Fact(id)
			for _, form := range []string{"", "kata", "hitung", "akhir", "ucap", "singkat", "angka"} {
				_, _ = fact.write(form, Javanese, Date{2024, time.November, 27})
			}
		}
		_ = ed.Boundaries()
	})
}

// FuzzEntry reads entry files of any bytes.
func FuzzEntry(f *testing.F) {
	b, err := Content().Open("entries/jadwal/jam-tps.yaml")
	if err == nil {
		defer func() { _ = b.Close() }()
		whole := make([]byte, 4000)
		n, _ := b.Read(whole)
		f.Add(whole[:n])
	}
	f.Add([]byte("id: x\ntopic: tps\nphases: [{id: a, until: x+1}, {id: b}]\nanswer: {a: {id: \"{\"}}"))
	f.Add([]byte("id: x\ntopic: tps\nanswer: {selalu: {id: a, en: b}}\nmedia: [{kind: picture, name: y}]\nphrasings: {chat: [\"\", \"?\"]}"))
	f.Add([]byte("id: ../x\ntopic: ..\nreview: 0001-01-01"))
	f.Fuzz(func(_ *testing.T, b []byte) {
		ed, _ := Read(fstest.MapFS{"entries/tps/x.yaml": {Data: b}, "pictures/x.yaml": {Data: b}, "rules.yaml": {Data: b}})
		_ = ed.Lint()
		for _, id := range ed.IDs() {
			for _, v := range views(ed.Entry(id)) {
				v.At = sweepFrom
				_, _ = ed.Answer(id, v)
			}
		}
		_ = ed.Calendar(sweepFrom, sweepTo)
	})
}
