package bot

import (
	"strings"

	"tanya/faq"
	"tanya/faq/text"
)

// command is something that a person asks of the program itself.
type command string

const (
	cmdNone    command = ""
	cmdMenu    command = "menu"
	cmdPerson  command = "person"
	cmdStop    command = "stop"
	cmdStart   command = "start"
	cmdErase   command = "erase"
	cmdPrivacy command = "privacy"
	cmdLang    command = "lang"
	cmdEasy    command = "easy"
	cmdPlain   command = "plain"
	cmdNotThat command = "not_that"
	cmdShare   command = "share"
	cmdCoach   command = "coach"
	cmdQuiz    command = "quiz"
	cmdQuizPre command = "quiz:awal"
	cmdQuizEnd command = "quiz:akhir"
	cmdHelped  command = "helped"
	cmdWait    command = "wait"
	cmdRemind  command = "remind"
	cmdAgain   command = "again"   // the last answer in full once more
	cmdSimpler command = "simpler" // the last answer in simpler words

	cmdUnhelpful command = "unhelpful"
	cmdID        command = "lang:id"
	cmdJV        command = "lang:jv"
	cmdEN        command = "lang:en"
)

// commandWords are the words that name a command, as text.Normalize writes them. Only a message that is nothing but
// such words is a command, so that "menu pilihan calon" stays a question.
var commandWords = map[string]command{
	"menu": cmdMenu, "0": cmdMenu, "00": cmdMenu, "menu utama": cmdMenu, "home": cmdMenu, "kembali": cmdMenu, "kembali ke menu": cmdMenu,
	"back": cmdMenu, "balik": cmdMenu, "bali": cmdMenu, "wangsul": cmdMenu, "daftar topik": cmdMenu, "topik": cmdMenu, "help": cmdMenu, "bantuan": cmdMenu,
	"tulung": cmdMenu, "main menu": cmdMenu, "nol": cmdMenu, "pilihan": cmdMenu, "dhaptar": cmdMenu, "keluar": cmdMenu, "exit": cmdMenu, "quit": cmdMenu, "medal": cmdMenu,

	"petugas": cmdPerson, "officer": cmdPerson, "operator": cmdPerson, "human": cmdPerson, "manusia": cmdPerson, "orang": cmdPerson,
	"cs": cmdPerson, "customer service": cmdPerson, "admin manusia": cmdPerson, "bicara dengan petugas": cmdPerson, "hubungi petugas": cmdPerson,
	"ngomong sama orang": cmdPerson, "bicara sama petugas": cmdPerson, "ngobrol sama petugas": cmdPerson, "bicara dengan orang": cmdPerson, "chat petugas": cmdPerson, "talk to a person": cmdPerson, "person": cmdPerson, "kontak": cmdPerson, "contact": cmdPerson, "agent": cmdPerson,

	"berhenti": cmdStop, "stop": cmdStop, "mandheg": cmdStop, "mandeg": cmdStop, "unsubscribe": cmdStop, "henti": cmdStop, "jangan kirim lagi": cmdStop,
	"start": cmdStart, "mulai": cmdStart, "wiwit": cmdStart,

	"hapus": cmdErase, "hapus data": cmdErase, "hapus data saya": cmdErase, "erase": cmdErase, "delete": cmdErase, "delete my data": cmdErase, "busak": cmdErase,
	"hapus riwayat": cmdErase, "lupakan saya": cmdErase, "forget me": cmdErase,
	"privasi": cmdPrivacy, "privacy": cmdPrivacy, "kebijakan privasi": cmdPrivacy, "privacy policy": cmdPrivacy,

	"bahasa": cmdLang, "language": cmdLang, "basa": cmdLang, "ganti bahasa": cmdLang, "lang": cmdLang, "ganti basa": cmdLang, "change language": cmdLang,
	"bahasa indonesia": cmdID, "indonesia": cmdID, "indonesian": cmdID, "id": cmdID, "basa indonesia": cmdID, "pakai bahasa indonesia": cmdID, "in indonesian": cmdID,
	"bahasa jawa": cmdJV, "basa jawa": cmdJV, "jawa": cmdJV, "jv": cmdJV, "basa jawi": cmdJV, "jawi": cmdJV, "javanese": cmdJV, "boso jowo": cmdJV, "jowo": cmdJV,
	"pakai bahasa jawa": cmdJV, "nganggo basa jawa": cmdJV, "nganggo boso jowo": cmdJV,
	"english": cmdEN, "inggris": cmdEN, "en": cmdEN, "bahasa inggris": cmdEN, "basa inggris": cmdEN, "in english": cmdEN, "in english please": cmdEN, "pakai bahasa inggris": cmdEN,

	"mode mudah": cmdEasy, "mudah": cmdEasy, "mode gampil": cmdEasy, "mode gampang": cmdEasy, "easy mode": cmdEasy, "easy": cmdEasy, "bahasa mudah": cmdEasy, "gampil": cmdEasy,
	"mode biasa": cmdPlain, "mode normal": cmdPlain, "normal mode": cmdPlain, "biasa": cmdPlain,

	"bagikan": cmdShare, "share": cmdShare, "bagi": cmdShare, "bagikan jawaban": cmdShare, "sebarkan": cmdShare, "edum": cmdShare,
	"siapkan laporan": cmdCoach, "buat laporan": cmdCoach, "panduan lapor": cmdCoach, "panduan laporan": cmdCoach, "draf laporan": cmdCoach, "siyapaken laporan": cmdCoach,
	"prepare a report": cmdCoach, "prepare report": cmdCoach, "nggawe laporan": cmdCoach,
	"kuis": cmdQuiz, "quiz": cmdQuiz, "siap nyoblos": cmdQuiz, "main kuis": cmdQuiz, "kuis awal": cmdQuizPre, "kuis akhir": cmdQuizEnd,
	"membantu": cmdHelped, "sangat membantu": cmdHelped, "helpful": cmdHelped, "mbiyantu": cmdHelped, "jawabannya membantu": cmdHelped,
	"ga jelas": cmdUnhelpful, "gak jelas": cmdUnhelpful, "tidak jelas": cmdUnhelpful, "kurang jelas": cmdUnhelpful, "kurang membantu": cmdUnhelpful, "tidak membantu": cmdUnhelpful,
	"gak membantu": cmdUnhelpful, "ga membantu": cmdUnhelpful, "ora cetha": cmdUnhelpful, "mboten cetha": cmdUnhelpful, "kirang cetha": cmdUnhelpful, "not helpful": cmdUnhelpful,
	"unhelpful": cmdUnhelpful, "not clear": cmdUnhelpful, "unclear": cmdUnhelpful, "jawaban kurang membantu": cmdUnhelpful,
	"kabari saya": cmdWait, "kabari saya nanti": cmdWait, "kabari": cmdWait, "kabari aku": cmdWait, "tell me later": cmdWait, "kabari saya kalau sudah ada jawaban": cmdWait,

	"ingatkan saya": cmdRemind, "ingatkan": cmdRemind, "ingatkan aku": cmdRemind, "ingetin": cmdRemind, "ingetin saya": cmdRemind, "ingetin aku": cmdRemind, "pengingat": cmdRemind,
	"elingna": cmdRemind, "elingna aku": cmdRemind, "elingake aku": cmdRemind, "kula dipunengetaken": cmdRemind, "engetaken kula": cmdRemind, "remind me": cmdRemind, "remind": cmdRemind, "reminder": cmdRemind,
	"ngengetaken kula": cmdRemind,

	"ulangi": cmdAgain, "dijawab": cmdAgain, "jawab": cmdAgain, "dijawab dong": cmdAgain, "jawab dong": cmdAgain, "dibalas": cmdAgain, "answer me": cmdAgain, "ulang": cmdAgain, "sekali lagi": cmdAgain, "ulangi lagi": cmdAgain, "ulangi jawabannya": cmdAgain, "baleni": cmdAgain, "dibaleni": cmdAgain, "wangsuli": cmdAgain,
	"repeat": cmdAgain, "repeat that": cmdAgain, "again": cmdAgain, "say again": cmdAgain, "jawaban lengkap": cmdAgain, "lengkapnya": cmdAgain, "tampilkan lagi": cmdAgain, "kirim lagi": cmdAgain,
	"maksudnya": cmdSimpler, "maksudnya apa": cmdSimpler, "apa maksudnya": cmdSimpler, "maksudnya gimana": cmdSimpler, "gimana maksudnya": cmdSimpler, "maksudnya bagaimana": cmdSimpler,
	"kurang paham": cmdSimpler, "tidak paham": cmdSimpler, "gak paham": cmdSimpler, "ga paham": cmdSimpler, "nggak paham": cmdSimpler, "belum paham": cmdSimpler, "gak ngerti": cmdSimpler,
	"ga ngerti": cmdSimpler, "nggak ngerti": cmdSimpler, "kurang ngerti": cmdSimpler, "tidak mengerti": cmdSimpler, "kurang mengerti": cmdSimpler, "bingung": cmdSimpler, "masih bingung": cmdSimpler,
	"jadi bingung": cmdSimpler, "bahasa gampangnya": cmdSimpler, "singkatnya": cmdSimpler, "intinya": cmdSimpler, "intinya apa": cmdSimpler, "jadi intinya": cmdSimpler, "jadi intinya apa": cmdSimpler,
	"ora mudheng": cmdSimpler, "ora mudeng": cmdSimpler, "ra mudeng": cmdSimpler, "gak mudeng": cmdSimpler, "ora ngerti": cmdSimpler, "mumet": cmdSimpler, "karepe piye": cmdSimpler, "maksude piye": cmdSimpler,
	"maksude": cmdSimpler, "mboten mudheng": cmdSimpler, "mboten mangertos": cmdSimpler, "dereng mangertos": cmdSimpler, "dereng mudheng": cmdSimpler, "maksudipun": cmdSimpler, "maksudipun pripun": cmdSimpler,
	"i dont understand": cmdSimpler, "i don t understand": cmdSimpler, "what do you mean": cmdSimpler, "what does that mean": cmdSimpler, "confused": cmdSimpler, "in short": cmdSimpler, "simpler please": cmdSimpler,

	"bukan itu": cmdNotThat, "bukan": cmdNotThat, "salah": cmdNotThat, "bukan itu maksud saya": cmdNotThat, "bukan itu maksudku": cmdNotThat, "dudu kuwi": cmdNotThat, "dudu": cmdNotThat,
	"sanes": cmdNotThat, "sanes niku": cmdNotThat, "not that": cmdNotThat, "wrong": cmdNotThat, "ora kuwi": cmdNotThat, "gak nyambung": cmdNotThat, "ga nyambung": cmdNotThat,
	"tidak nyambung": cmdNotThat, "bukan yang itu": cmdNotThat, "not that one": cmdNotThat, "kok itu": cmdNotThat, "jawabannya salah": cmdNotThat, "maksud saya bukan itu": cmdNotThat,
}

// readCommand tells which command a message is, and what stands behind a slash command.
func readCommand(s string) (command, string) {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "/") {
		word, rest, _ := strings.Cut(s[1:], " ")
		word, _, _ = strings.Cut(word, "@") // /menu@tanyabot in groups
		c := commandWords[plain(word)]
		// "/hapus itu buat apa?" asks and must not erase; what cannot be taken back stands alone.
		final := c == cmdErase || c == cmdStop
		if c != cmdNone && (!final || plain(rest) == "") {
			return c, strings.TrimSpace(rest)
		}
	}
	if c, ok := commandWords[core(plain(s))]; ok {
		return c, ""
	}
	rest, taken := text.StripGreeting(text.Tokens(s))
	if taken.Any() && len(rest) > 0 {
		if c, ok := commandWords[strings.Join(rest, " ")]; ok && c != cmdNotThat {
			return c, ""
		}
	}
	return cmdNone, ""
}

// StandsAlone reports whether a text is a question by itself: nothing that is asked of the program ("hapus data saya"), and
// no piece of a message that goes on in the next one.
func StandsAlone(s string) bool {
	c, _ := readCommand(s)
	return c == cmdNone && !opens(s) && !breaksOff(s)
}

// core takes particles off the end of a plain text ("petugas ya dong"), and what opens a wish off its beginning ("saya mau
// petugas"). A text that is nothing else stays as it is.
func core(s string) string {
	words := strings.Fields(s)
	for len(words) > 1 && trailing[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	for len(words) > 1 && wishing[words[0]] {
		words = words[1:]
	}
	return strings.Join(words, " ")
}

// wishing are words that open a wish.
var wishing = wordSet("saya", "aku", "kula", "kulo", "mau", "ingin", "pengen", "minta", "tolong", "butuh", "arep", "badhe", "nyuwun", "please", "i", "want", "need", "coba")

// plain lower-cases a text and keeps its letters, digits and single blanks. It is milder than text.Normalize, which
// writes shorthand out and would turn some command words into others.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
	}), " ")
}

// lang returns the language that a language command asks for.
func (c command) lang() faq.Lang { return faq.Lang(strings.TrimPrefix(string(c), "lang:")) }
