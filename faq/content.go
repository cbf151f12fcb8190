package faq

import (
	"embed"
	"io/fs"
)

//go:embed all:content
var content embed.FS

// Content returns the content files that the program was built with.
func Content() fs.FS {
	sub, err := fs.Sub(content, "content")
	if err != nil { // only an invalid path makes Sub fail, and this one is a constant
		return content
	}
	return sub
}
