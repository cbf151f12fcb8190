package store_test

import (
	"syscall"
	"time"
)

func unprivileged(string) (*syscall.SysProcAttr, error) { return &syscall.SysProcAttr{}, nil }

// cpu is not measured here.
func cpu() time.Duration { return 0 }
