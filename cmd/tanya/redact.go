package main

import (
	"bufio"
	"context"
	"fmt"

	"tanya/bot"
)

// redact copies standard input to standard output, line by line, without what may identify a person.
func (a *app) redact(_ context.Context, args []string) error {
	if len(args) > 0 {
		return usagef("tanya redact membaca masukan baku; tulis: tanya redact < berkas")
	}
	s := bufio.NewScanner(a.stdin)
	s.Buffer(make([]byte, 0, 64*1024), 1<<20)
	w := bufio.NewWriter(a.stdout)
	for s.Scan() {
		if _, err := fmt.Fprintln(w, bot.Redact(s.Text())); err != nil {
			return err
		}
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("masukan tidak dapat dibaca: %w", err)
	}
	return w.Flush()
}
