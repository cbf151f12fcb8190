package telegram

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"tanya/bot"
)

// poll reads updates by long polling. The library's own loop asks for the next updates, and so lets Telegram forget
// the last ones, before anybody has looked at them; it notices a stop only between polls. This one goes on only after
// the batch and the offset are on disk together, and ends with its context.
func (c *Channel) poll(ctx context.Context, a bot.Accepter, wg *sync.WaitGroup) error {
	// A webhook that somebody set would keep every poll from working. What waits there is kept.
	if err := c.insist(ctx, c.dropWebhook); err != nil {
		return c.ended(ctx, err)
	}
	offset, err := c.cursor(ctx, a)
	if err != nil {
		return c.ended(ctx, err)
	}
	for pause := pauseMin; ctx.Err() == nil; {
		raws, err := c.fetch(ctx, offset)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			if err := c.pollTrouble(ctx, err); bot.ClassOf(err) == bot.StopChannel {
				return err
			}
			c.sleep(ctx, c.pauseFor(err, pause))
			pause = min(2*pause, pauseMax)
			continue
		}
		c.state.set(Polling, "")
		if len(raws) == 0 {
			pause = pauseMin
			continue
		}
		b := c.readBatch(raws, offset)
		if !c.hand(ctx, a, b) {
			break
		}
		c.follow(ctx, b, wg)
		if b.next > offset {
			pause = pauseMin
		} else { // old updates again: harmless, but a server that goes on like this must not be asked without rest
			c.sleep(ctx, c.roll(pause))
			pause = min(2*pause, pauseMax)
		}
		offset = b.next
	}
	return nil
}

// ended is nil when the channel was told to stop, else the reason.
func (c *Channel) ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (c *Channel) dropWebhook(ctx context.Context) error {
	_, err := c.api.call(ctx, "deleteWebhook", params{"drop_pending_updates": "false"})
	return err
}

// cursor asks the ledger where to go on, for as long as it takes. 0 means at the oldest that Telegram has.
func (c *Channel) cursor(ctx context.Context, a bot.Accepter) (int64, error) {
	for pause := pauseMin; ; pause = min(2*pause, pauseMax) {
		s, err := a.Cursor(ctx, Name)
		if err == nil {
			n, _ := strconv.ParseInt(s, 10, 64) // "" and what we did not write mean the beginning
			return max(n, 0), nil
		}
		c.log.Error("the place to go on reading is not known yet", "class", bot.ClassOf(err), "err", err)
		if !c.sleep(ctx, c.roll(pause)) {
			return 0, ctx.Err()
		}
	}
}

// fetch makes one poll.
func (c *Channel) fetch(ctx context.Context, offset int64) ([]json.RawMessage, error) {
	p := params{
		"timeout": strconv.Itoa(int(c.conf.Wait / time.Second)), "limit": "100", "allowed_updates": wanted,
	}
	if offset > 0 {
		p["offset"] = strconv.FormatInt(offset, 10)
	}
	raw, err := c.api.callWithin(ctx, c.conf.Wait+c.conf.Timeout, "getUpdates", p)
	if err != nil {
		return nil, err
	}
	var raws []json.RawMessage
	if err := json.Unmarshal(raw, &raws); err != nil {
		return nil, &fault{method: "getUpdates", status: http.StatusOK, err: err}
	}
	return raws, nil
}

// pollTrouble notes why a poll failed. A webhook that was set meanwhile is taken down; another poller is waited for.
func (c *Channel) pollTrouble(ctx context.Context, err error) error {
	var f *fault
	if asFault(err, &f) && f.status == http.StatusConflict && strings.Contains(f.said, "webhook is active") {
		c.log.Warn("a webhook was set and is taken down, because this program polls")
		if err := c.dropWebhook(ctx); err != nil {
			return c.trouble(err)
		}
		return nil
	}
	return c.trouble(err)
}

// hand gives a batch to the ledger, for as long as it takes, and reports whether it is on disk. A message that the
// ledger will never take is handed over as Broken, so that it does not hold up the others.
func (c *Channel) hand(ctx context.Context, a bot.Accepter, b batch) bool {
	c.expect(b)
	cursor := strconv.FormatInt(b.next, 10)
	err := c.keep(ctx, a, bot.Batch{Channel: Name, Messages: b.messages, Cursor: cursor})
	if bot.ClassOf(err) == bot.Invalid {
		for _, m := range b.messages {
			if err = c.keep(ctx, a, bot.Batch{Channel: Name, Messages: []bot.Message{m}}); bot.ClassOf(err) == bot.Invalid {
				err = c.keep(ctx, a, bot.Batch{Channel: Name, Messages: []bot.Message{unreadable(m)}})
			}
		}
		if ctx.Err() == nil {
			err = c.keep(ctx, a, bot.Batch{Channel: Name, Cursor: cursor})
		}
	}
	if err == nil {
		c.accepted(b)
	}
	return err == nil
}

// unreadable is what is left of a message that the ledger does not take.
func unreadable(m bot.Message) bot.Message {
	return bot.Message{Channel: Name, External: m.External, Kind: bot.Broken}
}

// keep calls Accept until it succeeds, ctx ends or the batch is refused for good.
func (c *Channel) keep(ctx context.Context, a bot.Accepter, out bot.Batch) error {
	for pause := pauseMin; ; pause = min(2*pause, pauseMax) {
		err := a.Accept(ctx, out)
		if err == nil || ctx.Err() != nil {
			return err
		}
		class := bot.ClassOf(err)
		c.log.Error("messages are not on disk yet and stay with Telegram", "messages", len(out.Messages), "class", class, "err", err)
		if class == bot.Invalid || !c.sleep(ctx, c.roll(pause)) {
			return err
		}
	}
}

// expect gets typing signs ready. It comes before Accept, because the answer may be on its way before that returns.
func (c *Channel) expect(b batch) {
	for _, m := range b.messages {
		if m.Kind == bot.Text || m.Kind == bot.Tap {
			c.typing.expect(m.Address)
		}
	}
}

// accepted notes that a batch is on disk.
func (c *Channel) accepted(b batch) {
	if len(b.messages) > 0 {
		c.state.in(c.now())
	}
	for _, m := range b.messages {
		c.state.count("accepted_" + string(m.Kind))
	}
}

// follow answers what waits for no reply: taps, so that the button comes to rest, and inline queries.
func (c *Channel) follow(ctx context.Context, b batch, wg *sync.WaitGroup) {
	if len(b.taps) > 0 {
		wg.Go(func() { c.settleTaps(ctx, b.taps) })
	}
	for _, q := range b.inline {
		select {
		case c.inline <- struct{}{}:
			wg.Go(func() {
				defer func() { <-c.inline }()
				c.answerInline(ctx, q)
			})
		default:
			c.state.count("inline_dropped") // the next letter that is typed asks again
		}
	}
}

// settleTaps answers callback queries with nothing, which ends their waiting. One that fails is not tried again: a
// query lives for a few seconds only, and the reply itself comes by another way.
func (c *Channel) settleTaps(ctx context.Context, ids []string) {
	for _, id := range ids {
		_, err := c.api.call(ctx, "answerCallbackQuery", params{"callback_query_id": id})
		var f *fault
		if asFault(err, &f) && !f.refused() {
			_, err = c.api.call(ctx, "answerCallbackQuery", params{"callback_query_id": id})
		}
		if err != nil && ctx.Err() == nil {
			c.log.Info("a tap was not confirmed", "err", err)
		}
		c.state.count("callback")
	}
}
