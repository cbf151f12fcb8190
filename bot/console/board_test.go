package console

import (
	"context"
	"strings"
	"testing"
	"time"

	"tanya/bot"
)

// groups lists, by question, in which group the page of questions has it now.
func (o *office) groups() map[int64]int64 {
	o.t.Helper()
	out := map[int64]int64{}
	must(o.t, o.c.board.open(context.Background(), *o.knowledge.Load(), func() error {
		for _, g := range o.c.board.grouper.Groups() {
			for _, m := range g.Members {
				out[m] = g.ID
			}
		}
		return nil
	}))
	return out
}

func (o *office) stand(want map[int64]int64, when string) {
	o.t.Helper()
	got := o.groups()
	for id, at := range want {
		if got[id] != at {
			o.t.Errorf("%s: question %d stands in group %d, want %d", when, id, got[id], at)
		}
	}
	if len(got) != len(want) {
		o.t.Errorf("%s: %d questions on the board, want %d", when, len(got), len(want))
	}
}

// TestGroupsStay holds that a group is the same after a restart, under another edition, and when the question that gave
// it its name is gone; a page that is opened by the old name shows it.
func TestGroupsStay(t *testing.T) {
	o, ani, _ := team(t)
	o.unanswered(1, "apakah di tps ada tempat parkir becak", false)
	o.unanswered(2, "min boleh bawa anak kecil ke bilik suara?", false)
	o.clock.add(24 * time.Hour)
	o.unanswered(3, "parkir becak di tps sebelah mana ya", false)
	o.unanswered(4, "becak saya parkir di mana kalau ke tps", false)
	ani.signIn()
	if a := ani.post("/pertanyaan/kelompok", "soal", "4", "tindakan", "gabung", "ke", "2"); a.status != 200 {
		t.Fatalf("merge: %d %s", a.status, sentenceOf(a))
	}
	want := map[int64]int64{1: 1, 2: 2, 3: 1, 4: 2} // 4 where a person put it, the others where the program did
	o.stand(want, "before")
	must(t, o.c.group(t.Context()))

	o.c.board = newBoard(o.desk)
	o.stand(want, "after a restart")
	o.reword("jam-tps", "buka pukul", "melayani pukul")
	o.stand(want, "under another edition")
	o.c.board = newBoard(o.desk)
	o.stand(want, "under another edition, after a restart")

	o.clock.add(bot.TextLife - 23*time.Hour) // the texts of the first day are gone
	_, err := o.store.Sweep(t.Context(), o.clock.now())
	must(t, err)
	o.c.board = newBoard(o.desk)
	delete(want, 1)
	delete(want, 2)
	o.stand(want, "without the oldest")
	ani.signIn()
	list := ani.get("/pertanyaan")
	for _, at := range []string{"/pertanyaan/1", "/pertanyaan/2"} {
		if !strings.Contains(list.body, `href="`+root+at+`"`) {
			t.Errorf("the list does not lead to %s", at)
		}
		if a := ani.get(at); a.status != 200 || !strings.Contains(a.body, "becak") {
			t.Errorf("%s: %d %s", at, a.status, sentenceOf(a))
		}
	}
}

// TestSplitAndMerge moves questions between groups by every button of the page, also the one that a group is named after.
func TestSplitAndMerge(t *testing.T) {
	o, ani, _ := team(t)
	for i, s := range []string{"apakah di tps ada tempat parkir becak", "parkir becak di tps sebelah mana ya", "becak saya parkir di mana kalau ke tps", "min boleh bawa anak kecil ke bilik suara?"} {
		o.unanswered(i+1, s, false)
	}
	for _, step := range []struct {
		name string
		form []string
		code int
		want map[int64]int64
	}{
		{"one leaves", []string{"tindakan", "pisah", "soal", "3"}, 200, map[int64]int64{1: 1, 2: 1, 3: 3, 4: 4}},
		{"it is taken in again", []string{"tindakan", "satukan", "kelompok", "1", "soal", "1", "soal", "2", "soal", "3"}, 200, map[int64]int64{1: 1, 2: 1, 3: 1, 4: 4}},
		{"the one that gave the name leaves", []string{"tindakan", "pisah", "soal", "1"}, 200, map[int64]int64{1: 1, 2: 2, 3: 2, 4: 4}},
		{"back together under the other name", []string{"tindakan", "gabung", "ke", "2", "soal", "1"}, 200, map[int64]int64{1: 2, 2: 2, 3: 2, 4: 4}},
		{"two leave, one of them gave the name", []string{"tindakan", "pisah", "soal", "1", "soal", "2"}, 200, map[int64]int64{1: 1, 2: 1, 3: 2, 4: 4}},
		{"two of different groups", []string{"tindakan", "pisah", "soal", "3", "soal", "4"}, 200, map[int64]int64{1: 1, 2: 1, 3: 3, 4: 3}},
		{"all of a group", []string{"tindakan", "pisah", "soal", "3", "soal", "4"}, 409, map[int64]int64{1: 1, 2: 1, 3: 3, 4: 3}},
		{"nothing ticked", []string{"tindakan", "pisah"}, 422, map[int64]int64{1: 1, 2: 1, 3: 3, 4: 3}},
	} {
		if a := ani.post("/pertanyaan/kelompok", step.form...); a.status != step.code {
			t.Errorf("%s: %d %s", step.name, a.status, sentenceOf(a))
		}
		o.stand(step.want, step.name)
	}
}

// TestSuggestionsAreDecidedAtOnce ticks questions that stand elsewhere on the page of a group and attaches all at once.
func TestSuggestionsAreDecidedAtOnce(t *testing.T) {
	o, ani, _ := team(t)
	for i, s := range []string{"apakah di tps ada tempat parkir becak", "parkir becak di tps sebelah mana ya", "min boleh bawa anak kecil ke bilik suara?", "titip becak di mana", "titip becak di mana"} {
		o.unanswered(i+1, s, false)
	}
	if a := ani.post("/pertanyaan/kelompok", "soal", "4", "soal", "5", "tindakan", "pisah"); a.status != 200 && a.status != 409 {
		t.Fatalf("split: %d %s", a.status, sentenceOf(a))
	}
	page := ani.get("/pertanyaan/1")
	if !strings.Contains(page.body, "Mungkin menanyakan hal yang sama") || !strings.Contains(page.body, `value="4,5"><span lang="id">titip becak di mana</span>`) || !strings.Contains(page.body, "2 kali") {
		t.Fatalf("what is alike is not offered: %s", sentenceOf(page))
	}
	if i, j := strings.Index(page.body, "titip becak"), strings.Index(page.body, "anak kecil"); j >= 0 && j < i {
		t.Error("what is more alike stands further down")
	}
	if a := ani.post("/pertanyaan/kaitkan", "soal", "1", "soal", "2", "soal", "4,5", "jawaban", "kontak-kpu"); a.status != 200 {
		t.Fatalf("attach: %d %s", a.status, sentenceOf(a))
	}
	links, err := o.desk.Links(t.Context())
	must(t, err)
	for _, id := range []int64{1, 2, 4, 5} {
		if links[id] != "kontak-kpu" {
			t.Errorf("question %d is not attached", id)
		}
	}
	if len(links) != 4 {
		t.Errorf("%d questions are attached", len(links))
	}
}

// TestPlacingIsShown holds that a page does not wait for a long grouping but says how far it is, and comes back by itself.
func TestPlacingIsShown(t *testing.T) {
	o, ani, _ := team(t)
	o.unanswered(1, "apakah di tps ada tempat parkir becak", false)
	o.c.board.turn <- struct{}{} // somebody is at it
	o.c.board.placed.Store(1200)
	o.c.board.all.Store(20000)
	for _, path := range []string{"/pertanyaan", "/pertanyaan/1"} {
		began := time.Now()
		a := ani.get(path)
		if a.status != 200 || !strings.Contains(a.body, "1.200 dari 20.000") || !strings.Contains(a.body, "data-tunggu") {
			t.Errorf("%s: %d %s", path, a.status, sentenceOf(a))
		}
		if took := time.Since(began); took > boardPatience+5*time.Second {
			t.Errorf("%s waited %v", path, took)
		}
	}
	<-o.c.board.turn
	if a := ani.get("/pertanyaan"); !strings.Contains(a.body, "becak") {
		t.Errorf("afterwards: %s", sentenceOf(a))
	}
}
