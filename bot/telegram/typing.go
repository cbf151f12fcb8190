package telegram

import (
	"context"
	"strconv"
	"sync"
	"time"
)

// typingAfter is how long an answer may take before the person is shown that one is coming. Telegram shows the sign
// for five seconds or until the answer is there.
const typingAfter = 1200 * time.Millisecond

// typingMax bounds how many chats are waited for; in a rush the answers matter more than the sign.
const typingMax = 256

// typing shows the sign for answers that take longer than a moment, once for each. It is safe for concurrent use.
type typing struct {
	mu      sync.Mutex
	show    func(address string)
	waiting map[string]*time.Timer
}

func newTyping(show func(address string)) *typing {
	return &typing{show: show, waiting: map[string]*time.Timer{}}
}

// expect says that a message was taken and an answer is due.
func (t *typing) expect(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.waiting[address] != nil || len(t.waiting) >= typingMax {
		return
	}
	t.waiting[address] = time.AfterFunc(typingAfter, func() {
		if t.done(address) {
			t.show(address)
		}
	})
}

// done says that the answer is being sent. It reports whether one was waited for.
func (t *typing) done(address string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	timer := t.waiting[address]
	delete(t.waiting, address)
	if timer != nil {
		timer.Stop()
	}
	return timer != nil
}

func (t *typing) stopAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for address, timer := range t.waiting {
		timer.Stop()
		delete(t.waiting, address)
	}
}

// showTyping sends the sign. Whether it arrives does not matter.
func (c *Channel) showTyping(address string) {
	to, err := parsePlace(address)
	if err != nil || !c.pace.spare(to.chat) {
		return
	}
	p := params{"chat_id": strconv.FormatInt(to.chat, 10), "action": "typing"}
	if to.thread != 0 {
		p["message_thread_id"] = strconv.FormatInt(to.thread, 10)
	}
	if _, err := c.api.callWithin(context.Background(), 5*time.Second, "sendChatAction", p); err == nil {
		c.state.count("typing")
	}
}
