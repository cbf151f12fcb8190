package faq

import (
	"reflect"
	"testing"
	"testing/fstest"
)

// TestWriteEntry holds that writing an entry and reading it again changes nothing, for all the content there is.
func TestWriteEntry(t *testing.T) {
	files, err := ReadFiles(Content())
	if err != nil {
		t.Fatal(err)
	}
	before, problems := Read(files)
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	over := map[string]string{}
	for _, id := range before.IDs() {
		over[before.Entry(id).File] = WriteEntry(before.Entry(id))
	}
	after, problems := Read(files.With(over))
	for _, p := range problems {
		t.Error(p)
	}
	for _, id := range before.IDs() {
		if a, b := before.Entry(id), after.Entry(id); !reflect.DeepEqual(a, b) {
			t.Errorf("%s changes:\n%+v\n%+v", id, a, b)
		}
	}
}

func TestWriteEntryKeepsOddText(t *testing.T) {
	for _, s := range []string{
		`"kutip" dan \ garis`, "- butir", "# bukan komentar", "a: b", "true", "123", "2026-01-01", "  depan", "belakang  ", "{fakta}", "a\tb",
		"baris\n\n  menjorok\nakhir", "<script>alert(1)</script>", "ꦗꦮ", "\u2028", "'", "null", "~", "|", "> x", "%", "@", "`", "&a *b", "? x", "!!str",
	} {
		e := &Entry{
			ID: "a", Topic: "kpu", Owner: s, Review: Date{2027, 1, 1}, Title: Words{"id": s}, Question: Words{}, File: "entries/kpu/a.yaml",
			Phases: []Phase{{ID: Always}}, Answer: map[string]Texts{Always: {"id": s}}, Phrasings: []Phrasing{{s, Indonesian, "chat"}},
		}
		ed, problems := Read(Files{e.File: WriteEntry(e)})
		got := ed.Entry("a")
		if got == nil || len(problems) > 0 {
			t.Errorf("%q: %v\n%s", s, problems, WriteEntry(e))
			continue
		}
		if trim(got.Answer[Always]["id"]) != trim(s) || trim(got.Phrasings[0].Text) != trim(s) || trim(got.Title["id"]) != trim(s) {
			t.Errorf("%q becomes %q, %q, %q\n%s", s, got.Answer[Always]["id"], got.Phrasings[0].Text, got.Title["id"], WriteEntry(e))
		}
	}
}

func trim(s string) string {
	ws := Words{}
	ws["id"] = s
	return words(map[string]string{"id": s})["id"]
}

func TestFiles(t *testing.T) {
	f := Files{"elections.yaml": "a", "entries/kpu/b.yaml": "bb", "entries/tps/c.yaml": "c", GoldFile: "x\ty\tz"}
	if err := fstest.TestFS(f, "elections.yaml", "entries/kpu/b.yaml", "entries/tps/c.yaml", GoldFile); err != nil {
		t.Fatal(err)
	}
	b, err := f.With(map[string]string{"elections.yaml": "", "d.yaml": "d"}).Pack()
	if err != nil {
		t.Fatal(err)
	}
	g, err := Unpack(b)
	if err != nil || g["d.yaml"] != "d" || g["elections.yaml"] != "" || len(g) != 4 {
		t.Errorf("%v %v", g, err)
	}
	for _, bad := range []string{`{"../x.yaml":"a"}`, `{"/x.yaml":"a"}`, `{"a.sh":"a"}`, `[]`, `{`, `{".":"a"}`} {
		if _, err := Unpack([]byte(bad)); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

// TestReplaceFact writes every fact in its place and reads the same facts again.
func TestReplaceFact(t *testing.T) {
	files, err := ReadFiles(Content())
	if err != nil {
		t.Fatal(err)
	}
	before, _ := Read(files)
	next := files.With(nil)
	for _, id := range before.Facts() {
		f := before.Fact(id)
		next[f.File] = ReplaceFact(next[f.File], f)
	}
	after, problems := Read(next)
	for _, p := range problems {
		t.Error(p)
	}
	if len(after.Facts()) != len(before.Facts()) {
		t.Fatalf("%d facts become %d", len(before.Facts()), len(after.Facts()))
	}
	for _, id := range before.Facts() {
		if a, b := before.Fact(id), after.Fact(id); !reflect.DeepEqual(a, b) {
			t.Errorf("%s changes:\n%+v\n%+v", id, a, b)
		}
	}
}
