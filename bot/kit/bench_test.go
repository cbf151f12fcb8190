package kit_test

import (
	"testing"

	"tanya/faq"
)

// BenchmarkSheets makes the sheets of one activity: a list of 295 villages takes 295 times as long, divided by processors.
func BenchmarkSheets(b *testing.B) {
	a := forum(b)
	p := press(b, allDoors, false)
	for b.Loop() {
		if _, _, err := p.Sheets(b.Context(), a, faq.Indonesian); err != nil {
			b.Fatal(err)
		}
	}
}
