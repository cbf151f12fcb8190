package faq

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Load reads an edition from files and lints it. It fails with a *LintError when the lint finds errors: content
// that could be silently wrong is never served.
func Load(files fs.FS) (*Edition, error) {
	ed, problems := Read(files)
	if err := Refuse(append(problems, ed.Lint()...)); err != nil {
		return nil, err
	}
	return ed, nil
}

// Refuse returns a *LintError when there are problems that are more than advice.
func Refuse(problems []Problem) error {
	if bad := slices.DeleteFunc(slices.Clone(problems), func(p Problem) bool { return p.Advice }); len(bad) > 0 {
		return &LintError{Problems: bad}
	}
	return nil
}

// Read reads what can be read of an edition and says what could not. It does not lint; Load does.
func Read(files fs.FS) (*Edition, []Problem) {
	ed := &Edition{
		Zone: Jakarta(), files: files, entries: map[string]*Entry{}, facts: map[string]*Fact{},
		elections: map[string]*Election{}, hosts: map[string]hostRule{}, pictures: map[string]*Picture{}, templates: map[string]template{},
	}
	l := loader{ed: ed, sum: sha256.New()}
	names, err := contentFiles(files)
	if err != nil {
		l.problem(".", "berkas", "Folder isi tidak dapat dibaca: %v", err)
	}
	for _, name := range names {
		l.file(name)
	}
	ed.Hash = hex.EncodeToString(l.sum.Sum(nil))
	for _, e := range ed.entries {
		ed.ids = append(ed.ids, e.ID)
	}
	sort.Strings(ed.ids)
	for _, id := range ed.ids {
		l.resolve(ed.entries[id].File, ed.entries[id].Phases)
	}
	for _, name := range ed.Pictures() {
		l.resolve(ed.pictures[name].File, ed.pictures[name].Phases)
	}
	return ed, l.problems
}

// Jakarta returns the office's time zone, WIB. It needs no time-zone data: WIB has no summer time.
func Jakarta() *time.Location { return time.FixedZone("WIB", 7*60*60) }

// contentFiles lists the YAML files, sorted, so that the hash does not depend on the file system.
func contentFiles(files fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(files, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() && path.Ext(p) == ".yaml" {
			names = append(names, p)
		}
		return nil
	})
	sort.Strings(names)
	return names, err
}

// loader fills an edition file by file.
type loader struct {
	ed  *Edition
	sum interface {
		Write([]byte) (int, error)
		Sum([]byte) []byte
	}
	problems []Problem
}

func (l *loader) problem(file, rule, format string, args ...any) {
	l.problems = append(l.problems, Problem{File: file, Rule: rule, Message: fmt.Sprintf(format, args...)})
}

// file reads one file by the folder it lies in.
func (l *loader) file(name string) {
	b, err := fs.ReadFile(l.ed.files, name)
	if err != nil {
		l.problem(name, "berkas", "Berkas tidak dapat dibaca: %v", err)
		return
	}
	b = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
	fmt.Fprintf(asWriter{l.sum}, "%s\x00%d\x00", name, len(b))
	_, _ = l.sum.Write(b)
	switch dir, _, _ := strings.Cut(name, "/"); {
	case name == "elections.yaml":
		l.elections(name, b)
	case name == "quiz.yaml":
		l.readQuiz(name, b)
	case name == "hosts.yaml":
		l.hosts(name, b)
	case name == "rules.yaml":
		l.rules(name, b)
	case dir == "pictures":
		l.picture(name, b)
	case dir == "facts":
		l.facts(name, b)
	case dir == "entries":
		l.entry(name, b)
	default:
		l.problem(name, "berkas", "Berkas ini tidak dikenal. Entri ada di entries/<topik>/, fakta di facts/, gambar di pictures/.")
	}
}

// asWriter lets fmt write into a hash.
type asWriter struct {
	w interface{ Write([]byte) (int, error) }
}

func (a asWriter) Write(p []byte) (int, error) { return a.w.Write(p) }

// decode reads YAML strictly: an unknown field is a mistake that would lose content in silence. The YAML library
// panics on a few inputs that nobody writes on purpose; a file that does so is a file that cannot be read.
func (l *loader) decode(name string, b []byte, v any) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			l.problem(name, "yaml", "Berkas tidak dapat dibaca sebagai YAML: %v", r)
			ok = false
		}
	}()
	if err := yaml.UnmarshalWithOptions(b, v, yaml.DisallowUnknownField()); err != nil {
		l.problem(name, "yaml", "Berkas tidak dapat dibaca sebagai YAML: %s", yaml.FormatError(err, false, false))
		return false
	}
	return true
}

func (l *loader) elections(name string, b []byte) {
	var raw []struct {
		ID     string
		Kind   string
		Name   map[string]string
		Day    string
		Begins string
		Ends   string
	}
	if !l.decode(name, b, &raw) {
		return
	}
	for _, r := range raw {
		if l.ed.elections[r.ID] != nil {
			l.problem(name, "ganda", "Pemilihan %q tertulis dua kali.", r.ID)
		}
		l.ed.elections[r.ID] = &Election{ID: r.ID, Kind: r.Kind, Name: words(r.Name), Day: r.Day, Begins: r.Begins, Ends: r.Ends}
	}
}

func (l *loader) hosts(name string, b []byte) {
	var raw []struct {
		Host   string
		Reason string
		Shown  bool
	}
	if !l.decode(name, b, &raw) {
		return
	}
	for _, r := range raw {
		if r.Host == "" || r.Reason == "" {
			l.problem(name, "tautan", "Situs %q harus punya nama dan alasan.", r.Host)
		}
		l.ed.hosts[strings.ToLower(r.Host)] = hostRule{shown: r.Shown}
	}
}

// words turns the keys of a YAML map into languages.
func words(m map[string]string) Words {
	w := Words{}
	for k, v := range m {
		w[Lang(k)] = strings.TrimSpace(v)
	}
	return w
}

// rawEntry is an entry as its file writes it.
type rawEntry struct {
	ID       string
	Topic    string
	Critical bool
	Guard    bool
	Owner    string
	Review   string
	Election string
	Menu     int
	Title    map[string]string
	Question map[string]string
	Related  []string
	Sources  []Source
	Phases   []struct{ ID, Until string }
	Answer   map[string]map[string]string
	Segments map[string]map[string]map[string]string
	Media    []struct {
		Kind, Name, URL string
		MB              int
		Alt             map[string]string
	}
	Phrasings map[string][]string
}

func (l *loader) entry(name string, b []byte) {
	var r rawEntry
	if !l.decode(name, b, &r) {
		return
	}
	if want := path.Join("entries", r.Topic, r.ID+".yaml"); want != name {
		l.problem(name, "berkas", "Entri %q bertopik %q seharusnya berada di %s.", r.ID, r.Topic, want)
	}
	if l.ed.entries[r.ID] != nil {
		l.problem(name, "ganda", "Entri %q tertulis dua kali.", r.ID)
		return
	}
	e := &Entry{
		ID: r.ID, Topic: r.Topic, Critical: r.Critical, Guard: r.Guard, Owner: r.Owner, Election: r.Election, Menu: r.Menu,
		Title: words(r.Title), Question: words(r.Question), Related: r.Related, Sources: r.Sources, File: name,
		Answer: map[string]Texts{}, Segments: map[Segment]map[string]Texts{},
	}
	if d, err := ParseDate(r.Review); err == nil {
		e.Review = d
	} else {
		l.problem(name, "tinjau", "Tanggal tinjau %q tidak terbaca. Tulis seperti 2027-05-01.", r.Review)
	}
	for _, p := range r.Phases {
		e.Phases = append(e.Phases, Phase{ID: p.ID, Until: p.Until})
	}
	if len(e.Phases) == 0 {
		e.Phases = []Phase{{ID: Always}}
	}
	for phase, texts := range r.Answer {
		e.Answer[phase] = l.texts(texts)
	}
	for seg, phases := range r.Segments {
		e.Segments[Segment(seg)] = map[string]Texts{}
		for phase, texts := range phases {
			e.Segments[Segment(seg)][phase] = l.texts(texts)
		}
	}
	for _, m := range r.Media {
		e.Media = append(e.Media, Attachment{Kind: m.Kind, Name: m.Name, URL: m.URL, MB: m.MB, Alt: words(m.Alt)})
	}
	l.phrasings(e, r.Phrasings)
	l.ed.entries[e.ID] = e
}

// texts trims and parses the wordings of one phase.
func (l *loader) texts(m map[string]string) Texts {
	t := Texts{}
	for k, v := range m {
		v = strings.TrimSpace(v)
		t[k] = v
		l.ed.templates[v] = parseTemplate(v)
	}
	return t
}

func (l *loader) phrasings(e *Entry, m map[string][]string) {
	for _, v := range Varieties() {
		for _, s := range m[v.Name] {
			e.Phrasings = append(e.Phrasings, Phrasing{Text: strings.TrimSpace(s), Lang: v.Lang, Variety: v.Name})
		}
		delete(m, v.Name)
	}
	for name := range m {
		l.problem(e.File, "contoh", "Ragam contoh pertanyaan %q tidak dikenal.", name)
	}
}

// resolve computes when the phases of an entry or a picture end.
func (l *loader) resolve(file string, phases []Phase) {
	for i := range phases {
		p := &phases[i]
		last := i == len(phases)-1
		switch {
		case last && p.Until != "":
			l.problem(file, "masa", "Masa terakhir %q tidak boleh punya akhir.", p.ID)
		case last:
		default:
			t, err := l.ed.instant(p.Until)
			if err != nil {
				l.problem(file, "masa", "Akhir masa %q tidak terbaca: %v", p.ID, err)
				t = time.Date(2000, 1, 1, 0, 0, 0, 0, l.ed.Zone)
			}
			if i > 0 && !t.After(phases[i-1].Ends) {
				l.problem(file, "masa", "Masa %q berakhir sebelum masa sebelumnya.", p.ID)
			}
			p.Ends = t
		}
	}
}
