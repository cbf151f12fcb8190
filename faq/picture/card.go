package picture

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Card is an answer as a picture that people pass on: everything on it is text that the office has approved.
type Card struct {
	Lead     string   // who says so
	Question string   // what was asked
	Text     string   // the answer; an empty line begins a paragraph
	Notes    []string // source, day it was checked, until when it holds, code
	Stamp    string   // across the top when it is not for use, "" otherwise
}

// ErrCardTooLong says that an answer does not fit on a card that can still be read on a telephone.
var ErrCardTooLong = errors.New("picture: the answer is too long for a card")

// cardHeight is the tallest card, in pixels: two and a half times its width.
const cardHeight = 2700

// DrawCard draws a card as PNG. The same card gives the same bytes.
func DrawCard(card Card) ([]byte, error) {
	c, err := newCanvas()
	if err != nil {
		return nil, fmt.Errorf("card: %w", err)
	}
	wide := float64(Width - 2*margin)
	c.title = card.Question
	c.rect(0, 0, Width, 18, good)
	y := 48.0
	if card.Stamp != "" {
		y += c.stamp(card.Stamp)
	}
	y = c.block(margin, y, wide, style{size: 36, bold: true, ink: good}, card.Lead)
	y = c.block(margin, y+14, wide, style{size: 56, bold: true, ink: ink}, card.Question) + 26
	body := style{size: 42, ink: ink}
	for _, paragraph := range strings.Split(card.Text, "\n\n") {
		for _, line := range strings.Split(paragraph, "\n") {
			if item, ok := strings.CutPrefix(line, "- "); ok {
				c.circle(margin+12, y+26, 7, ink)
				y = c.block(margin+40, y, wide-40, body, foldable(item, bodyFold))
				continue
			}
			y = c.block(margin, y, wide, body, foldable(line, bodyFold))
		}
		y += 22
	}
	c.stroke(rule, 3, point{margin, y}, point{Width - margin, y})
	var notes []string
	for _, n := range card.Notes {
		for _, line := range strings.Split(n, "\n") {
			notes = append(notes, foldable(shortLinks(line), noteFold))
		}
	}
	c.finish(y+22, notes...)
	if c.height > cardHeight {
		return nil, ErrCardTooLong
	}
	if len(c.faults) > 0 {
		return nil, fmt.Errorf("card: text does not fit: %q", c.faults)
	}
	return c.png()
}

// The longest words that surely fit on a line.
const (
	bodyFold = 40
	noteFold = 52
)

// linkMost is how many letters of an address are worth typing from a picture.
const linkMost = 44

// shortLinks leaves of each address what a reader can use on a picture, where nothing can be tapped: the whole where it is
// short enough to type, otherwise the site. The text that the card's code brings has it in full.
func shortLinks(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		u, err := url.Parse(w)
		if err != nil || u.Host == "" {
			continue
		}
		host := strings.TrimPrefix(u.Host, "www.")
		words[i] = host + strings.TrimRight(u.EscapedPath(), "/")
		if u.RawQuery != "" || len(words[i]) > linkMost {
			words[i] = host + "/…"
		}
	}
	return strings.Join(words, " ")
}

// foldable lets long addresses go on in the next line, behind a slash where there is one.
func foldable(s string, most int) string {
	words := strings.Fields(s)
	for i, w := range words {
		var parts []string
		for len(w) > most {
			at := strings.LastIndexAny(w[:most], "/-_?&=") + 1
			if at < most/2 {
				at = most
			}
			parts, w = append(parts, w[:at]), w[at:]
		}
		words[i] = strings.Join(append(parts, w), fold)
	}
	return strings.Join(words, " ")
}
