package bot

import (
	"errors"
	"fmt"
	"time"
)

// Class says what an error means for the one who meets it.
type Class string

// The classes. A channel's Send and the ledger return errors of these classes; anything else is Transient.
const (
	Invalid     Class = "invalid"      // the input is wrong and will stay wrong
	NotFound    Class = "not_found"    // there is no such thing
	Conflict    Class = "conflict"     // somebody else has it, or it changed meanwhile
	Denied      Class = "denied"       // not allowed for this person
	Transient   Class = "transient"    // try again later
	Throttled   Class = "throttled"    // try again after Error.After
	Untried     Class = "untried"      // nothing was sent yet; try after Error.After
	StopChat    Class = "stop_chat"    // this chat cannot be written to any more
	StopChannel Class = "stop_channel" // this channel cannot work until somebody acts
	Stale       Class = "stale"        // too old to be of use
)

// Error carries a class for the machine, one sentence for the person and the cause for the log.
type Error struct {
	Class   Class
	Message string        // one sentence for staff or the operator; never holds a secret, an address or a message text
	After   time.Duration // for Throttled and Untried: how long to wait
	Err     error         // the cause, nil when there is none
}

// Errorf makes an error of the class. A final %w in the format keeps the cause.
func Errorf(class Class, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Class: class, Message: err.Error(), Err: errors.Unwrap(err)}
}

// Error returns the sentence.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// ClassOf returns the class of an error, Transient for errors that have none and "" for nil.
func ClassOf(err error) Class {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Class
	}
	return Transient
}

// after returns how long a Throttled or Untried error asks to wait, at least a second.
func after(err error) time.Duration {
	var e *Error
	if errors.As(err, &e) && e.After > time.Second {
		return e.After
	}
	return time.Second
}
