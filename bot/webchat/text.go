package webchat

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// block is a paragraph or a list of a reply's text.
type block struct {
	Kind  string // "p", "ul" or "ol"
	Start int    // number of the first item, for "ol"
	Lines [][]span
}

// span is a piece of a line. Href is "" or an http or https address.
type span struct {
	Text string
	Href string
	Bare bool // the line holds nothing but this link
}

var (
	numberedLine = regexp.MustCompile(`^(\d{1,3})[.)] +(\S.*)$`)
	bulletLine   = regexp.MustCompile(`^[-•*] +(\S.*)$`)
	linkWord     = regexp.MustCompile(`(?i)https?://[^\s<>"'` + "`" + `]+`)
)

// blocks cuts approved text into paragraphs and lists and finds the links in it. It loses no word.
func blocks(text string) []block {
	var all []block
	open := false // the last block takes further lines
	for _, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			open = false
			continue
		}
		kind, start := "p", 0
		if m := bulletLine.FindStringSubmatch(line); m != nil {
			kind, line = "ul", m[1]
		} else if m := numberedLine.FindStringSubmatch(line); m != nil {
			n, _ := strconv.Atoi(m[1]) // the expression admits digits only
			kind, start, line = "ol", n, m[2]
		}
		last := len(all) - 1
		follows := open && all[last].Kind == kind && (kind != "ol" || start == all[last].Start+len(all[last].Lines))
		if !follows {
			all = append(all, block{Kind: kind, Start: start})
			last++
		}
		all[last].Lines = append(all[last].Lines, spans(line))
		open = true
	}
	return all
}

// spans cuts a line at its links.
func spans(line string) []span {
	var all []span
	rest := line
	for {
		at := linkWord.FindStringIndex(rest)
		if at == nil {
			break
		}
		word := trimLink(rest[at[0]:at[1]])
		href, ok := safeLink(word)
		if !ok {
			all = append(all, span{Text: rest[:at[1]]})
			rest = rest[at[1]:]
			continue
		}
		if at[0] > 0 {
			all = append(all, span{Text: rest[:at[0]]})
		}
		all = append(all, span{Text: shortLink(href), Href: href.String(), Bare: word == line})
		rest = rest[at[0]+len(word):]
	}
	if rest != "" || len(all) == 0 {
		all = append(all, span{Text: rest})
	}
	return all
}

// trimLink cuts off the punctuation of the sentence that a link stands in.
func trimLink(word string) string {
	for {
		short := strings.TrimRight(word, ".,;:!?*_")
		if strings.HasSuffix(short, ")") && strings.Count(short, ")") > strings.Count(short, "(") {
			short = short[:len(short)-1]
		}
		if short == word {
			return word
		}
		word = short
	}
}

// safeLink reads an address that may be clicked: http or https, with a host, and without a user name, which would only
// deceive about the host.
func safeLink(word string) (*url.URL, bool) {
	u, err := url.Parse(word)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil {
		return nil, false
	}
	return u, true
}

// shortLink is what a link shows: host and path, and of a long path only that there is one.
func shortLink(u *url.URL) string {
	host := strings.TrimPrefix(u.Host, "www.")
	text := host + strings.TrimRight(u.EscapedPath(), "/")
	if utf8.RuneCountInString(text) > 40 || u.RawQuery != "" {
		return host + "/…"
	}
	return text
}
