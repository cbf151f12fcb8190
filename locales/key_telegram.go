package locales

// The keys of what Telegram shows of the bot: its name, its descriptions, its commands, and what goes with an answer
// that is shared through inline mode.
const (
	TelegramName    Key = "tg_name"  // at most 64 characters
	TelegramAbout   Key = "tg_about" // before the first message, at most 512
	TelegramShort   Key = "tg_short" // on the profile, at most 120
	TelegramMenu    Key = "tg_menu"
	TelegramPerson  Key = "tg_person"
	TelegramLang    Key = "tg_lang"
	TelegramEasy    Key = "tg_easy"
	TelegramPrivacy Key = "tg_privacy"
	TelegramErase   Key = "tg_erase"
	TelegramStop    Key = "tg_stop"
	TelegramQuiz    Key = "tg_quiz"
	TelegramReport  Key = "tg_report"
	TelegramShare   Key = "tg_share"
	TelegramAsk     Key = "tg_ask"  // leads from inline mode to a private chat
	TelegramCode    Key = "tg_code" // {{.Code}} {{.Edition}} {{.Bot}}
)

func telegramKeys() []Key {
	return []Key{
		TelegramName, TelegramAbout, TelegramShort, TelegramMenu, TelegramPerson, TelegramLang, TelegramEasy, TelegramPrivacy,
		TelegramErase, TelegramStop, TelegramQuiz, TelegramReport, TelegramShare, TelegramAsk, TelegramCode,
	}
}
