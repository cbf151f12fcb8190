package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// version prints what was built: the revision, the Go version and the content's hash.
func (a *app) version(context.Context, []string) error {
	fmt.Fprintf(a.stdout, "tanya %s, %s\n", revision(), runtime.Version())
	ed, err := loadEdition(a.getenv("TANYA_CONTENT"))
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "isi %s, %d entri\n", ed.Hash[:12], len(ed.IDs()))
	return nil
}

// revision names the commit that the program was built from, with a plus sign when files had changed since.
func revision() string {
	name, modified := "tanpa revisi", ""
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return name
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			name = s.Value[:min(12, len(s.Value))]
		case "vcs.modified":
			if s.Value == "true" {
				modified = "+"
			}
		}
	}
	return name + modified
}
