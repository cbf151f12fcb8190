package console

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tanya/bot"
)

// request is one request of a member of staff, or of somebody at the door.
type request struct {
	*http.Request
	w       http.ResponseWriter
	me      bot.Staff // zero at the door
	session bot.StaffSession
	now     time.Time
	notes   []note // what is wrong with the form that is shown again
	status  int    // of the page that shows it again, 0 for what it usually is
}

// action answers a request or fails. It has written nothing when it fails.
type action func(q *request) error

// bodyMax bounds what a form may send.
const bodyMax = 1 << 20

// text returns a field of the form without blanks around it.
func (q *request) text(name string) string { return strings.TrimSpace(q.PostFormValue(name)) }

// long returns a field of several lines, with the line ends of files.
func (q *request) long(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(q.PostFormValue(name), "\r\n", "\n"))
}

// number returns a number from the path, 0 when it is none.
func (q *request) number(name string) int64 {
	n, _ := strconv.ParseInt(q.PathValue(name), 10, 64)
	return n
}

// numbers returns the numbers of a field that may stand several times.
func (q *request) numbers(name string) []int64 {
	var out []int64
	for _, s := range q.Form[name] {
		for _, part := range strings.Split(s, ",") {
			if n, err := strconv.ParseInt(part, 10, 64); err == nil {
				out = append(out, n)
			}
		}
	}
	return out
}

// next sends the browser to a page of the console. ok names the sentence that is shown there.
func (q *request) next(path, ok string, more ...string) error {
	v := url.Values{}
	if ok != "" {
		v.Set("ok", ok)
	}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	if len(v) > 0 {
		path += "?" + v.Encode()
	}
	http.Redirect(q.w, q.Request, root+path, http.StatusSeeOther)
	return nil
}

// line begins a line of the audit.
func (q *request) line(action, object, detail string) bot.Audit {
	return bot.Audit{At: q.now, Actor: q.me.Login, Action: action, Object: object, Detail: detail}
}

// notices are the sentences that a page shows after something was done, by the name in its address. Only these can be
// shown, so that an address cannot put words into the console's mouth.
var notices = map[string]string{
	"masuk":      "Selamat bekerja.",
	"simpan":     "Tersimpan di konsep edisi berikutnya. Warga belum melihatnya.",
	"status":     "Status diubah.",
	"urung":      "Perubahan diurungkan.",
	"undang":     "Petugas ditambahkan. Berikan tautan di bawah ini langsung kepada orangnya.",
	"petugas":    "Data petugas disimpan.",
	"konfirmasi": "Akun dikonfirmasi.",
	"sesi":       "Sesi diakhiri.",
	"usul":       "Usulan dikirim dan sedang diperiksa.",
	"setuju":     "Disetujui. Edisi terbit sesudah masa tunggu.",
	"batal":      "Dibatalkan.",
	"tarik":      "Jawaban ditarik. Warga tidak menerimanya lagi.",
	"pulih":      "Jawaban dipulihkan.",
	"jeda":       "Saluran dijeda: pesan tetap diterima, balasan ditahan.",
	"lanjut":     "Saluran dinyalakan.",
	"mati":       "Saluran dimatikan: tidak ada pesan yang diterima atau dikirim.",
	"lepas":      "Tautan ponsel dilepas.",
	"buang":      "Perubahan dibuang dari konsep.",
	"kaitkan":    "Pertanyaan dimasukkan sebagai contoh. Terbitkan konsep supaya berlaku.",
	"gabung":     "Kelompok diubah.",
	"sandi":      "Kata sandi diganti. Sesi lain sudah diakhiri.",
	"contoh":     "Contoh acak diambil.",
	"benar":      "Dicatat sebagai pertanyaan uji: jawabannya dijaga tetap benar.",
}
