package bot

import (
	"io/fs"
	"path"
	"regexp"
	"strings"

	"tanya/faq"
)

// ContentName says what a file of the content holds, as staff know it: an answer by its title. Facts are several in a file;
// which of them a finding is about says Plainly.
func ContentName(ed *faq.Edition, file string) string {
	base := strings.TrimSuffix(path.Base(file), ".yaml")
	switch {
	case file == faq.GoldFile:
		return "Pertanyaan uji"
	case strings.HasPrefix(file, "entries/"):
		return "Jawaban " + entryName(ed, base)
	case strings.HasPrefix(file, "facts/"):
		return "Fakta topik " + base
	case strings.HasPrefix(file, "pictures/"):
		return "Gambar " + strings.ReplaceAll(base, "-", " ")
	}
	return "Berkas " + file
}

// entryName names an answer by its title in quotes, or by its id where it has none.
func entryName(ed *faq.Edition, id string) string {
	if e := ed.Entry(id); e != nil && e.Title[faq.Indonesian] != "" {
		return `"` + e.Title[faq.Indonesian] + `"`
	}
	return id
}

// Plainly writes a finding of the lint for staff: where it is, in their words, then what is wrong. Whoever works on files
// reads the finding as it is.
func Plainly(ed *faq.Edition, p faq.Problem) string {
	where, said := ContentName(ed, p.File), PlainWords(ed, p.Message)
	if strings.HasPrefix(p.File, "facts/") {
		if strings.HasPrefix(said, "Fakta ") {
			return said
		}
		if id := factAt(ed, p); id != "" {
			where = "Fakta " + factWords(id)
		}
	}
	return where + ": " + said
}

// factWords writes the name of a fact as words, as the desk shows it.
func factWords(id string) string { return strings.ReplaceAll(id, "-", " ") }

// factAt finds the fact that stands on the line of a finding, "" when there is none.
func factAt(ed *faq.Edition, p faq.Problem) string {
	b, err := fs.ReadFile(ed.Files(), p.File)
	if err != nil || p.Line == 0 {
		return ""
	}
	id := ""
	for i, line := range strings.Split(string(b), "\n") {
		if i >= p.Line {
			break
		}
		if after, ok := strings.CutPrefix(line, "- id: "); ok {
			id = strings.TrimSpace(after)
		}
	}
	return id
}

// How the lint writes what staff call something else.
var (
	lintEntry = regexp.MustCompile(`\b([Ee])ntri( terkait|) "([a-z0-9-]+)"`)
	lintText  = regexp.MustCompile(`\b([Tt]eks|[Jj]awaban|[Kk]ata) "(id|jv|en|easy)(/[a-z-]+)?"`)
	lintLang  = regexp.MustCompile(`\((id|jv|en)\)`)
	lintPhase = regexp.MustCompile(` masa "([a-z0-9-]+)"`)
	lintSeg   = regexp.MustCompile(`/([a-z-]+)`)
	lintFact  = regexp.MustCompile(` Tulis di facts/[a-z-]+\.yaml atau perbaiki namanya\.`)
	lintHome  = regexp.MustCompile(` sudah ada di facts/[a-z-]+\.yaml\.`)
)

// PlainWords writes the sentence of a finding without the words of files: titles for ids, languages for their letters, and
// for what a file would hold the field or the person.
func PlainWords(ed *faq.Edition, s string) string {
	if strings.HasPrefix(s, `Tanggal tinjau "`+faq.Date{}.String()+`"`) {
		return "Tanggal tinjau belum diisi."
	}
	s = strings.Replace(s, "Id entri ", "Nama pendek ", 1)
	s = lintEntry.ReplaceAllStringFunc(s, func(m string) string {
		part := lintEntry.FindStringSubmatch(m)
		word := "jawaban"
		if part[1] == "E" {
			word = "Jawaban"
		}
		return word + part[2] + " " + entryName(ed, part[3])
	})
	s = lintText.ReplaceAllStringFunc(s, func(m string) string {
		part := lintText.FindStringSubmatch(m)
		out := part[1] + " " + where("", part[2])
		if seg := lintSeg.FindStringSubmatch(part[3]); seg != nil {
			out += " untuk " + strings.ReplaceAll(seg[1], "-", " ")
		}
		return out
	})
	s = lintLang.ReplaceAllStringFunc(s, func(m string) string { return "(" + where("", strings.Trim(m, "()")) + ")" })
	s = lintPhase.ReplaceAllStringFunc(s, func(m string) string {
		if id := lintPhase.FindStringSubmatch(m)[1]; id != faq.Always {
			return " masa " + id
		}
		return ""
	})
	s = lintFact.ReplaceAllString(s, " Pilih dari daftar fakta, atau perbaiki namanya.")
	s = lintHome.ReplaceAllString(s, " sudah ada.")
	return strings.NewReplacer(
		"Entri ditinjau", "Jawaban ditinjau", "entri daftar calon", "jawaban daftar calon", "Hanya entri ", "Hanya jawaban ",
		"ada di daftar situs yang boleh (hosts.yaml). Tambahkan dengan alasan, atau pakai sumber lain.", "ada di daftar situs yang boleh. Pakai sumber lain, atau minta pengurus server menambahkannya.",
		" kepada warga (hosts.yaml)", " kepada warga", " tidak ada di elections.yaml", " tidak dikenal",
		"daftarkan di rules.yaml (mixed) dengan alasan", "minta pengurus server mengecualikannya",
		" yang tidak ada di phases", " yang tidak dikenal", "isi until yang baru", "isi hari berakhir yang baru", "Isi until ", "Isi hari berakhir ",
	).Replace(s)
}
