package kit

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tanya/bot"
	"tanya/faq"
)

// List is a table of activities as an office keeps it in a spreadsheet.
type List struct {
	Head []string
	Rows []Row
	Bad  []Bad
}

// Row is a line that makes an activity.
type Row struct {
	Line     int // in the file, the heading is 1
	Activity bot.Activity
}

// Bad is a line that makes none.
type Bad struct {
	Line   int
	Fields []string
	Why    string // one sentence
}

// Columns lists the headings of a list. None but those that make an activity whole are needed.
func Columns() []string {
	return []string{"nama", "metode", "tanggal", "segmen", "kecamatan", "desa", "peserta", "biaya", "mitra", "catatan"}
}

// listMax bounds how many lines are read. There are 130,321 codes; a list with more lines than this is a mistake.
const listMax = 10_000

// ReadList reads a table whose columns are separated by commas or, as spreadsheets in Indonesia write it, semicolons. What
// a line leaves out is taken from others; a line without a name is named after its village. A line that is wrong does not
// stop the others. The error is Invalid when the file is no such table at all.
func ReadList(r io.Reader, others bot.Activity) (List, error) {
	in := bufio.NewReader(r)
	if mark, err := in.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3) // just seen
	}
	first, err := in.Peek(in.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return List{}, bot.Errorf(bot.Invalid, "Berkas CSV tidak dapat dibaca: %w", err)
	}
	head, _, _ := bytes.Cut(first, []byte("\n"))
	c := csv.NewReader(in)
	c.FieldsPerRecord, c.LazyQuotes, c.TrimLeadingSpace = -1, true, true
	if bytes.Count(head, []byte(";")) > bytes.Count(head, []byte(",")) {
		c.Comma = ';'
	}
	var l List
	if l.Head, err = c.Read(); err != nil {
		return List{}, bot.Errorf(bot.Invalid, "Berkas CSV kosong atau tidak dapat dibaca. Baris pertama berisi nama kolom: %s.", strings.Join(Columns(), ", "))
	}
	for i, name := range l.Head {
		l.Head[i] = strings.ToLower(strings.TrimSpace(name))
		switch {
		case !slices.Contains(Columns(), l.Head[i]):
			return List{}, bot.Errorf(bot.Invalid, "Kolom %q tidak dikenal. Baris pertama berisi nama kolom: %s.", name, strings.Join(Columns(), ", "))
		case slices.Contains(l.Head[:i], l.Head[i]):
			return List{}, bot.Errorf(bot.Invalid, "Kolom %q ada dua kali.", name)
		}
	}
	seen := map[string]int{}
	for {
		fields, err := c.Read()
		if errors.Is(err, io.EOF) {
			return l, nil
		}
		if err != nil {
			return List{}, bot.Errorf(bot.Invalid, "Berkas CSV tidak dapat dibaca: %w", err)
		}
		line, _ := c.FieldPos(0)
		if strings.TrimSpace(strings.Join(fields, "")) == "" {
			continue
		}
		if len(l.Rows)+len(l.Bad) >= listMax {
			return List{}, bot.Errorf(bot.Invalid, "Daftar lebih panjang dari %d baris; bagi menjadi beberapa berkas.", listMax)
		}
		a, why := l.activity(fields, others)
		if before := seen[Identity(a)]; why == "" && before > 0 {
			why = fmt.Sprintf("Sama dengan baris %d.", before)
		}
		if why != "" {
			l.Bad = append(l.Bad, Bad{line, fields, why})
			continue
		}
		seen[Identity(a)] = line
		l.Rows = append(l.Rows, Row{line, a})
	}
}

// activity reads a line, or says in one sentence what is wrong with it.
func (l List) activity(fields []string, a bot.Activity) (out bot.Activity, why string) {
	if len(fields) > len(l.Head) {
		return a, fmt.Sprintf("Ada %d kolom, seharusnya paling banyak %d. Isi yang memuat pemisah diapit tanda kutip.", len(fields), len(l.Head))
	}
	for i, f := range fields {
		if !utf8.ValidString(f) {
			return a, "Ada huruf yang tidak terbaca; simpan berkas sebagai CSV UTF-8."
		}
		f = strings.Join(strings.Fields(f), " ")
		if f == "" {
			continue
		}
		var err error
		switch l.Head[i] {
		case "nama":
			a.Name = f
		case "metode":
			a.Method = strings.ToLower(strings.ReplaceAll(f, " ", "-"))
		case "tanggal":
			if a.Date, err = readDay(f); err != nil {
				return a, fmt.Sprintf("Tanggal %q tidak terbaca; tulis seperti 2026-11-26.", f)
			}
		case "segmen":
			a.Segments = nil
			for _, s := range strings.FieldsFunc(f, func(r rune) bool { return strings.ContainsRune(" ,;/|+", r) }) {
				a.Segments = append(a.Segments, faq.Segment(strings.ToLower(s)))
			}
		case "kecamatan":
			a.District = f
		case "desa":
			a.Village = f
		case "peserta":
			n, err := readNumber(f)
			if err != nil || n > 1_000_000 {
				return a, fmt.Sprintf("Jumlah peserta %q bukan angka.", f)
			}
			a.Participants = int(n)
		case "biaya":
			if a.Cost, err = readNumber(f); err != nil {
				return a, fmt.Sprintf("Biaya %q bukan angka rupiah.", f)
			}
		case "mitra":
			a.Partner = f
		case "catatan":
			a.Note = f
		}
	}
	if a.Name == "" && a.Village != "" {
		a.Name = "Sosialisasi pemilihan di " + a.Village
	}
	if err := a.Check(); err != nil {
		return a, err.Error()
	}
	return a, ""
}

// readDay reads 2026-11-26, or 26/11/2026 as spreadsheets in Indonesia write it.
func readDay(s string) (faq.Date, error) {
	if part := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '.' }); len(part) == 3 && len(part[2]) == 4 {
		s = fmt.Sprintf("%s-%02s-%02s", part[2], part[1], part[0])
	}
	return faq.ParseDate(s)
}

// readNumber reads a number with or without points between the thousands.
func readNumber(s string) (int64, error) {
	s = strings.TrimSpace(strings.TrimPrefix(strings.ToLower(s), "rp"))
	return strconv.ParseInt(strings.ReplaceAll(s, ".", ""), 10, 64)
}

// Identity tells whether two activities are the same one entered twice.
func Identity(a bot.Activity) string {
	return strings.ToLower(strings.Join([]string{a.Name, a.Method, a.Date.String(), a.District, a.Village}, "\x00"))
}

// Folder names the folder of an activity's kit: what people recognise, then the code that makes it unique.
func Folder(a bot.Activity) string {
	name := a.Village
	if name == "" {
		name = a.Name
	}
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 40 {
			break
		}
	}
	return strings.Trim(b.String()+"-"+a.Code, "-")
}

// Table writes rows as a spreadsheet in Indonesia opens them. A cell that a spreadsheet would take for a formula is made a
// text.
func Table(head []string, rows [][]string) []byte {
	var b bytes.Buffer
	b.WriteString("\xef\xbb\xbf")
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	for _, row := range append([][]string{head}, rows...) {
		safe := make([]string, len(row))
		for i, cell := range row {
			if first, _ := utf8.DecodeRuneInString(cell); cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
				cell = "'" + cell
			}
			safe[i] = cell
		}
		_ = w.Write(safe) // a buffer takes everything
	}
	w.Flush()
	return b.Bytes()
}
