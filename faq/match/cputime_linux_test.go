package match

import (
	"syscall"
	"time"
)

// spent is the processor time that the calling thread has used: on a busy machine time on the clock says little. The
// caller must hold its thread.
func spent() time.Duration {
	const thisThread = 1 // RUSAGE_THREAD
	var u syscall.Rusage
	if syscall.Getrusage(thisThread, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
