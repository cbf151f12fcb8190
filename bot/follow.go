package bot

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"tanya/faq"
	"tanya/faq/text"
	"tanya/locales"
)

// understand asks the matcher about a whole message, with what was just talked about, and looks twice where the first
// look would make the officer repeat himself or take offence.
func (t *turn) understand(ctx context.Context, s string) (faq.Result, error) {
	r, err := t.match(ctx, s, t.s.About)
	if err != nil {
		return r, err
	}
	if villageElection.MatchString(s) && r.Entry != village && (r.Verdict == faq.Answered || r.Verdict == faq.Choices) && t.k.Edition.Entry(village) != nil {
		r.Verdict, r.Entry, r.Choices = faq.Answered, village, nil
		return r, nil
	}
	if even := traits.ReplaceAllString(s, "paslon 1"); even != s && (r.Verdict != faq.Answered || !ofOffice.MatchString(s)) {
		fair, err := t.match(ctx, even, "")
		if fair = guarded(fair); err == nil && fair.Verdict == faq.Declined && fair.Entry != reportGuard {
			return fair, nil
		}
	}
	if calm := unrude(s); calm != s && calm != "" && r.Verdict != faq.Answered && r.Verdict != faq.Declined {
		if r, err = t.match(ctx, calm, t.s.About); err != nil {
			return r, err
		}
	}
	if r.Verdict != faq.Answered || r.Entry != t.s.About || t.s.Last != Answered {
		return r, nil
	}
	return t.further(ctx, s, r)
}

// villageElection matches the election of a village head, which is not the commission's: none of its rules is said of it.
var villageElection = regexp.MustCompile(`(?i)\b(pilkades|(pemilihan|pilihan) (kepala desa|kades|lurah)|village head election)\b`)

// village is the entry that says whose it is.
const village = "pilkades"

// traits matches a candidate who is spoken of by sex, faith, age or office, and a party whose name is also a stammer. A
// question of preference must get the same reply whoever is meant, so it is also read as one about a candidate's number.
var traits = regexp.MustCompile(`(?i)\b(?:(?:calon|paslon|kandidat|pasangan)(?: yang| sing| ingkang)? ` +
	`(?:perempuan|wanita|putri|laki-?laki|laki laki|pria|putra|lanang|wadon|muslim|islam|kristen|katolik|hindu|buddha|konghucu|petahana|muda|tua|sepuh|enom|jawa|pendatang)|ppp)\b`)

// ofOffice matches what a question about the rules for candidates speaks of. Its answer stays, whoever the candidate is.
var ofOffice = regexp.MustCompile(`(?i)\b(bansos|bantuan|program|mutasi|cuti|fasilitas|kampanye|syarat\w*|daftar\w*|sanksi\w*|dana)\b`)

// further handles a short question that was read as a follow-up and leads to the answer just given. Saying it again
// helps only where it was asked for, or where the answer speaks of what is asked. Otherwise the closest questions are
// offered, those that belong to the answer among them.
func (t *turn) further(ctx context.Context, s string, again faq.Result) (faq.Result, error) {
	fresh, err := t.match(ctx, s, "")
	if err != nil {
		return again, err
	}
	related := t.k.Edition.Entry(again.Entry).Related
	near := slices.ContainsFunc(fresh.Choices, func(id string) bool { return slices.Contains(related, id) })
	switch {
	case fresh.Verdict == faq.Answered, fresh.Verdict == faq.Declined:
		return fresh, nil
	case !near && t.speaksOf(again.Entry, s):
		return again, nil
	}
	ids := slices.DeleteFunc(mixed(fresh.Choices, related), func(id string) bool { return id == again.Entry })
	if len(t.entries(t.byID(ids))) == 0 {
		return again, nil
	}
	again.Verdict, again.Entry, again.Choices = faq.Choices, "", ids
	return again, nil
}

// mixed puts what stands in both lists first, then takes from both in turn, the second one first.
func mixed(found, related []string) []string {
	var out []string
	add := func(id string) {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	for _, id := range found {
		if slices.Contains(related, id) {
			add(id)
		}
	}
	for i := range max(len(found), len(related)) {
		if i < len(related) {
			add(related[i])
		}
		if i < len(found) {
			add(found[i])
		}
	}
	return out
}

// lean puts entries that belong to the answer just given before the others, for a short question behind it.
func (t *turn) lean(ids []string) []string {
	e := t.k.Edition.Entry(t.s.About)
	if e == nil || t.s.Last != Answered || len(strings.Fields(t.m.Text)) > shortQuestion {
		return ids
	}
	first := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !slices.Contains(e.Related, id) })
	rest := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(e.Related, id) })
	return append(first, rest...)
}

// shortQuestion is the number of words up to which a question is taken to lean on the answer before it.
const shortQuestion = 4

// common are concepts that nearly every answer holds, so that they tell nothing.
var common = wordSet("coblos", "pilih", "calon", "pemilih", "pemilu", "pilkada", "tps", "kpu", "blora", "suara", "bagaimana", "apa", "apakah", "kapan", "di-mana", "siapa",
	"berapa", "mana", "mengapa", "boleh", "bisa", "bolehkah", "tidak", "saya", "ada", "ke", "di", "itu", "yang", "cara", "ya", "juga", "masih", "sudah", "mau", "dan")

// speaksOf reports whether the answer of an entry holds most of what a message asks about, beyond the words of its
// title.
func (t *turn) speaksOf(id, s string) bool {
	r, err := t.render(id)
	if err != nil {
		return false
	}
	said := text.Concepts(text.Tokens(r.Text))
	title := text.Concepts(text.Tokens(t.k.Edition.Entry(id).Title.In(t.s.Lang)))
	rest, _ := text.StripGreeting(text.Tokens(s))
	asked, held := 0, 0
	for _, c := range text.Concepts(rest) {
		if common[c] || len(c) < 3 || slices.Contains(title, c) {
			continue
		}
		asked++
		if slices.Contains(said, c) {
			held++
		}
	}
	return 2*held > asked
}

// namesTopic finds the topic whose name a message is: "jadwal", "politik uang".
func (t *turn) namesTopic() (string, bool) {
	said := plain(t.m.Text)
	for _, topic := range t.k.Edition.Topics() {
		if said == strings.ReplaceAll(topic, "-", " ") || said == plain(t.say(locales.Key("topic_"+topic), nil)) {
			return topic, true
		}
	}
	return "", false
}
