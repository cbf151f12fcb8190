package picture

import (
	"fmt"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
)

// typesetter measures and breaks texts. The letters are the Go fonts, whose licence lets a program carry them.
type typesetter struct {
	plain, bold *opentype.Font
	faces       map[faceKey]font.Face
}

type faceKey struct {
	size float64
	bold bool
}

func newTypesetter() (*typesetter, error) {
	plain, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("regular letters: %w", err)
	}
	bold, err := opentype.Parse(gobold.TTF)
	if err != nil {
		return nil, fmt.Errorf("bold letters: %w", err)
	}
	return &typesetter{plain: plain, bold: bold, faces: map[faceKey]font.Face{}}, nil
}

// face returns the letters of a size in pixels, nil when the size is impossible.
func (t *typesetter) face(size float64, bold bool) font.Face {
	k := faceKey{size, bold}
	if f := t.faces[k]; f != nil {
		return f
	}
	of := t.plain
	if bold {
		of = t.bold
	}
	f, err := opentype.NewFace(of, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil
	}
	t.faces[k] = f
	return f
}

// width returns the width of a line in pixels.
func (t *typesetter) width(text string, s style) float64 {
	f := t.face(s.size, s.bold)
	if f == nil {
		return 0
	}
	return float64(font.MeasureString(f, text)) / 64
}

// fold is where a long word may go on in the next line. It takes no room: on one line the word reads as it is written.
const fold = "\u200b"

// wrap breaks a text at spaces, and long words at their folds, into lines not wider than width. What is wider and has
// none stays whole.
func (t *typesetter) wrap(text string, width float64, s style) []string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(text) {
		gap := " "
		for _, part := range strings.Split(w, fold) {
			switch next := line + gap + part; {
			case line == "":
				line = part
			case t.width(next, s) <= width:
				line = next
			default:
				lines = append(lines, line)
				line = part
			}
			gap = ""
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
