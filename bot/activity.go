package bot

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"tanya/faq"
)

// Activity is one act of voter education: a talk at a school, a stall, a broadcast. People come from it to the service by
// its code, and questions are counted under it for ActivityLife.
type Activity struct {
	Code         string // as ActivityCodes makes it
	Name         string // as people know it: it is said to them
	Method       string // one of Methods
	Segments     []faq.Segment
	District     string // kecamatan, "" when none
	Village      string // desa or kelurahan, "" when none
	Date         faq.Date
	Participants int   // from the attendance list, 0 when unknown
	Cost         int64 // in rupiah, 0 when unknown
	Partner      string
	Note         string
	Created      time.Time
	Author       string // login of who entered it, "server" for the command line
}

// ActivityLife is how long questions of a conversation count under the activity that the person came by.
const ActivityLife = 24 * time.Hour

// Methods lists KPU's ways of voter education, direct ones first, by the short name that rows carry.
func Methods() []string {
	return []string{
		"forum-warga", "diskusi", "seminar", "lokakarya", "pelatihan", "ceramah", "simulasi", "gelar-wicara", "budaya-lokal",
		"media-cetak", "radio-tv", "media-daring", "media-sosial", "luar-ruang", "bahan-sosialisasi", "kreatif",
	}
}

// The bounds of what is written about an activity, in characters.
const (
	activityName  = 80
	activityPlace = 60
	activityNote  = 500
)

// Check says what is wrong with an activity: Mistakes, by the fields of the desk's form.
func (a Activity) Check() error {
	var all Mistakes
	wrong := func(field, text string) { all = append(all, Mistake{field, text}) }
	tooLong := func(s string, n int) bool { return len([]rune(s)) > n }
	if strings.TrimSpace(a.Name) == "" || tooLong(a.Name, activityName) {
		wrong("nama", fmt.Sprintf("Nama kegiatan diisi, paling panjang %d huruf.", activityName))
	}
	if !slices.Contains(Methods(), a.Method) {
		wrong("metode", fmt.Sprintf("Metode %q tidak dikenal; pilih salah satu: %s.", a.Method, strings.Join(Methods(), ", ")))
	}
	if a.Date.IsZero() {
		wrong("tanggal", "Tanggal kegiatan diisi, misalnya 2026-11-26.")
	}
	for _, s := range a.Segments {
		if !slices.Contains(faq.AllSegments(), s) {
			wrong("segmen", fmt.Sprintf("Segmen %q tidak dikenal.", s))
		}
	}
	for _, place := range []struct{ field, label, text string }{{"kecamatan", "Kecamatan", a.District}, {"desa", "Desa atau kelurahan", a.Village}, {"mitra", "Mitra", a.Partner}} {
		if tooLong(place.text, activityPlace) {
			wrong(place.field, fmt.Sprintf("%s paling panjang %d huruf.", place.label, activityPlace))
		}
	}
	if a.Participants < 0 {
		wrong("peserta", "Jumlah peserta tidak boleh kurang dari nol.")
	}
	if a.Cost < 0 {
		wrong("biaya", "Biaya tidak boleh kurang dari nol.")
	}
	if tooLong(a.Note, activityNote) {
		wrong("catatan", fmt.Sprintf("Catatan paling panjang %d huruf.", activityNote))
	}
	if len(all) > 0 {
		return all
	}
	return nil
}

// segment is the audience of an activity for exactly one.
func (a Activity) segment() faq.Segment {
	if len(a.Segments) == 1 {
		return a.Segments[0]
	}
	return faq.NoSegment
}

// A code is four letters that number an activity and two that check them. There are no vowels, so that no word looks
// like a code, and nothing that is mistaken for something else in print.
const (
	codeLetters = "BCDFGHJKLMNPRSTVWXZ" // nineteen: a prime, so that every weight but zero can be undone
	codeNumber  = 4
	codeCheck   = 2
	codeBase    = len(codeLetters)
)

// ActivityCodes makes and checks codes with the office's key. Each check letter is a weighted sum whose weights are
// secret and, within a sum, different from each other: one wrong letter or two that changed places are always noticed,
// anything else is taken for a code once in 361 times. It is immutable.
type ActivityCodes struct {
	weight [codeCheck][codeNumber]int // 1 to 18
	base   [codeCheck]int
}

// ActivityCodes derives the codes' weights from the key.
func (k *Keyring) ActivityCodes() (*ActivityCodes, error) {
	b, err := hkdf.Key(sha256.New, k.chat, nil, "tanya activity codes v1", codeCheck*codeBase+codeCheck)
	if err != nil {
		return nil, fmt.Errorf("derive activity codes: %w", err)
	}
	c := &ActivityCodes{}
	for i := range codeCheck {
		weights := make([]int, codeBase-1) // 1 to 18, shuffled by the key
		for j := range weights {
			weights[j] = j + 1
		}
		for j := len(weights) - 1; j > 0; j-- {
			n := int(b[i*codeBase+j]) % (j + 1)
			weights[j], weights[n] = weights[n], weights[j]
		}
		copy(c.weight[i][:], weights)
		c.base[i] = int(b[codeCheck*codeBase+i]) % codeBase
	}
	return c, nil
}

// CodeCount is how many codes there are.
const CodeCount = 19 * 19 * 19 * 19

// Code returns the code of a number below CodeCount.
func (c *ActivityCodes) Code(number int) string {
	var digits [codeNumber]int
	for i := codeNumber - 1; i >= 0; i-- {
		digits[i] = number % codeBase
		number /= codeBase
	}
	var b strings.Builder
	for _, d := range digits {
		b.WriteByte(codeLetters[d])
	}
	for i := range codeCheck {
		b.WriteByte(codeLetters[c.check(i, digits)])
	}
	return b.String()
}

func (c *ActivityCodes) check(i int, digits [codeNumber]int) int {
	sum := c.base[i]
	for j, d := range digits {
		sum += c.weight[i][j] * d
	}
	return sum % codeBase
}

// Read finds a code in what somebody typed or scanned: alone or behind the word "kode", in small letters, with blanks
// or dashes. It reports whether the letters check; whether such an activity exists is another question.
func (c *ActivityCodes) Read(typed string) (code string, ok bool) {
	typed = strings.ToUpper(strings.TrimSpace(typed))
	for _, word := range []string{"KODE", "CODE"} {
		typed = strings.TrimLeft(strings.TrimPrefix(typed, word), " :=")
	}
	typed = strings.NewReplacer(" ", "", "-", "", "\u2010", "", "\u2011", "", "\u2013", "", "\u2014", "", ".", "").Replace(typed)
	if len(typed) != codeNumber+codeCheck {
		return "", false
	}
	var at [codeNumber + codeCheck]int
	for i := range typed {
		if at[i] = strings.IndexByte(codeLetters, typed[i]); at[i] < 0 {
			return "", false
		}
	}
	digits := [codeNumber]int(at[:codeNumber])
	for i := range codeCheck {
		if at[codeNumber+i] != c.check(i, digits) {
			return "", false
		}
	}
	return typed, true
}

// ShowCode writes a code the way it is printed: three letters, a dash, three letters.
func ShowCode(code string) string {
	if len(code) != codeNumber+codeCheck {
		return code
	}
	return code[:3] + "-" + code[3:]
}

// arrive attaches the activity of a code to the conversation. It reports false for a code that nobody knows.
func (t *turn) arrive(typed string) bool {
	if t.k.Codes == nil {
		return false
	}
	code, ok := t.k.Codes.Read(typed)
	if !ok {
		return false
	}
	a, ok := t.k.Activities[code]
	if !ok {
		return false
	}
	t.s.Activity, t.s.ActiveTo = code, t.now.Add(ActivityLife)
	if s := a.segment(); s != faq.NoSegment {
		t.s.Segment, t.s.Asked = s, true
	}
	t.event = a.Name
	return true
}
