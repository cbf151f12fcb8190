package whatsapp

import (
	"fmt"
	"strings"

	"rsc.io/qr"

	"tanya/bot"
)

// quietZone is the light border that scanners need, in modules.
const quietZone = 2

// Draw draws a QR text for a terminal, two modules in one character. It sets its own colours, so that it can be
// scanned on a dark and on a light terminal.
func Draw(text string) (string, error) {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return "", bot.Errorf(bot.Invalid, "the QR picture cannot be drawn: %w", err)
	}
	var b strings.Builder
	dark := func(x, y int) bool { return code.Black(x, y) } // false outside the code
	for y := -quietZone; y < code.Size+quietZone; y += 2 {
		b.WriteString("\x1b[107;30m") // black on bright white
		for x := -quietZone; x < code.Size+quietZone; x++ {
			b.WriteString(halves[half(dark(x, y))|half(dark(x, y+1))<<1])
		}
		fmt.Fprint(&b, "\x1b[0m\n")
	}
	return b.String(), nil
}

// picture draws a QR text as PNG, nil when it cannot be drawn.
func picture(text string) []byte {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return nil
	}
	return code.PNG()
}

// halves are the characters by which halves are dark: none, the upper, the lower, both.
var halves = [4]string{" ", "▀", "▄", "█"}

func half(dark bool) int {
	if dark {
		return 1
	}
	return 0
}
