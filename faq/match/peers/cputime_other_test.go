//go:build !linux

package peers

import "time"

var started = time.Now()

// spent is the time on the clock, where that of a thread cannot be had.
func spent() time.Duration { return time.Since(started) }
