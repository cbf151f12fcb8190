// Package locales holds every sentence that the program itself says to a citizen or to staff, in Indonesian,
// Javanese and English. Answers about elections are not here: they are content (package faq). A test proves that
// no key is missing in any language and that none is left over. A Catalog is immutable and safe for concurrent use.
package locales

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed *.json
var files embed.FS

// Key names a sentence.
type Key string

// Catalog gives sentences by language and key.
type Catalog struct {
	localizers map[string]*i18n.Localizer
}

// Tags lists the languages of the catalogue, the one to fall back on first.
func Tags() []string { return []string{"id", "jv", "en"} }

// New reads the catalogues that the program was built with.
func New() (*Catalog, error) {
	bundle := i18n.NewBundle(language.Indonesian)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	c := &Catalog{localizers: map[string]*i18n.Localizer{}}
	for _, tag := range Tags() {
		if _, err := bundle.LoadMessageFileFS(files, tag+".json"); err != nil {
			return nil, fmt.Errorf("read catalogue %s: %w", tag, err)
		}
	}
	for _, tag := range Tags() {
		c.localizers[tag] = i18n.NewLocalizer(bundle, tag, "id")
	}
	return c, nil
}

// Text returns the sentence in the language, or in Indonesian where the language is not known. Data fills the
// places that the sentence leaves open. A key that does not exist gives the key itself, so that a mistake is seen
// and never an empty message.
func (c *Catalog) Text(lang string, key Key, data map[string]any) string {
	l, ok := c.localizers[lang]
	if !ok {
		l = c.localizers["id"]
	}
	s, err := l.Localize(&i18n.LocalizeConfig{MessageID: string(key), TemplateData: data})
	if s == "" && err != nil {
		return string(key)
	}
	return strings.TrimSpace(s)
}
