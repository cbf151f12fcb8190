package locales

// The keys of what the web page says around the messages.
const (
	WebAutomatic  Key = "web_automatic" // honest line below the title
	WebSkip       Key = "web_skip"      // first link of the page
	WebLog        Key = "web_log"       // name of the region with the messages
	WebYou        Key = "web_you"
	WebField      Key = "web_field" // label of the box
	WebHint       Key = "web_hint"  // below the box
	WebSend       Key = "web_send"
	WebWaiting    Key = "web_waiting"
	WebReload     Key = "web_reload" // without JavaScript
	WebOffline    Key = "web_offline"
	WebFailed     Key = "web_failed"
	WebRetry      Key = "web_retry"
	WebNotSent    Key = "web_not_sent" // title above what went wrong
	WebEmpty      Key = "web_empty"
	WebDown       Key = "web_down"
	WebWrong      Key = "web_wrong"   // the form lacks what the page put into it
	WebNewTab     Key = "web_new_tab" // read out behind a link
	WebOpenSource Key = "web_open_source"
	WebLanguage   Key = "web_language" // name of the language switch
	WebPrivacy    Key = "web_privacy"
	WebBack       Key = "web_back"
	WebPicked     Key = "web_picked"  // stands for a tapped choice whose label is not known any more
	WebPicture    Key = "web_picture" // in front of a picture's description
	WebCode       Key = "web_code"    // {{.Code}}
	WebOpen       Key = "web_open"    // button on other sites
	WebClose      Key = "web_close"
	WebNotFound   Key = "web_not_found"
)

// webKeys lists the keys of the web page.
func webKeys() []Key {
	return []Key{
		WebAutomatic, WebSkip, WebLog, WebYou, WebField, WebHint, WebSend, WebWaiting, WebReload, WebOffline, WebFailed,
		WebRetry, WebNotSent, WebEmpty, WebDown, WebWrong, WebNewTab, WebOpenSource, WebLanguage, WebPrivacy, WebBack,
		WebPicked, WebPicture, WebCode, WebOpen, WebClose, WebNotFound,
	}
}
