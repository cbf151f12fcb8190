package webchat

import (
	"testing"

	"tanya/bot/bottest"
)

// TestLooks visits every page in every state, light and dark, narrow and wide, and with text twice as large. A picture
// of each is kept when TANYA_SHOTS names a folder.
func TestLooks(t *testing.T) {
	b := bottest.StartBrowser(t)
	for _, look := range []struct {
		name string
		bottest.Look
	}{
		{"phone", bottest.Look{Width: 390, Height: 844}},
		{"phone-dark", bottest.Look{Width: 390, Height: 844, Dark: true}},
		{"small", bottest.Look{Width: 320, Height: 568}},
		{"desk", bottest.Look{Width: 1280, Height: 800}},
		{"desk-dark", bottest.Look{Width: 1280, Height: 800, Dark: true}},
		{"large-text", bottest.Look{Width: 390, Height: 844, Text: 200}},
	} {
		t.Run(look.name, func(t *testing.T) {
			h := open(t, nil)
			p := b.Page(t, look.Look)
			check := func(state string) {
				t.Helper()
				for _, f := range p.Axe(look.name + " " + state) {
					t.Logf("axe could not decide in %s: %s %v", state, f.ID, f.Nodes)
				}
				if wide := bottest.Value[int](p, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
					t.Errorf("%s: the page is %d px wider than the window", state, wide)
				}
				p.Shot(look.name+"-"+state, false)
				p.Shot(look.name+"-"+state+"-whole", true)
			}
			p.Go(h.server.URL + "/?kode=K7Q2M")
			check("empty")

			p.Click("#teks")
			p.Type("min tps buka jam brp?\r")
			p.Wait(`document.querySelector("[data-id]")`)
			check("answer")

			h.fail(errTest, nil)
			p.Click("#teks")
			p.Type("kalau telat masih boleh?\r")
			p.Wait(`document.querySelector(".kabar")`)
			check("trouble")
			h.fail(nil, nil)

			p.Go(h.server.URL + "/privasi")
			check("privacy")
			p.Go(h.server.URL + "/tidak-ada")
			check("missing")
		})
	}
}
