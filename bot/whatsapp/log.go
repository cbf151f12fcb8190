package whatsapp

import (
	"context"
	"log/slog"

	"go.mau.fi/libsignal/logger"
	waLog "go.mau.fi/whatsmeow/util/log"
)

// journal takes the library's log lines. It keeps their fixed part only: what is filled in are addresses, nodes and
// now and then a text, none of which may stand in a log.
type journal struct {
	log    *slog.Logger
	module string
}

var _ waLog.Logger = journal{}

func (j journal) line(level slog.Level, format string) {
	j.log.LogAttrs(context.Background(), level, "library", slog.String("module", j.module), slog.String("line", format))
}

// Errorf keeps the line without its values; the channel itself logs what it makes of an error.
func (j journal) Errorf(format string, _ ...any) { j.line(slog.LevelWarn, format) }

// Warnf keeps the line without its values.
func (j journal) Warnf(format string, _ ...any) { j.line(slog.LevelInfo, format) }

// Infof keeps the line without its values.
func (j journal) Infof(format string, _ ...any) { j.line(slog.LevelDebug, format) }

// Debugf keeps nothing: it is called for every node.
func (j journal) Debugf(string, ...any) {}

// Sub names a part of the library.
func (j journal) Sub(module string) waLog.Logger { return journal{log: j.log, module: module} }

// quiet is a logger for the encryption library that says nothing.
type quiet struct{}

func (quiet) Debug(string, string)   {}
func (quiet) Info(string, string)    {}
func (quiet) Warning(string, string) {}
func (quiet) Error(string, string)   {}
func (quiet) Configure(string)       {}

// quietSignal keeps the encryption library from printing to standard output, which it does unless it was given a
// logger. It has one for the whole process.
func quietSignal() {
	if _, done := logger.Logger.(quiet); !done {
		var q logger.Loggable = quiet{}
		logger.Setup(&q)
	}
}
