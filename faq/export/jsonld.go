package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"tanya/faq"
)

// The types of schema.org that a FAQ page is made of.
type (
	page struct {
		Context  string     `json:"@context"`
		Type     string     `json:"@type"`
		Lang     faq.Lang   `json:"inLanguage"`
		Name     string     `json:"name"`
		Modified string     `json:"dateModified"`
		Main     []question `json:"mainEntity"`
	}
	question struct {
		Type   string `json:"@type"`
		ID     string `json:"identifier"`
		Name   string `json:"name"`
		Answer answer `json:"acceptedAnswer"`
	}
	answer struct {
		Type     string     `json:"@type"`
		Text     string     `json:"text"`
		Expires  string     `json:"expires,omitempty"`
		Citation []citation `json:"citation,omitempty"`
	}
	citation struct {
		Type string `json:"@type"`
		Name string `json:"name"`
		URL  string `json:"url,omitempty"`
	}
)

// JSONLD writes one schema.org FAQPage per language.
func JSONLD(ed *faq.Edition, o Options) ([]File, []Skipped, error) {
	if err := o.check(ed); err != nil {
		return nil, nil, err
	}
	var files []File
	var skipped []Skipped
	for _, l := range o.langs() {
		var all []item
		for _, topic := range o.topics(ed) {
			items, s := o.items(ed, topic, l)
			all, skipped = append(all, items...), append(skipped, s...)
		}
		b, err := json.MarshalIndent(o.faqPage(ed, l, all), "", " ")
		if err != nil {
			return nil, nil, fmt.Errorf("write the FAQ page: %w", err)
		}
		files = append(files, File{"faq-" + string(l) + ".jsonld", append(bytes.TrimSpace(b), '\n')})
	}
	return files, skipped, nil
}

// faqPage describes answers as schema.org does.
func (o Options) faqPage(ed *faq.Edition, l faq.Lang, items []item) page {
	p := page{
		Context: "https://schema.org", Type: "FAQPage", Lang: l, Name: o.Words[l].Title,
		Modified: o.At.In(ed.Zone).Format(time.DateOnly), Main: []question{},
	}
	for _, it := range items {
		a := answer{Type: "Answer", Text: it.Answer.Text}
		if !it.Answer.Expires.IsZero() {
			a.Expires = it.Answer.Expires.In(ed.Zone).Format(time.RFC3339)
		}
		for _, s := range it.Answer.Sources {
			c := citation{Type: "CreativeWork", Name: s.Title}
			if !s.Mirror {
				c.URL = s.URL
			}
			a.Citation = append(a.Citation, c)
		}
		p.Main = append(p.Main, question{Type: "Question", ID: it.Entry.ID, Name: it.Question, Answer: a})
	}
	return p
}
