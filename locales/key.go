package locales

import "slices"

// The keys of the sentences that citizens read.
const (
	Welcome     Key = "welcome"    // first contact, when the message was only a greeting
	FirstNote   Key = "first_note" // first contact, below an answer
	HelloDay    Key = "hello_day"  // greeting by time of day: {{.Time}} is one of the times below
	Morning     Key = "morning"    // from 4 o'clock
	Noon        Key = "noon"       // from 11
	Afternoon   Key = "afternoon"  // from 15
	Evening     Key = "evening"    // from 18
	Thanks      Key = "thanks"
	MenuPrompt  Key = "menu_prompt"
	MenuHint    Key = "menu_hint"
	TopicPrompt Key = "topic_prompt" // {{.Topic}}
	Back        Key = "back"
	Which       Key = "which" // which of these did you mean
	NoneOfThese Key = "none"
	PickNumber  Key = "pick_number" // {{.Max}}
	NoMenuOpen  Key = "no_menu_open"
	OldChoice   Key = "old_choice"
	Miss        Key = "miss" // first question that was not understood
	MissClosest Key = "miss_closest"
	MissAgain   Key = "miss_again" // second: a person
	AfterNone   Key = "after_none"
	Corrected   Key = "corrected" // "not that one"
	PersonIntro Key = "person_intro"
	Related     Key = "related"
	Source      Key = "source"
	CheckedOn   Key = "checked_on" // {{.Date}}
	NotTextKey  Key = "not_text"
	VoiceNote   Key = "voice_note"
	StoppedKey  Key = "stopped"
	ErasedKey   Key = "erased"
	LangSet     Key = "lang_set"
	LangPrompt  Key = "lang_prompt"
	EasyOn      Key = "easy_on"
	EasyOff     Key = "easy_off"
	ExpiredKey  Key = "expired"
	Unavailable Key = "unavailable"
	BusyKey     Key = "busy"
	TooLong     Key = "too_long"
	Calm        Key = "calm" // answer to insults
	MenuWord    Key = "menu_word"
	PersonWord  Key = "person_word"
	And         Key = "and"
)

// The names of the topics in the main menu.
const (
	TopicSchedule   Key = "topic_jadwal"
	TopicRights     Key = "topic_hak-pilih"
	TopicPolling    Key = "topic_tps"
	TopicAccess     Key = "topic_akses"
	TopicMoney      Key = "topic_politik-uang"
	TopicNeutrality Key = "topic_netralitas"
	TopicOffice     Key = "topic_kpu"
)

// Keys lists every key, for the proof that no catalogue lacks one.
func Keys() []Key {
	return append(slices.Concat(talkKeys(), webKeys(), telegramKeys(), whatsappKeys(), cloudKeys(), exportKeys(), kitKeys()), []Key{
		Welcome, FirstNote, HelloDay, Morning, Noon, Afternoon, Evening, Thanks, MenuPrompt, MenuHint, TopicPrompt, Back, Which,
		NoneOfThese, PickNumber, NoMenuOpen, OldChoice, Miss, MissClosest, MissAgain, AfterNone, Corrected, PersonIntro,
		Related, Source, CheckedOn, NotTextKey, VoiceNote, StoppedKey, ErasedKey, LangSet, LangPrompt, EasyOn, EasyOff, ExpiredKey,
		Unavailable, BusyKey, TooLong, Calm, MenuWord, PersonWord, And,
		TopicSchedule, TopicRights, TopicPolling, TopicAccess, TopicMoney, TopicNeutrality, TopicOffice,
	}...)
}
