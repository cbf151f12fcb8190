//go:build !unix

package bottest

import "testing"

// StartPostgres skips the test: the server is started on Unix only.
func StartPostgres(t testing.TB) string {
	Missing(t, "postgres", "run this on Linux")
	return ""
}
