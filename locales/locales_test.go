package locales

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"
	"unicode/utf8"
)

// TestComplete proves that every language has every key and no other, and leaves open the same places.
func TestComplete(t *testing.T) {
	open := regexp.MustCompile(`{{\.\w+}}`)
	places := map[Key][]string{}
	for _, tag := range Tags() {
		b, err := files.ReadFile(tag + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var m map[Key]string
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatalf("%s.json: %v", tag, err)
		}
		for _, k := range Keys() {
			if m[k] == "" {
				t.Errorf("%s.json lacks %q", tag, k)
			}
			got := open.FindAllString(m[k], -1)
			slices.Sort(got)
			if tag == Tags()[0] {
				places[k] = got
			} else if !slices.Equal(got, places[k]) {
				t.Errorf("%s.json: %q leaves open %v, Indonesian leaves open %v", tag, k, got, places[k])
			}
			delete(m, k)
		}
		for k := range m {
			t.Errorf("%s.json has %q, which nothing uses", tag, k)
		}
	}
}

// TestBounds keeps what channels cannot show out of the catalogues.
func TestBounds(t *testing.T) {
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range Tags() {
		if n := utf8.RuneCountInString(c.Text(tag, Welcome, nil)); n > 400 {
			t.Errorf("%s: the first-contact text has %d characters, at most 400 are read", tag, n)
		}
		for _, k := range []Key{TopicSchedule, TopicRights, TopicPolling, TopicAccess, TopicMoney, TopicNeutrality, TopicOffice, NoneOfThese, Back} {
			if n := utf8.RuneCountInString(c.Text(tag, k, nil)); n > 24 {
				t.Errorf("%s: %s has %d characters, a list row holds 24", tag, k, n)
			}
		}
	}
}

func TestText(t *testing.T) {
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Text("jv", HelloDay, map[string]any{"Time": c.Text("jv", Morning, nil)}); got != "Sugeng enjing." {
		t.Errorf("Javanese morning greeting: %q", got)
	}
	if got := c.Text("fr", Thanks, nil); got != "Sama-sama. Silakan bertanya lagi kapan saja." {
		t.Errorf("unknown language: %q", got)
	}
	if got := c.Text("id", Key("nope"), nil); got != "nope" {
		t.Errorf("unknown key: %q", got)
	}
}
