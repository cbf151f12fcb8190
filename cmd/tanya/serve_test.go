package main

import "testing"

func TestLocalURL(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:8080": "http://127.0.0.1:8080",
		"0.0.0.0:8080":   "http://localhost:8080",
		"[::]:8080":      "http://localhost:8080",
		":8080":          "http://localhost:8080",
		"[::1]:8080":     "http://[::1]:8080",
		"tanya.lan:80":   "http://tanya.lan:80",
	} {
		if got := localURL(addr); got != want {
			t.Errorf("%s is shown as %s, want %s", addr, got, want)
		}
	}
}
