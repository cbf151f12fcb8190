package main

import (
	"context"
	"fmt"
	"runtime/debug"
)

// version prints what was built: the revision, the Go version and the content's hash.
func (a *app) version(context.Context, []string) error {
	revision, modified := "tanpa revisi", ""
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				revision = s.Value[:min(12, len(s.Value))]
			case "vcs.modified":
				if s.Value == "true" {
					modified = "+"
				}
			}
		}
		fmt.Fprintf(a.stdout, "tanya %s%s, %s\n", revision, modified, info.GoVersion)
	}
	ed, err := loadEdition(a.getenv("TANYA_CONTENT"))
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "isi %s, %d entri\n", ed.Hash[:12], len(ed.IDs()))
	return nil
}
