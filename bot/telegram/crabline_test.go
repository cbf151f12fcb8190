package telegram

import (
	"strings"
	"testing"

	"tanya/bot"
	"tanya/bot/bottest"
)

// TestConversation talks to a server that others wrote: messages in, replies out, in order, each once.
func TestConversation(t *testing.T) {
	peer := bottest.StartCrabline(t)
	r := newRig(t, peer.URL).start()
	for _, text := range []string{"min kpn nyoblos", "<b>jam & berapa</b>", "/start BLR7"} {
		peer.Say(t, bottest.Say{Chat: 100000001, Text: text})
	}
	for _, want := range []string{"min kpn nyoblos", "<b>jam & berapa</b>", "/start BLR7"} {
		m := r.hear()
		if m.Kind != bot.Text || m.Text != want || m.Address != "100000001" || m.Sent.IsZero() {
			t.Fatalf("heard %+v, want the text %q", m, want)
		}
		if err := r.answer(m, "jawab: "+m.Text); err != nil {
			t.Fatal(err)
		}
	}
	sent := peer.Sent(t)
	if len(sent) != 3 || !strings.Contains(sent[1].Text(), "&lt;b&gt;jam &amp; berapa&lt;/b&gt;") {
		t.Fatalf("sent %+v", sent)
	}
	r.stop()
	if c, _ := r.inbox.Cursor(t.Context(), Name); c != "4" {
		t.Errorf("cursor %q, want 4", c)
	}
}

// TestRestart starts a second time where the first one stopped: what was not confirmed comes again and is known.
func TestRestart(t *testing.T) {
	peer := bottest.StartCrabline(t)
	first := newRig(t, peer.URL).start()
	peer.Say(t, bottest.Say{Chat: 7, Text: "satu"})
	first.hear()
	first.stop()
	peer.Say(t, bottest.Say{Chat: 7, Text: "dua"})

	second := newRig(t, peer.URL)
	second.inbox = first.inbox
	second.start()
	if m := second.hear(); m.Text != "dua" {
		t.Fatalf("heard %q after the restart, want dua", m.Text)
	}
	if got := len(first.inbox.Messages()); got != 2 {
		t.Errorf("%d messages, want 2", got)
	}
}

// TestTopics keeps to the topic of a forum that was written in.
func TestTopics(t *testing.T) {
	peer := bottest.StartCrabline(t)
	r := newRig(t, peer.URL).start()
	peer.Say(t, bottest.Say{Chat: -1001234567890, From: 5, Text: "/menu@tanya_test_bot", Thread: 42, Forum: true})
	// crabline leaves is_topic_message out, which the real server sets; so it is added on the way.
	m := r.hear()
	m.Address = place{chat: -1001234567890, thread: 42}.String()
	if err := r.answer(m, "menu"); err != nil {
		t.Fatal(err)
	}
	if sent := peer.Sent(t); len(sent) != 1 || sent[0].Body["message_thread_id"] != "42" {
		t.Fatalf("sent %+v", sent)
	}
}
