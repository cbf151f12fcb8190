package faq

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// instant reads the end of a phase: FACT[|akhir][@TIMEFACT][+N|-N]. It is the start of the named day, or the
// named hour of it, moved by N days.
func (ed *Edition) instant(s string) (time.Time, error) {
	rest, days, err := ed.splitDays(s)
	if err != nil {
		return time.Time{}, err
	}
	rest, hour, withHour := strings.Cut(rest, "@")
	name, form, _ := strings.Cut(rest, "|")
	f := ed.facts[name]
	if f == nil {
		return time.Time{}, fmt.Errorf("tidak ada fakta %q", name)
	}
	if f.Kind != KindDate && f.Kind != KindRange {
		return time.Time{}, fmt.Errorf("fakta %q bukan tanggal", name)
	}
	day := f.Day
	switch form {
	case "", "mulai":
	case "akhir":
		day = f.Last
	default:
		return time.Time{}, fmt.Errorf("bentuk %q tidak dikenal; pakai |akhir", form)
	}
	t := day.Add(days).Start(ed.Zone)
	if withHour {
		h := ed.facts[hour]
		if h == nil || h.Kind != KindTime {
			return time.Time{}, fmt.Errorf("tidak ada fakta jam %q", hour)
		}
		t = t.Add(h.Clock)
	}
	return t, nil
}

// splitDays cuts a trailing +N or -N off. Ids of facts hold dashes and often end in a year, so that a dash only
// counts when what stands before it names a fact and the whole does not.
func (ed *Edition) splitDays(s string) (string, int, error) {
	i := strings.LastIndexAny(s, "+-")
	if i <= 0 || ed.facts[s] != nil {
		return s, 0, nil
	}
	n, err := strconv.Atoi(s[i+1:])
	switch {
	case err != nil && s[i] == '+':
		return "", 0, fmt.Errorf("jumlah hari %q tidak terbaca", s[i+1:])
	case err != nil:
		return s, 0, nil
	case s[i] == '+':
		return s[:i], n, nil
	}
	if name, _, _ := strings.Cut(s[:i], "|"); ed.facts[name] == nil {
		return s, 0, nil
	}
	return s[:i], -n, nil
}
