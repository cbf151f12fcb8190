package relaytest

import (
	"context"
	"fmt"
	"sync"

	"github.com/coder/websocket"
	"go.mau.fi/whatsmeow/binary"
)

// line is one connection of a client: frames with a length in front, each an encrypted node after the handshake.
type line struct {
	ws   *websocket.Conn
	rest []byte // read, but not a whole frame yet
	in   sealer

	mu  sync.Mutex // guards writing
	out sealer
}

// header takes n bytes that come before the first frame.
func (l *line) header(ctx context.Context, n int) error {
	for len(l.rest) < n {
		if err := l.more(ctx); err != nil {
			return err
		}
	}
	l.rest = l.rest[n:]
	return nil
}

func (l *line) more(ctx context.Context) error {
	_, b, err := l.ws.Read(ctx)
	l.rest = append(l.rest, b...)
	return err
}

// next returns the next frame.
func (l *line) next(ctx context.Context) ([]byte, error) {
	for {
		if len(l.rest) >= 3 {
			end := 3 + (int(l.rest[0])<<16 | int(l.rest[1])<<8 | int(l.rest[2]))
			if len(l.rest) >= end {
				f := l.rest[3:end:end]
				l.rest = l.rest[end:]
				return f, nil
			}
		}
		if err := l.more(ctx); err != nil {
			return nil, err
		}
	}
}

// frame writes one frame.
func (l *line) frame(ctx context.Context, b []byte) error {
	n := len(b)
	return l.ws.Write(ctx, websocket.MessageBinary, append([]byte{byte(n >> 16), byte(n >> 8), byte(n)}, b...))
}

// read returns the next node.
func (l *line) read(ctx context.Context) (*node, error) {
	f, err := l.next(ctx)
	if err != nil {
		return nil, err
	}
	plain, err := l.in.open(f, nil)
	if err != nil {
		return nil, fmt.Errorf("open a frame: %w", err)
	}
	if plain, err = binary.Unpack(plain); err != nil {
		return nil, err
	}
	return binary.Unmarshal(plain)
}

// write sends a node.
func (l *line) write(ctx context.Context, n node) error {
	b, err := binary.Marshal(n)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.frame(ctx, l.out.seal(b, nil))
}

// cut ends the connection without a word.
func (l *line) cut() { _ = l.ws.CloseNow() }
