package faq

import (
	"fmt"
	"strings"
	"time"
)

// rawFact is a fact as its file writes it.
type rawFact struct {
	ID       string
	Kind     FactKind
	Value    any
	Short    string
	Election string
	Source   Source
	Refs     []string
	Checked  string
	From     string
	Until    string
}

func (l *loader) facts(name string, b []byte) {
	var raw []rawFact
	if !l.decode(name, b, &raw) {
		return
	}
	for _, r := range raw {
		f, err := r.fact(name)
		if err != nil {
			l.problem(name, "fakta", "Fakta %q: %v", r.ID, err)
			continue
		}
		if old := l.ed.facts[f.ID]; old != nil {
			l.problem(name, "ganda", "Fakta %q sudah ada di %s. Satu fakta punya satu rumah.", f.ID, old.File)
			continue
		}
		l.ed.facts[f.ID] = f
	}
}

// fact checks the raw value against its kind.
func (r rawFact) fact(file string) (*Fact, error) {
	f := &Fact{
		ID: r.ID, Kind: r.Kind, Short: r.Short, Election: r.Election, Source: r.Source, Refs: r.Refs, File: file,
	}
	for _, d := range []struct {
		name string
		text string
		to   *Date
		must bool
	}{{"checked", r.Checked, &f.Checked, true}, {"from", r.From, &f.From, false}, {"until", r.Until, &f.Until, true}} {
		if d.text == "" && !d.must {
			continue
		}
		day, err := ParseDate(d.text)
		if err != nil {
			return nil, fmt.Errorf("%s %q tidak terbaca, tulis seperti 2026-11-23", d.name, d.text)
		}
		*d.to = day
	}
	return f, f.set(r.Value)
}

// set reads the value of the fact's kind.
func (f *Fact) set(v any) error {
	switch f.Kind {
	case KindDate:
		day, err := ParseDate(fmt.Sprint(v))
		f.Day, f.Last = day, day
		return err
	case KindRange:
		list, ok := v.([]any)
		if !ok || len(list) != 2 {
			return fmt.Errorf("rentang ditulis [2024-09-25, 2024-11-23]")
		}
		a, err := ParseDate(fmt.Sprint(list[0]))
		if err != nil {
			return err
		}
		b, err := ParseDate(fmt.Sprint(list[1]))
		if err != nil {
			return err
		}
		if b.Before(a) {
			return fmt.Errorf("hari akhir mendahului hari mulai")
		}
		f.Day, f.Last = a, b
		return nil
	case KindTime:
		t, err := time.Parse("15:04", fmt.Sprint(v))
		if err != nil {
			return fmt.Errorf("jam %v tidak terbaca, tulis \"07:00\"", v)
		}
		f.Clock = time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
		return nil
	case KindNumber, KindPercent, KindMoney, KindDays, KindHours, KindMonths, KindYears:
		n, ok := number(v)
		if !ok {
			return fmt.Errorf("nilai %v bukan angka", v)
		}
		f.Number = n
		return nil
	case KindLaw, KindName, KindLink, KindText:
		return f.setWords(v)
	}
	return fmt.Errorf("jenis %q tidak dikenal", f.Kind)
}

func (f *Fact) setWords(v any) error {
	f.Words = Words{}
	switch v := v.(type) {
	case string:
		f.Words[Indonesian] = strings.TrimSpace(v)
	case map[string]any:
		for k, s := range v {
			f.Words[Lang(k)] = strings.TrimSpace(fmt.Sprint(s))
		}
	default:
		f.Words[Indonesian] = fmt.Sprint(v)
	}
	if f.Words[Indonesian] == "" {
		return fmt.Errorf("nilai kosong")
	}
	return nil
}

// number reads what YAML makes of a number.
func number(v any) (float64, bool) {
	switch n := v.(type) {
	case int64:
		return float64(n), true
	case uint64:
		return float64(n), true
	case int:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}
