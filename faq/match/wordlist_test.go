package match

import (
	"slices"
	"strings"
	"testing"

	"tanya/faq/text"
)

// What the words of the list mean was looked up before; a message means the same as if it were looked up now, words that
// the list has not, numbers and expressions among it.
func TestDocumentMeansWhatItsTextMeans(t *testing.T) {
	var texts [][]string
	for _, s := range small() {
		texts = append(texts, text.Tokens(s.Text))
	}
	list := newWordlist(texts, schedule{cores: 2})
	for _, s := range append(small(), Sample{Text: "umur tujuh belas tahun boleh nyoblos tanpa ktp jam 7"}, Sample{Text: "dapat memilih dapat uang saking pundi"}) {
		tokens := text.Tokens(s.Text)
		d := list.document(tokens, list.find(nil, tokens))
		if want := text.Concepts(tokens); !slices.Equal(d.concepts, want) {
			t.Errorf("%q: %s, want %s", s.Text, strings.Join(d.concepts, " "), strings.Join(want, " "))
		}
	}
	if list.often("tps") == 0 || list.often("tidakada") != 0 {
		t.Error("words are counted wrongly")
	}
}
