package locales

// The keys of what the dialogue offers beside answers: callbacks, feedback, the report coach, the quiz, sharing.
const (
	AllRight    Key = "all_right"        // answer to a nod
	Comfort     Key = "comfort"          // for somebody who is afraid
	Crisis      Key = "crisis"           // for somebody who wishes to die; .Number and .Page are facts
	Outside     Key = "outside"          // nothing that we know is near to it
	OneMore     Key = "one_more"         // a question of the same message that was not answered yet
	SendAgain   Key = "send_again"       // such a question that was not understood
	EasyLang    Key = "easy_lang"        // easy texts are in Indonesian only
	RemindOffer Key = "remind_offer"     // label of the choice
	RemindSet   Key = "remind_set"       // {{.Election}} {{.Date}}: when it comes
	RemindNone  Key = "remind_none"      // there is nothing to be reminded of
	RemindElse  Key = "remind_elsewhere" // this channel cannot remind
	RemindBound Key = "remind_bound"     // this number may only answer within a day
	RemindText  Key = "remind_text"      // {{.Election}} {{.Date}}: the reminder

	WaitOffer  Key = "wait_offer"  // label of the choice
	WaitSet    Key = "wait_set"    //
	WaitBound  Key = "wait_bound"  // as wait_set, where nothing may be sent after a day
	WaitNone   Key = "wait_none"   // nothing waits
	WaitTold   Key = "wait_told"   // above the answer that was waited for
	NotHelpful Key = "not_helpful" // label of the choice
	WhyNot     Key = "why_not"     // asks for a reason
	WhyOther   Key = "why_misunderstood"
	WhyUnclear Key = "why_unclear"
	WhyPartial Key = "why_partial"
	WhyWrong   Key = "why_wrong"
	RatedDown  Key = "rated_down"
	RatedUp    Key = "rated_up"

	Spoken Key = "spoken" // {{.MB}}, above the link to a recording
	Signed Key = "signed" // {{.MB}}, above the link to a film in sign language

	CorrectedNow Key = "corrected_now" // above the right answer, for who got a wrong one
	StopHint     Key = "stop_hint"     // below it

	ThisPart    Key = "this_part"    // above the paragraph that speaks of what is asked
	Briefly     Key = "briefly"      // above the short form of an answer that was just given
	SaidTwice   Key = "said_twice"   // the short form was given too
	InFull      Key = "in_full"      // label of the choice
	NothingSaid Key = "nothing_said" // there is no answer to repeat

	CoachOffer   Key = "coach_offer"
	CoachIntro   Key = "coach_intro"
	CoachMoney   Key = "coach_money"
	CoachNeutral Key = "coach_neutral"
	CoachThreat  Key = "coach_threat"
	CoachOther   Key = "coach_other"
	CoachWhen    Key = "coach_when"
	CoachToday   Key = "coach_today"
	CoachAgo     Key = "coach_ago" // {{.Days}}
	CoachYester  Key = "coach_yesterday"
	CoachOlder   Key = "coach_older"
	CoachReady   Key = "coach_ready"
	CoachAll     Key = "coach_all"
	CoachSome    Key = "coach_some"
	CoachLast    Key = "coach_last" // {{.Date}} {{.Count}}
	CoachLate    Key = "coach_late"
	CoachIdle    Key = "coach_idle" // no stage is under way
	CoachSafety  Key = "coach_safety"
	CoachBring   Key = "coach_bring"
	CoachMissing Key = "coach_missing"
	CoachSheet   Key = "coach_sheet"
	FlowOnlyPick Key = "flow_only_pick"
	FlowLeave    Key = "flow_leave"

	QuizIntro Key = "quiz_intro"
	QuizTrue  Key = "quiz_true"
	QuizFalse Key = "quiz_false"
	QuizRight Key = "quiz_right"
	QuizWrong Key = "quiz_wrong"
	QuizItem  Key = "quiz_item" // {{.N}} {{.Of}} {{.Claim}}
	QuizEnd   Key = "quiz_end"  // {{.Right}} {{.Of}}

	ShareLead    Key = "share_lead"
	ShareCode    Key = "share_code"      // {{.Code}}
	ShareCard    Key = "share_code_card" // {{.Code}}
	ShareUntil   Key = "share_until"     // {{.Date}}
	ShareNone    Key = "share_none"
	ShareNoEnd   Key = "share_no_end"
	VerifySame   Key = "verify_same"
	VerifyOld    Key = "verify_old"
	VerifyOther  Key = "verify_altered" // {{.Words}}
	VerifyNot    Key = "verify_not_ours"
	VerifyMasked Key = "verify_masked"
	VerifyLinks  Key = "verify_links"
	VerifyMoved  Key = "verify_moved"

	SegmentAsk   Key = "segment_ask"
	SegmentSkip  Key = "segment_skip"
	SegmentDone  Key = "segment_done"
	SegFirst     Key = "segment_pemilih-pemula"
	SegYoung     Key = "segment_pemilih-muda"
	SegDisabled  Key = "segment_disabilitas"
	SegMarginal  Key = "segment_marjinal"
	SegCommunity Key = "segment_komunitas"
	SegInternet  Key = "segment_warga-internet"
	ActivitySet  Key = "activity_set" // {{.Name}}
)

func talkKeys() []Key {
	return []Key{
		Spoken, Signed, CorrectedNow, StopHint, ThisPart, Briefly, SaidTwice, InFull, NothingSaid,
		AllRight, Comfort, Crisis, Outside, OneMore, SendAgain, EasyLang, RemindOffer, RemindSet, RemindNone, RemindElse, RemindBound, RemindText, WaitOffer, WaitSet, WaitBound, WaitNone, WaitTold, NotHelpful, WhyNot, WhyOther, WhyUnclear, WhyPartial, WhyWrong, RatedDown, RatedUp,
		CoachOffer, CoachIntro, CoachMoney, CoachNeutral, CoachThreat, CoachOther, CoachWhen, CoachToday, CoachAgo, CoachYester,
		CoachOlder, CoachReady, CoachAll, CoachSome, CoachLast, CoachLate, CoachIdle, CoachSafety, CoachBring, CoachMissing, CoachSheet,
		FlowOnlyPick, FlowLeave, QuizIntro, QuizTrue, QuizFalse, QuizRight, QuizWrong, QuizItem, QuizEnd,
		ShareLead, ShareCode, ShareCard, ShareUntil, ShareNone, ShareNoEnd, VerifySame, VerifyOld, VerifyOther, VerifyNot, VerifyMasked, VerifyLinks, VerifyMoved,
		SegmentAsk, SegmentSkip, SegmentDone, SegFirst, SegYoung, SegDisabled, SegMarginal, SegCommunity, SegInternet, ActivitySet,
	}
}
