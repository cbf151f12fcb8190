package locales

// The keys of what the Cloud API channel of WhatsApp says: one word to citizens, the rest to the operator.
const (
	CloudChoose      Key = "wac_choose" // on the button that opens a list, at most 20 characters
	CloudToken       Key = "wac_token"
	CloudNumber      Key = "wac_number"
	CloudLocked      Key = "wac_locked"
	CloudBilling     Key = "wac_billing"
	CloudSpam        Key = "wac_spam"
	CloudSlow        Key = "wac_slow"
	CloudUnreachable Key = "wac_unreachable"
	CloudWindow      Key = "wac_window"
	CloudGone        Key = "wac_gone"
	CloudInvalid     Key = "wac_invalid" // {{.Code}}
)

// cloudKeys lists them for Keys.
func cloudKeys() []Key {
	return []Key{
		CloudChoose, CloudToken, CloudNumber, CloudLocked, CloudBilling, CloudSpam, CloudSlow, CloudUnreachable, CloudWindow,
		CloudGone, CloudInvalid,
	}
}
