package relaytest

import (
	"context"
	"time"

	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// handle takes one node that a client sent.
func (r *Relay) handle(ctx context.Context, l *line, d *number, n *node) {
	if d == nil && n.Tag != "iq" {
		return // not linked yet
	}
	switch n.Tag {
	case "iq":
		if n.Attrs["type"] == "result" {
			if _, signed := n.GetOptionalChildByTag("pair-device-sign"); signed {
				_ = l.write(ctx, node{Tag: "stream:error", Attrs: binary.Attrs{"code": "515"}})
			}
			return
		}
		if n.Attrs["xmlns"] == "w:p" && d != nil && r.deaf(d.phone) {
			return
		}
		answer := r.answer(l, d, n)
		_ = l.write(ctx, answer)
	case "message":
		r.message(ctx, l, d, n)
	case "receipt":
		r.receipt(ctx, l, d, n)
	case "presence":
		kind, _ := n.Attrs["type"].(string)
		r.note(d, kind)
	case "chatstate":
		for _, state := range n.GetChildren() {
			r.note(d, state.Tag)
		}
	case "ack":
		id, _ := n.Attrs["id"].(string)
		class, _ := n.Attrs["class"].(string)
		r.received(d, class, id)
	}
}

// message hands each device of the receiver its own ciphertext and acknowledges the whole.
func (r *Relay) message(ctx context.Context, l *line, d *number, n *node) {
	id, _ := n.Attrs["id"].(string)
	to, _ := n.Attrs["to"].(types.JID)
	r.mu.Lock()
	if target := r.find(to); target != nil && target != d {
		r.sent[d.phone] = append(r.sent[d.phone], Sending{ID: id, To: target.phone})
	}
	d.acts = append(d.acts, "message")
	silent, refusal, lost := r.faults.send(d.phone)
	r.mu.Unlock()
	if refusal == 0 && !lost {
		r.carry(d, to, id, n)
	}
	if silent {
		return
	}
	ack := binary.Attrs{"class": "message", "id": id, "from": to, "t": time.Now().Unix()}
	if refusal != 0 {
		ack["error"] = refusal
	}
	_ = l.write(ctx, node{Tag: "ack", Attrs: ack})
}

// carry queues a message for the devices it is meant for.
func (r *Relay) carry(d *number, to types.JID, id string, n *node) {
	var extra []node
	if proof, ok := n.GetOptionalChildByTag("device-identity"); ok {
		extra = append(extra, proof)
	}
	send := func(dst types.JID, enc node) {
		if dst.User == d.pn.User || dst.User == d.lid.User {
			return // the sender's own telephone, which nobody plays
		}
		a := binary.Attrs{"id": id, "t": time.Now().Unix(), "type": n.Attrs["type"]}
		if name := r.name(d.phone); name != "" {
			a["notify"] = name
		}
		switch r.speaks(d.phone) {
		case ByNumber:
			a["from"], a["sender_lid"] = d.pn, d.lid
		case ByNumberOnly:
			a["from"] = d.pn
		default:
			a["from"], a["sender_pn"] = d.lid, d.pn
		}
		if at := r.clock(); at != 0 {
			a["t"] = at
		}
		r.push(dst, node{Tag: "message", Attrs: a, Content: append([]node{enc}, extra...)})
	}
	parts := n.GetChildByTag("participants")
	for _, p := range parts.GetChildren() {
		if dst, ok := p.Attrs["jid"].(types.JID); ok {
			send(dst, p.GetChildByTag("enc"))
		}
	}
	if enc, ok := n.GetOptionalChildByTag("enc"); ok { // sent again to one device
		send(to, enc)
	}
}

// receipt tells the sender of a message what became of it.
func (r *Relay) receipt(ctx context.Context, l *line, d *number, n *node) {
	id, _ := n.Attrs["id"].(string)
	kind, _ := n.Attrs["type"].(string)
	if kind != "retry" && kind != "read" {
		r.received(d, "message", id)
	}
	_ = l.write(ctx, node{Tag: "ack", Attrs: binary.Attrs{"class": "receipt", "id": id, "from": n.Attrs["to"]}})
	to, ok := n.Attrs["to"].(types.JID)
	if !ok || kind == "inactive" || kind == "" {
		return
	}
	r.mu.Lock()
	r.faults.receipts = append(r.faults.receipts, Receipt{From: d.phone, Kind: kind, ID: id})
	d.acts = append(d.acts, kind)
	r.mu.Unlock()
	from := d.pn
	if to.Server == types.HiddenUserServer {
		from = d.lid
	}
	r.push(to, node{
		Tag: "receipt", Content: n.Content,
		Attrs: binary.Attrs{"from": from, "id": id, "type": kind, "t": time.Now().Unix()},
	})
}

// answer is the answer to a question of a client.
func (r *Relay) answer(l *line, d *number, n *node) node {
	space, _ := n.Attrs["xmlns"].(string)
	name := ""
	if c := n.GetChildren(); len(c) > 0 {
		name = c[0].Tag
	}
	a := node{Tag: "iq", Attrs: binary.Attrs{"from": types.ServerJID, "type": "result", "id": n.Attrs["id"]}}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queries[space+"/"+name]++
	switch {
	case name == "link_code_companion_reg":
		a.Content = r.codeStep(l, n.GetChildByTag(name))
	case d == nil:
	case space == "md" && name == "remove-companion-device":
		delete(r.numbers, d.phone)
	case name == "media_conn":
		a.Content = mediaConn()
	case space == "encrypt":
		a.Content = r.keys(d, n, name)
	case space == "usync":
		a.Content = r.people(n)
	case space == "privacy":
		all := node{Tag: "category", Attrs: binary.Attrs{"name": "readreceipts", "value": "all"}}
		a.Content = []node{{Tag: "privacy", Content: []node{all}}}
	}
	return a
}

// keys takes and gives public keys. The lock is held.
func (r *Relay) keys(d *number, n *node, name string) any {
	switch {
	case name == "count":
		return []node{{Tag: "count", Attrs: binary.Attrs{"value": len(d.prekeys)}}}
	case n.Attrs["type"] == "set":
		d.registration = n.GetChildByTag("registration").Content
		d.identityKey = n.GetChildByTag("identity").Content
		signed := n.GetChildByTag("skey")
		d.signed = &signed
		list := n.GetChildByTag("list")
		d.prekeys = append(d.prekeys, list.GetChildren()...)
	case name == "key":
		var users []node
		asked := n.GetChildByTag("key")
		for _, u := range asked.GetChildren() {
			j, _ := u.Attrs["jid"].(types.JID)
			users = append(users, node{Tag: "user", Attrs: binary.Attrs{"jid": j}, Content: r.bundle(j)})
		}
		return []node{{Tag: "list", Content: users}}
	}
	return nil
}

// bundle gives what is needed to write to a device for the first time. The lock is held.
func (r *Relay) bundle(j types.JID) []node {
	t := r.find(j)
	if t == nil || t.signed == nil || len(t.prekeys) == 0 || j.Device != device {
		return []node{{Tag: "error", Attrs: binary.Attrs{"code": "404", "text": "item-not-found"}}}
	}
	once := t.prekeys[0]
	t.prekeys = t.prekeys[1:]
	return []node{
		{Tag: "registration", Content: t.registration}, {Tag: "type", Content: []byte{5}},
		{Tag: "identity", Content: t.identityKey}, once, *t.signed,
	}
}

// people tells which devices and addresses people have. The lock is held.
func (r *Relay) people(n *node) any {
	var users []node
	list := n.GetChildByTag("usync", "list")
	for _, u := range list.GetChildren() {
		j, _ := u.Attrs["jid"].(types.JID)
		found := node{Tag: "user", Attrs: binary.Attrs{"jid": j}}
		if t := r.find(j); t != nil {
			if r.faults.hidden[t.phone] {
				users = append(users, found)
				continue
			}
			one := node{Tag: "device", Attrs: binary.Attrs{"id": device, "key-index": 1}}
			found.Content = []node{
				{Tag: "devices", Content: []node{{Tag: "device-list", Content: []node{one}}}},
				{Tag: "lid", Attrs: binary.Attrs{"val": t.lid.ToNonAD()}},
			}
		}
		users = append(users, found)
	}
	return []node{{Tag: "usync", Content: []node{{Tag: "list", Content: users}}}}
}
