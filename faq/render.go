package faq

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// template is an answer's text, cut into literal parts and facts.
type template []part

// part is a literal or, when fact is set, a fact in a form.
type part struct {
	literal string
	fact    string
	form    string
}

// parseTemplate cuts a text at its braces. An opening brace without an end is literal; lint reports it.
func parseTemplate(text string) template {
	text = strings.TrimSpace(text)
	var t template
	for {
		before, rest, ok := strings.Cut(text, "{")
		if !ok {
			return append(t, part{literal: text})
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return append(t, part{literal: text})
		}
		if before != "" {
			t = append(t, part{literal: before})
		}
		fact, form, _ := strings.Cut(name, "|")
		t = append(t, part{fact: strings.TrimSpace(fact), form: strings.TrimSpace(form)})
		text = after
	}
}

// rendering is one pass over a template; it gathers what the text depends on.
type rendering struct {
	ed      *Edition
	lang    Lang
	at      time.Time
	paper   bool // no words that count days
	expires time.Time
	checked Date
	facts   []string
}

// render writes the template's text, or fails with an *ExpiredError.
func (r *rendering) render(t template) (string, error) {
	var b strings.Builder
	if r.paper {
		t = t.still()
	}
	for _, p := range t {
		if p.fact == "" {
			b.WriteString(p.literal)
			continue
		}
		s, err := r.fact(p)
		if err != nil {
			return "", err
		}
		b.WriteString(s)
	}
	slices.Sort(r.facts)
	r.facts = slices.Compact(r.facts)
	return b.String(), nil
}

// still is the template without words that count days, which are wrong on paper the next morning. Mostly they stand
// in brackets behind their day and go away with them; elsewhere the day itself takes their place.
func (t template) still() template {
	out := slices.Clone(t)
	for i, p := range out {
		form, counting := strings.CutPrefix(p.form, "hitung")
		if p.fact == "" || !counting {
			continue
		}
		if i > 0 && i+1 < len(out) && out[i-1].fact == "" && strings.HasSuffix(out[i-1].literal, " (") && strings.HasPrefix(out[i+1].literal, ")") {
			out[i-1].literal = strings.TrimSuffix(out[i-1].literal, " (")
			out[i] = part{}
			out[i+1].literal = strings.TrimPrefix(out[i+1].literal, ")")
			continue
		}
		out[i].form = strings.TrimPrefix(form, "-")
	}
	return out
}

// fact writes one fact and notes until when it holds.
func (r *rendering) fact(p part) (string, error) {
	f := r.ed.facts[p.fact]
	if f == nil {
		return "", fmt.Errorf("there is no fact %q", p.fact)
	}
	if !f.Valid(r.at, r.ed.Zone) {
		return "", &ExpiredError{Fact: f.ID, At: r.at}
	}
	r.facts = append(r.facts, f.ID)
	r.sooner(f.Until.Start(r.ed.Zone))
	if r.checked.IsZero() || f.Checked.Before(r.checked) {
		r.checked = f.Checked
	}
	today := DateOf(r.at, r.ed.Zone)
	if strings.HasPrefix(p.form, "hitung") {
		r.sooner(today.Add(1).Start(r.ed.Zone))
	}
	return f.write(p.form, r.lang, today)
}

// sooner moves the end of the text forward.
func (r *rendering) sooner(t time.Time) {
	if r.expires.IsZero() || t.Before(r.expires) {
		r.expires = t
	}
}

// write returns the fact in a form and language. Today is needed for counting days.
func (f *Fact) write(form string, l Lang, today Date) (string, error) {
	bad := func() (string, error) {
		return "", fmt.Errorf("the fact %s (%s) has no form %q", f.ID, f.Kind, form)
	}
	switch f.Kind {
	case KindDate, KindRange:
		return f.writeDay(form, l, today)
	case KindTime:
		switch form {
		case "":
			return clock(f.Clock, l), nil
		case "ucap":
			return spoken(f.Clock, l), nil
		}
	case KindNumber, KindPercent, KindMoney:
		switch {
		case form == "kata" && f.Number == math.Trunc(f.Number) && f.Number >= 1 && f.Number <= 12:
			return numberWord(int(f.Number), l), nil
		case form == "":
			return f.writeNumber(l), nil
		}
	case KindDays, KindHours, KindMonths, KindYears:
		switch {
		case form == "kata" && f.Number >= 1 && f.Number <= 12:
			return numberWord(int(f.Number), l) + " " + unit(f.Kind, f.Number, l), nil
		case form == "":
			return decimal(f.Number, l) + " " + unit(f.Kind, f.Number, l), nil
		case form == "angka":
			return decimal(f.Number, l), nil
		}
	case KindLaw:
		if form == "singkat" && f.Short != "" {
			return f.Short, nil
		}
		if form == "" {
			return f.Words.In(l), nil
		}
	case KindName, KindLink, KindText:
		if form == "" {
			return f.Words.In(l), nil
		}
	}
	return bad()
}

// writeDay writes a date or a range of days.
func (f *Fact) writeDay(form string, l Lang, today Date) (string, error) {
	switch form {
	case "":
		if f.Kind == KindRange {
			return span(f.Day, f.Last, l), nil
		}
		return longDay(f.Day, l), nil
	case "tanggal":
		return ShortDay(f.Day, l), nil
	case "tahun":
		return strconv.Itoa(f.Day.Year), nil
	case "bulan":
		return monthName(f.Day.Month, l) + " " + strconv.Itoa(f.Day.Year), nil
	case "mulai":
		return longDay(f.Day, l), nil
	case "akhir":
		return longDay(f.Last, l), nil
	case "hitung", "hitung-mulai":
		return countdown(f.Day.Sub(today), l), nil
	case "hitung-akhir":
		return countdown(f.Last.Sub(today), l), nil
	}
	return "", fmt.Errorf("the fact %s (%s) has no form %q", f.ID, f.Kind, form)
}

// writeNumber writes a number, a percentage or an amount of rupiah.
func (f *Fact) writeNumber(l Lang) string {
	switch f.Kind {
	case KindPercent:
		return decimal(f.Number, l) + "%"
	case KindMoney:
		return "Rp" + decimal(f.Number, Indonesian)
	default:
		return decimal(f.Number, l)
	}
}
