package locales

// The keys of what is printed and shared for an activity.
const (
	KitHeadline  Key = "kit_headline"
	KitSecond    Key = "kit_second" // below the headline, in another language
	KitCall      Key = "kit_call"
	KitCamera    Key = "kit_step_camera"
	KitPoint     Key = "kit_step_point"
	KitAsk       Key = "kit_step_ask"
	KitTopics    Key = "kit_topics"
	KitTyped     Key = "kit_typed"
	KitOpen      Key = "kit_open"
	KitCode      Key = "kit_code"    // {{.Code}}
	KitSource    Key = "kit_source"  // {{.Office}}
	KitCareful   Key = "kit_careful" //
	KitShare     Key = "kit_share"   // {{.Office}}; a message for groups
	KitSimulated Key = "kit_simulated"
)

// kitKeys lists the keys of the kit.
func kitKeys() []Key {
	return []Key{
		KitHeadline, KitSecond, KitCall, KitCamera, KitPoint, KitAsk, KitTopics, KitTyped, KitOpen, KitCode, KitSource, KitCareful,
		KitShare, KitSimulated,
	}
}
