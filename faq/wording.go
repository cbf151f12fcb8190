package faq

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The functions below write days, hours and numbers the way people of the language do.

func monthName(m time.Month, l Lang) string {
	if l == English {
		return m.String()
	}
	return [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
		"Oktober", "November", "Desember"}[m-1]
}

func dayName(w time.Weekday, l Lang) string {
	switch l {
	case English:
		return w.String()
	case Javanese:
		return [...]string{"Minggu", "Senen", "Selasa", "Rebo", "Kemis", "Jemuwah", "Setu"}[w]
	default:
		return [...]string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}[w]
	}
}

// ShortDay writes a day without its weekday: 27 November 2024.
func ShortDay(d Date, l Lang) string {
	return fmt.Sprintf("%d %s %d", d.Day, monthName(d.Month, l), d.Year)
}

func longDay(d Date, l Lang) string { return dayName(d.Weekday(), l) + ", " + ShortDay(d, l) }

// span writes a stretch of days and says month and year once where they are the same.
func span(a, b Date, l Lang) string {
	to := map[Lang]string{Indonesian: "sampai", Javanese: "dumugi", English: "to"}[l]
	first := strconv.Itoa(a.Day)
	if a.Year != b.Year {
		first = ShortDay(a, l)
	} else if a.Month != b.Month {
		first += " " + monthName(a.Month, l)
	}
	return first + " " + to + " " + ShortDay(b, l)
}

// countdown says how far away a day is; n is negative for days that are past.
func countdown(n int, l Lang) string {
	near := map[Lang][3]string{
		Indonesian: {"kemarin", "hari ini", "besok"},
		Javanese:   {"wingi", "dinten niki", "mbenjing"},
		English:    {"yesterday", "today", "tomorrow"},
	}[l]
	switch {
	case n >= -1 && n <= 1:
		return near[n+1]
	case l == English && n > 0:
		return fmt.Sprintf("in %d days", n)
	case l == English:
		return fmt.Sprintf("%d days ago", -n)
	case l == Javanese && n > 0:
		return fmt.Sprintf("%d dinten malih", n)
	case l == Javanese:
		return fmt.Sprintf("%d dinten kepengker", -n)
	case n > 0:
		return fmt.Sprintf("%d hari lagi", n)
	default:
		return fmt.Sprintf("%d hari yang lalu", -n)
	}
}

// clock writes an hour of the day as people here do: 07.00, in English 07:00.
func clock(d time.Duration, l Lang) string {
	sep := "."
	if l == English {
		sep = ":"
	}
	return fmt.Sprintf("%02d%s%02d", int(d.Hours()), sep, int(d.Minutes())%60)
}

// spoken writes an hour as people say it: jam 7 pagi, jam 1 siang.
func spoken(d time.Duration, l Lang) string {
	h, m := int(d.Hours()), int(d.Minutes())%60
	n := (h+11)%12 + 1
	s := strconv.Itoa(n)
	if m != 0 {
		s += fmt.Sprintf(".%02d", m)
	}
	if l == English {
		switch {
		case h == 12 && m == 0:
			return "12 noon"
		case h < 12:
			return strings.Replace(s, ".", ":", 1) + " a.m."
		default:
			return strings.Replace(s, ".", ":", 1) + " p.m."
		}
	}
	i := 3
	switch {
	case h < 11:
		i = 0
	case h < 15:
		i = 1
	case h < 18:
		i = 2
	}
	part := [...]string{"pagi", "siang", "sore", "malam"}[i]
	if l == Javanese {
		part = [...]string{"enjing", "siang", "sonten", "dalu"}[i]
	}
	return "jam " + s + " " + part
}

// decimal writes a number with the language's separators, without needless decimals.
func decimal(x float64, l Lang) string {
	s := strconv.FormatFloat(x, 'f', -1, 64)
	whole, frac, _ := strings.Cut(s, ".")
	group, point := ".", ","
	if l == English {
		group, point = ",", "."
	}
	neg := strings.HasPrefix(whole, "-")
	whole = strings.TrimPrefix(whole, "-")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + group + whole[i:]
	}
	if frac != "" {
		whole += point + frac
	}
	if neg {
		whole = "-" + whole
	}
	return whole
}

// numberWord writes 1 to 12 as a word.
func numberWord(n int, l Lang) string {
	switch l {
	case English:
		return [...]string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}[n-1]
	case Javanese:
		return [...]string{"setunggal", "kalih", "tiga", "sekawan", "gangsal", "enem", "pitu", "wolu", "sanga", "sedasa", "sewelas", "kalih welas"}[n-1]
	default:
		return [...]string{"satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas", "dua belas"}[n-1]
	}
}

// unit names a unit of time.
func unit(k FactKind, n float64, l Lang) string {
	names := map[FactKind][3]string{
		KindDays:   {"hari", "dinten", "day"},
		KindHours:  {"jam", "jam", "hour"},
		KindMonths: {"bulan", "wulan", "month"},
		KindYears:  {"tahun", "taun", "year"},
	}[k]
	switch {
	case l == English && n != 1:
		return names[2] + "s"
	case l == English:
		return names[2]
	case l == Javanese:
		return names[1]
	default:
		return names[0]
	}
}
