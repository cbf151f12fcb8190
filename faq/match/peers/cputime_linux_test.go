package peers

import (
	"syscall"
	"time"
	"unsafe"
)

// spent is the processor time that the calling thread has used, to the nanosecond: on a busy machine time on the clock
// says little, and getrusage counts in ticks. The caller must hold its thread.
func spent() time.Duration {
	const thisThread = 3 // CLOCK_THREAD_CPUTIME_ID
	var t syscall.Timespec
	if _, _, e := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, thisThread, uintptr(unsafe.Pointer(&t)), 0); e != 0 {
		panic(e) // every kernel that runs Go has it
	}
	return time.Duration(t.Nano())
}
