// Package kit makes what an activity of voter education is spread with: a poster and a hand-out to print, a picture for a
// telephone's status, the links, a piece of a web page for villages and offices, and the answers as cards. All of it
// carries the activity's code, and nothing on it is a placeholder: a way into the service that is not known is left out
// and said. Every sentence comes from the locales, every question and answer from the edition.
package kit

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/faq/picture"
	"tanya/locales"
)

// File is one file of a kit. Its name is relative, with slashes.
type File struct {
	Name string
	Data []byte
}

// Deps are what a press works with.
type Deps struct {
	Words   *locales.Catalog
	Edition func() *faq.Edition
	Doors   func(context.Context) Doors
	Card    func(entry string, day faq.Date) ([]byte, error) // an answer as a picture; nil leaves cards out
	Now     func() time.Time
	Mock    func(context.Context) (bool, error) // whether the ledger holds simulated data; nil means it does not
}

// Press makes kits. It is safe for concurrent use.
type Press struct {
	deps Deps

	mu    sync.Mutex
	cards map[faq.Date][]File // of the last day asked for; they are the same for every activity
	of    *faq.Edition        // whose cards they are
}

// New makes a press.
func New(deps Deps) *Press { return &Press{deps: deps} }

// Sheets makes what carries an activity's code. What is missing is said in sentences for staff. Without any way into the
// service there is nothing to print: that is Invalid.
func (p *Press) Sheets(ctx context.Context, a bot.Activity, lang faq.Lang) (files []File, missing []string, err error) {
	doors := p.deps.Doors(ctx)
	f, err := p.flyer(ctx, a, doors, lang)
	if err != nil {
		return nil, nil, err
	}
	missing = doors.Missing()
	for _, s := range []struct {
		name string
		draw func(picture.Flyer) (picture.Sheet, error)
	}{{"poster-a4", picture.DrawPoster}, {"selebaran-a5", picture.DrawHandout}, {"status-wa", picture.DrawStatus}} {
		sheet, err := s.draw(f)
		if err != nil {
			return nil, nil, fmt.Errorf("%s of %s: %w", s.name, a.Code, err)
		}
		if sheet.PDF != nil {
			files = append(files, File{s.name + ".pdf", sheet.PDF})
		}
		files = append(files, File{s.name + ".png", sheet.PNG})
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
	}
	if doors.Web != "" {
		snippet := Snippet(doors.Web, a.Code, lang) + "\n"
		if f.Stamp != "" {
			snippet = "<!-- " + f.Stamp + " -->\n" + snippet
		}
		files = append(files, File{"sematan.html", []byte(snippet)})
	}
	return append(files, File{"BACA-SAYA.txt", p.readme(a, doors, missing, lang, f.Stamp != "")}), missing, nil
}

// Cards draws the answers of the topics' menus as pictures. Answers that end too soon, are too long or may not be said
// have none.
func (p *Press) Cards() ([]File, error) {
	if p.deps.Card == nil {
		return nil, nil
	}
	ed := p.deps.Edition()
	day := faq.DateOf(p.deps.Now(), ed.Zone)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of == ed && p.cards[day] != nil {
		return p.cards[day], nil
	}
	var files []File
	for _, topic := range ed.Topics() {
		for _, e := range ed.TopicMenu(topic) {
			if png, err := p.deps.Card(e.ID, day); err == nil {
				files = append(files, File{"kartu/" + e.ID + ".png", png})
			}
		}
	}
	p.cards, p.of = map[faq.Date][]File{day: files}, ed
	return files, nil
}

// flyer writes what a poster says.
func (p *Press) flyer(ctx context.Context, a bot.Activity, doors Doors, lang faq.Lang) (picture.Flyer, error) {
	link := doors.Links(a.Code).First()
	if link == "" {
		return picture.Flyer{}, bot.Errorf(bot.Invalid,
			"Kit perlu paling sedikit satu pintu masuk. Isi TANYA_PUBLIC_URL, tautkan WhatsApp, atau isi TANYA_TELEGRAM_NAME.")
	}
	ed := p.deps.Edition()
	say := func(l faq.Lang, k locales.Key, data map[string]any) string {
		return p.deps.Words.Text(string(l), k, data)
	}
	office := say(lang, locales.ExportOffice, nil)
	second := faq.Javanese
	if lang == faq.Javanese {
		second = faq.Indonesian
	}
	f := picture.Flyer{
		Lang: lang, At: a.Created, Office: office,
		Headline: say(lang, locales.KitHeadline, nil), Second: say(second, locales.KitSecond, nil),
		Call:  say(lang, locales.KitCall, nil),
		Steps: []string{say(lang, locales.KitCamera, nil), say(lang, locales.KitPoint, nil), say(lang, locales.KitAsk, nil)},
		Lead:  say(lang, locales.KitTopics, nil), Typed: say(lang, locales.KitTyped, nil), Open: say(lang, locales.KitOpen, nil),
		Code: say(lang, locales.KitCode, map[string]any{"Code": bot.ShowCode(a.Code)}), Ways: doors.Ways(),
		Event: event(a, lang), Link: link,
		Notes: []string{say(lang, locales.KitSource, map[string]any{"Office": office}), say(lang, locales.KitCareful, nil)},
	}
	for _, t := range ed.Topics() {
		f.Topics = append(f.Topics, say(lang, locales.Key("topic_"+t), nil))
		if menu := ed.TopicMenu(t); len(menu) > 0 {
			f.Questions = append(f.Questions, menu[0].Question.In(lang))
		}
	}
	if p.deps.Mock != nil {
		mock, err := p.deps.Mock(ctx)
		if err != nil {
			return f, err
		}
		if mock {
			f.Stamp = say(lang, locales.KitSimulated, nil)
		}
	}
	return f, nil
}

// event names the activity, its place and its day.
func event(a bot.Activity, lang faq.Lang) []string {
	lines := []string{a.Name}
	var place []string
	if a.Village != "" {
		place = append(place, a.Village)
	}
	if a.District != "" {
		place = append(place, "Kecamatan "+strings.TrimPrefix(a.District, "Kecamatan "))
	}
	if len(place) > 0 {
		lines = append(lines, strings.Join(place, ", "))
	}
	return append(lines, faq.LongDay(a.Date, lang))
}

// Snippet is the line of HTML that puts a button for the chat on another site. It needs no cookie of ours there.
func Snippet(web, code string, lang faq.Lang) string {
	return fmt.Sprintf(`<script src="%s/sematkan.js" data-kode="%s" data-bahasa="%s" async></script>`, strings.TrimRight(web, "/"), code, lang)
}

// readme says what lies in the kit and what to do with it.
func (p *Press) readme(a bot.Activity, doors Doors, missing []string, lang faq.Lang, mock bool) []byte {
	var b bytes.Buffer
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	if mock {
		line("DATA SIMULASI: kit ini contoh dan tidak untuk dibagikan.\n")
	}
	line("%s\n%s", strings.Join(event(a, lang), "\n"), "Kode: "+bot.ShowCode(a.Code))
	line("\nTAUTAN (kode kegiatan sudah ikut di dalamnya)\n")
	l := doors.Links(a.Code)
	for _, t := range [][2]string{{"Web", l.Web}, {"WhatsApp", l.WhatsApp}, {"Telegram", l.Telegram}} {
		if t[1] != "" {
			line("  %-9s %s", t[0], t[1])
		}
	}
	line("  %-9s KODE %s (di saluran mana pun)", "Diketik", bot.ShowCode(a.Code))
	for _, m := range missing {
		line("\n%s", m)
	}
	office := p.deps.Words.Text(string(lang), locales.ExportOffice, nil)
	line("\nPESAN UNTUK GRUP DAN STATUS\n\n%s\n%s", p.deps.Words.Text(string(lang), locales.KitShare, map[string]any{"Office": office}), l.First())
	line("\nISI\n")
	line("  poster-a4      cetak A4, hitam putih atau warna; tempel setinggi mata")
	line("  selebaran-a5   cetak A5, atau dua di satu lembar A4")
	line("  status-wa.png  gambar status WhatsApp; kirim bersama pesan di atas, supaya tautannya dapat ditekan")
	line("  kartu/         jawaban resmi sebagai gambar, untuk dibagikan")
	if doors.Web != "" {
		line("  sematan.html   satu baris untuk situs desa atau OPD. Sebelum dipasang, daftarkan alamat situsnya di TANYA_FRAME_SITES")
	}
	line("\nSebelum mencetak banyak, pindai satu kali dengan ponsel dan kirim satu pertanyaan.")
	return b.Bytes()
}
