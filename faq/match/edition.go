package match

import (
	"context"

	"tanya/faq"
)

// outsideTopic is the guard entry whose phrasings are out of scope altogether: the verdict is Unknown.
const outsideTopic = "di-luar-topik"

// officeBound is how many of the office's answers may be wrong: less than is asked of other sets, because the last parts of a
// point cost few right answers and spare many wrong ones (decisions 0026 and 0029).
const officeBound = 0.0125

// officeCritical is the same of answers from critical entries (decision 0030).
const officeCritical = 0.005

// FromEdition trains an engine on the entries of an edition: phrasings, titles and questions as samples, the text of
// the answers as weak evidence, critical and guard entries as such, guards on, negatives from the embedded list.
// What opt sets already stays as it is.
func FromEdition(ctx context.Context, ed *faq.Edition, opt Options) (*Engine, error) {
	samples := EditionSamples(ed)
	critical, guards := map[string]bool{}, map[string]bool{}
	titles, related := map[string]string{}, map[string][]string{}
	for _, id := range ed.IDs() {
		en := ed.Entry(id)
		critical[id], guards[id] = en.Critical, en.Guard
		if id != outsideTopic {
			titles[id] = en.Title.In(faq.Indonesian)
		}
		related[id] = en.Related
	}
	opt.Guards = true
	if opt.Bounds.Overall == 0 {
		opt.Bounds.Overall = officeBound
	}
	if opt.Bounds.Critical == 0 {
		opt.Bounds.Critical = officeCritical
	}
	if opt.Critical == nil {
		opt.Critical = func(l string) bool { return critical[l] }
	}
	if opt.Declines == nil {
		opt.Declines = func(l string) bool { return guards[l] }
	}
	if opt.Titles == nil {
		opt.Titles = titles
	}
	if opt.Related == nil {
		opt.Related = related
	}
	if opt.Negatives == nil {
		opt.Negatives = Negatives()
	}
	if opt.Answers == nil {
		opt.Answers = editionAnswers(ed)
	}
	return New(ctx, samples, opt)
}

// EditionSamples returns the phrasings of all entries, and the question that stands above each answer in every
// language, as samples. The phrasings of the entry for what is no topic at all are out of scope.
func EditionSamples(ed *faq.Edition) []Sample {
	var out []Sample
	for _, id := range ed.IDs() {
		en, label := ed.Entry(id), id
		if id == outsideTopic {
			label = OutOfScope
		}
		for _, p := range en.Phrasings {
			out = append(out, Sample{p.Text, label, p.Lang, p.Variety})
		}
		if en.Guard {
			continue
		}
		for _, l := range faq.Langs() {
			if q := en.Question[l]; q != "" {
				out = append(out, Sample{q, label, l, "question"})
			}
		}
	}
	return out
}

// editionAnswers returns the latest wording of each answer in every language. Facts stand in it as their names in
// braces, which say what they are better than their values do.
func editionAnswers(ed *faq.Edition) []Sample {
	var out []Sample
	for _, id := range ed.IDs() {
		en := ed.Entry(id)
		if en.Guard || len(en.Phases) == 0 {
			continue
		}
		texts := en.Answer[en.Phases[len(en.Phases)-1].ID]
		for _, l := range faq.Langs() {
			if s := texts[string(l)]; s != "" {
				out = append(out, Sample{s, id, l, "answer"})
			}
		}
	}
	return out
}
