// Package terminal is a conversation on standard input and output: one line is one message. It walks the same road
// as every other channel (inbox, dialogue, outbox) and is meant for staff who try a wording and for developers. A
// Channel serves one conversation.
package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"tanya/bot"
)

// Name is the name of the channel in inbox and outbox rows.
const Name = "terminal"

// lineMax is the longest line that is read, in bytes.
const lineMax = 64 * 1024

// Channel is a conversation in a terminal.
type Channel struct {
	in     io.Reader
	out    io.Writer
	prompt string
	start  int64 // makes the ids of messages differ between runs

	mu   sync.Mutex
	sent chan struct{}
}

var _ bot.Channel = (*Channel)(nil)

// New makes a conversation. The prompt is printed before each line is read; "" prints none.
func New(in io.Reader, out io.Writer, prompt string, now time.Time) *Channel {
	return &Channel{in: in, out: out, prompt: prompt, start: now.UnixNano(), sent: make(chan struct{}, 1)}
}

// Name returns the channel's name.
func (c *Channel) Name() string { return Name }

// ErrClosed says that the input has ended.
var ErrClosed = errors.New("the input has ended")

// Run reads lines until the input or ctx ends. It waits for the reply before it prompts again. At the end of the
// input it returns an error of class StopChannel that wraps ErrClosed.
func (c *Channel) Run(ctx context.Context, a bot.Accepter) error {
	lines := make(chan string)
	failed := make(chan error, 1)
	go func() { // reading a terminal cannot be interrupted; this goroutine ends with the program
		s := bufio.NewScanner(c.in)
		s.Buffer(make([]byte, 0, 4096), lineMax)
		for s.Scan() {
			select {
			case lines <- s.Text():
			case <-ctx.Done():
				return
			}
		}
		failed <- s.Err()
	}()
	for n := int64(0); ; n++ {
		c.print(c.prompt)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-failed:
			if err != nil {
				return bot.Errorf(bot.StopChannel, "masukan tidak dapat dibaca: %w", err)
			}
			return bot.Errorf(bot.StopChannel, "selesai: %w", ErrClosed)
		case line := <-lines:
			if err := c.hand(ctx, a, line, c.start+n); err != nil {
				return err
			}
		}
	}
}

// hand gives one line to the engine and waits a moment for the reply.
func (c *Channel) hand(ctx context.Context, a bot.Accepter, line string, id int64) error {
	if strings.TrimSpace(line) == "" {
		return nil
	}
	select {
	case <-c.sent:
	default:
	}
	err := a.Accept(ctx, bot.Batch{Channel: Name, Messages: []bot.Message{{
		External: strconv.FormatInt(id, 10), Address: "local", Kind: bot.Text, Text: line,
	}}})
	if err != nil {
		return err
	}
	t := time.NewTimer(5 * time.Second) // some messages get no reply, such as a second STOP
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-c.sent:
	case <-t.C:
	}
	return nil
}

// Send prints a reply.
func (c *Channel) Send(_ context.Context, o bot.Outgoing) (string, error) {
	c.print("\n" + indent(o.Reply.Numbered()) + "\n\n")
	select {
	case c.sent <- struct{}{}:
	default:
	}
	return "", nil
}

// indent sets a reply apart from what was typed.
func indent(s string) string {
	return "  " + strings.ReplaceAll(s, "\n", "\n  ")
}

func (c *Channel) print(s string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _ = fmt.Fprint(c.out, s) // a terminal that is gone ends the input as well
}
