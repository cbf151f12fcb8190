package locales

// The keys of what the operator reads about the WhatsApp account that this program is linked to. The numbers are
// WhatsApp's answers to a connection.
const (
	WAUp          Key = "wa_up" // the linked device works
	WAConnecting  Key = "wa_connecting"
	WADown        Key = "wa_down" // {{.Since}}
	WAIdle        Key = "wa_idle" // linked, not running
	WAUnlinked    Key = "wa_unlinked"
	WALoggedOut   Key = "wa_logged_out" // answer 401
	WALocked      Key = "wa_locked"     // answer 403
	WABanned      Key = "wa_banned"     // answer 406
	WAPaused      Key = "wa_paused"     // answer 402: {{.Until}}
	WAOutdated    Key = "wa_outdated"   // answer 405
	WAReplaced    Key = "wa_replaced"
	WAInUse       Key = "wa_in_use"
	WAWaiting     Key = "wa_waiting"
	WARefused     Key = "wa_refused"  // {{.Code}}
	WATimelock    Key = "wa_timelock" // answer 463
	WAStore       Key = "wa_store"
	WALinked      Key = "wa_linked"
	WAPairTimeout Key = "wa_pair_timeout"
	WAPairOffline Key = "wa_pair_offline"
	WAPairFailed  Key = "wa_pair_failed"
	WAPairPasskey Key = "wa_pair_passkey"
	WAPairPhone   Key = "wa_pair_phone"
	WAForgotten   Key = "wa_forgotten"
)

// whatsappKeys lists them for Keys.
func whatsappKeys() []Key {
	return []Key{
		WAUp, WAConnecting, WADown, WAIdle, WAUnlinked, WALoggedOut, WALocked, WABanned, WAPaused, WAOutdated, WAReplaced,
		WAInUse, WAWaiting, WARefused, WATimelock, WAStore, WALinked, WAPairTimeout, WAPairOffline, WAPairFailed, WAPairPasskey, WAPairPhone,
		WAForgotten,
	}
}
