package console

import (
	"strings"
	"testing"

	"tanya/bot"
	"tanya/bot/bottest"
)

// TestSessionEnd is property A9: a session that is about to end says so at least two minutes before and goes on with one
// key; what was written is there again after the session has ended.
func TestSessionEnd(t *testing.T) {
	b := bottest.StartBrowser(t)
	o, ani, _ := team(t)
	s := ani.sit(b, bottest.Look{Width: 1280, Height: 800})
	o.clock.add(bot.StaffIdle / 2)
	s.at("/jawaban-baru")
	if got := bottest.Value[int](s.Page, "Number(document.body.dataset.sisa)"); got < 7100 || got > 7200 {
		t.Fatalf("the page knows of %d seconds", got)
	}
	s.tab(`el.id === "tanya-id"`)
	s.Type("Apakah becak boleh parkir?")
	s.Run(`document.body.dataset.sisa = "178"`) // as if nothing had been done for long
	s.Wait(`document.querySelector(".batas button")`)
	s.Axe("a session that ends")
	s.tab(`el.closest(".batas") !== null`)
	s.Type("\r")
	s.Wait(`!document.querySelector(".batas")`)

	if left := bottest.Value[int](s.Page, "Number(document.body.dataset.sisa)"); left < 7100 {
		t.Errorf("going on gave %d seconds", left)
	}
	o.clock.add(bot.StaffIdle)
	s.Run(`document.getElementById("tulis").noValidate = true; document.getElementById("tulis").requestSubmit()`)
	s.says("Sesi Anda sudah berakhir")
	back := *ani
	back.signIn()
	s.at("/masuk")
	s.Wait(`document.activeElement.id === "nama"`)
	s.Type(ani.login + "\t" + ani.password + "\t" + ani.code() + "\r")
	s.says("Ringkasan")
	s.at("/jawaban-baru")
	s.press("Kembalikan tulisan")
	if got := bottest.Value[string](s.Page, `document.getElementById("tanya-id").value`); got != "Apakah becak boleh parkir?" {
		t.Errorf("of what was written is left %q", got)
	}
	for _, c := range s.Complaints() {
		if !strings.Contains(c, "403") && !strings.Contains(c, "beforeunload") {
			t.Errorf("the browser complains: %s", c)
		}
	}
}
