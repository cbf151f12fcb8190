package bot

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tanya/faq/text"
)

// Redact replaces what may identify a person by a word in brackets that says what stood there. It is made to
// catch too much rather than too little: identity and family-card numbers in any spelling, telephone and account
// numbers, e-mail addresses, links that are not official, account names, number plates, street addresses, and
// names that a title or "nama saya" announces. Amounts of money, dates, hours, laws, polling-place and
// neighbourhood numbers stay, because questions turn on them. Redacting twice changes nothing more.
func Redact(s string) string {
	s = clean(s)
	for _, r := range linkRules {
		s = r.re.ReplaceAllStringFunc(s, r.fix)
	}
	s = redactNumbers(s)
	for _, r := range placeRules {
		s = r.re.ReplaceAllStringFunc(s, r.fix)
	}
	return redactNames(s)
}

// clean drops characters that only hide others: zero-width and direction marks, variation selectors, keycaps.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2064, r == 0xFEFF,
			r >= 0xFE00 && r <= 0xFE0F, r == 0x20E3, r == 0x00AD, r == 0:
			return -1
		case r == unicode.ReplacementChar:
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
}

// textRule replaces what a pattern finds. fix returns the text unchanged where it may stay.
type textRule struct {
	re  *regexp.Regexp
	fix func(string) string
}

// always makes a rule's fix that replaces everything by the mark.
func always(mark string) func(string) string { return func(string) string { return mark } }

// atSign and dotSign are what people write for the signs of an e-mail address so that no program finds it.
const (
	atSign  = `(@|[(\[{<]\s?(at|et|a)\s?[)\]}>]|\s(at|et)\s)`
	dotSign = `(\.|[(\[{<]\s?(dot|titik)\s?[)\]}>]|\b(dot|titik)\b)`
)

// linkRules run before numbers are looked at, placeRules after: a street or a plate must not cut a number in two.
var linkRules = []textRule{
	{regexp.MustCompile(`(?i)[a-z0-9._%+\-]+\s?@\s?[a-z0-9\-]+(\.[a-z0-9\-]+)+`), always("[surel]")},
	{regexp.MustCompile(`(?i)[a-z0-9._%+\-]+\s{0,2}` + atSign + `\s{0,2}[a-z0-9\-]+\s{0,2}` + dotSign + `\s{0,2}(com|id|net|org|co\.id|go\.id)\b`), always("[surel]")},
	{regexp.MustCompile(`(?i)[a-z0-9._%+\-]+\s{0,2}` + atSign + `\s{0,2}(gmail|ymail|yahoo|hotmail|outlook|icloud|rocketmail|proton(mail)?)\b`), always("[surel]")},
	{spokenRun, redactSpoken},
	{regexp.MustCompile(`(?i)\b(https?://|www\.)[^\s<>"]+`), keepOfficial},
	{regexp.MustCompile(`(?i)\b[a-z0-9\-]+(\.[a-z0-9\-]+)*\.(com|net|org|info|xyz|me|ly|link|site|online|id|apk)(/[^\s<>"]*)?`), keepOfficial},
	{regexp.MustCompile(`(^|[\s(,;:])@[A-Za-z0-9_.]{3,}`), func(m string) string { return m[:strings.IndexByte(m, '@')] + "[akun]" }},
}

var placeRules = []textRule{
	{landline, always("[telepon]")},
	{regexp.MustCompile(`(?i)\b(jl|jln|jalan|gg|gang|alamat(ku|nya| saya| rumah)?)\.?\s+(?:(?:nya|di|saya|ku|:)\s+)?([A-Z][\w.]*|no\.?\s*\d+|[\w.]+\s+no\.?\s*\d+)(\s+([A-Z][\w.]*|no\.?\s*\d+\w?|\d+\w?))*`), redactStreet},
	{regexp.MustCompile(`(?i)\b[a-z]{1,2}[ \-]?\d{1,4}[ \-]?[a-z]{1,3}\b`), redactPlate},
}

// keepOfficial keeps links to official sites, which questions are about, and the word for a program file. What ends a
// sentence belongs to no link.
func keepOfficial(m string) string {
	end := len(strings.TrimRight(m, ".,;:!?)"))
	return keepLink(m[:end]) + m[end:]
}

// hiddenLink stands for a link that is not an official site's.
const hiddenLink = "[tautan]"

func keepLink(m string) string {
	l := strings.ToLower(m)
	l = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(l, "https://"), "http://"), "www.")
	host, _, _ := strings.Cut(l, "/")
	host, _, _ = strings.Cut(host, "?")
	switch {
	case host == "go.id" || strings.HasSuffix(host, ".go.id"):
		return host
	case strings.HasSuffix(host, ".apk"):
		return "[berkas].apk"
	}
	return hiddenLink
}

// redactStreet keeps what only looks like a street: "jalan tol", "gang buntu" have no proper name behind them.
func redactStreet(m string) string {
	word, rest, ok := strings.Cut(m, " ")
	if ok && (strings.HasPrefix(rest, "KTP") || strings.HasPrefix(rest, "KK") || strings.HasPrefix(rest, "TPS")) {
		return m // "sesuai alamat KTP-el"
	}
	if !ok || !strings.ContainsFunc(rest, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsDigit(r) }) {
		return m
	}
	return word + " [alamat]"
}

// plateKeep are short words that stand before a number in questions about voting.
var plateKeep = map[string]bool{
	"rt": true, "rw": true, "no": true, "rp": true, "ke": true, "uu": true, "jl": true, "th": true, "tg": true, "jm": true,
	"c": true, "c1": true, "a5": true, "h": true, "a": true, "di": true, "sd": true, "tp": true, "gg": true, "om": true, "ya": true,
	"in": true, "on": true, "of": true, "to": true, "by": true, "at": true, "is": true, // no plate in the country begins so
	"yg": true, "dr": true, "ad": true, "se": true, "pd": true, "sy": true, "ak": true, "aq": true, "km": true, "mk": true,
}

// plateTail are units and particles that follow a number.
var plateTail = map[string]bool{
	"rb": true, "jt": true, "th": true, "thn": true, "hr": true, "jam": true, "kg": true, "km": true, "wib": true, "org": true, "hari": true, "an": true,
	"x": true, "am": true, "pm": true, "k": true, "m": true, "or": true, "in": true, "at": true, "of": true, "to": true, "is": true, "kwk": true,
	"di": true, "ke": true, "ya": true, "yg": true, "apa": true, "itu": true, "ini": true, "bln": true, "tps": true, "ktp": true, "dan": true, "and": true, "the": true,
}

// months are the short names of months, behind a day.
var months = wordSet("jan", "feb", "peb", "mar", "apr", "may", "mei", "jun", "jul", "aug", "agu", "agt", "sep", "oct", "okt", "nop", "nov", "dec", "des")

// redactPlate replaces a number plate: one or two letters, one to four digits, one to three letters.
func redactPlate(m string) string {
	i := strings.IndexFunc(m, unicode.IsDigit)
	j := strings.LastIndexFunc(m, unicode.IsDigit) + 1
	head := strings.ToLower(strings.Trim(m[:i], " -"))
	tail := strings.ToLower(strings.Trim(m[j:], " -"))
	if plateKeep[head] || plateTail[tail] || j-i < 2 || len(head)+len(tail) < 2 || j-i == 2 && m[i:j] <= "31" && months[tail] {
		return m
	}
	return "[pelat]"
}

var (
	titled   = regexp.MustCompile(`\b(?i:pak|bapak|bu|ibu|mas|mbak|mbah|haji|hj|h\.|sdr|sdri|saudara|kang|gus|kiai|kyai|lik|pakdhe|budhe|pakde|bude)\.?\s+\p{Lu}[\p{L}'.]+(\s+\p{Lu}[\p{L}'.]+){0,3}`)
	selfName = regexp.MustCompile(`\b((?i:(?:atas )?nama(?:ku| saya| kulo| kula| lengkap saya| lengkap)?|jenengku|jenengan kula|asmane|my name is|nami kula|nami kulo))\s*((?i::|adalah|yaiku|inggih menika|nggih))?\s+(\p{L}[\p{L}'.]+)(\s+\p{Lu}[\p{L}'.]+){0,3}`)
)

// roles are words after a title that name an office, not a person.
var roles = map[string]bool{
	"lurah": true, "kades": true, "kepala": true, "camat": true, "bupati": true, "gubernur": true, "rt": true, "rw": true, "guru": true, "dokter": true,
	"polisi": true, "presiden": true, "ketua": true, "kpu": true, "bawaslu": true, "kpps": true, "pps": true, "ppk": true, "carik": true, "modin": true, "bayan": true,
	"kadus": true, "dukuh": true, "desa": true, "dinas": true, "calon": true, "paslon": true, "admin": true, "min": true, "petugas": true, "tni": true, "polri": true,
	"asn": true, "pns": true, "saya": true, "hamil": true, "rumah": true, "blora": true, "tps": true, "dpt": true, "ktp": true, "linmas": true, "pkk": true, "sekdes": true,
}

// nameWords are words that follow "nama" in questions and are no names.
var nameWords = map[string]bool{
	"saya": true, "ku": true, "anda": true, "panjenengan": true, "atau": true, "utawi": true, "utawa": true, "pelapor": true, "saksi": true, "harus": true, "tetap": true, "resminya": true, "satu": true, "calon": true, "paslon": true, "tidak": true, "ga": true, "gak": true, "nggak": true, "belum": true, "ora": true, "mboten": true,
	"ada": true, "di": true, "dan": true, "yang": true, "orang": true, "bapak": true, "ibu": true, "anak": true, "kok": true, "sudah": true, "masih": true, "dicatut": true,
	"salah": true, "tak": true, "bupati": true, "gubernur": true, "ketua": true, "partai": true, "kpu": true, "tps": true, "dpt": true, "is": true, "not": true, "on": true,
	"lengkap": true, "kulo": true, "kula": true, "adalah": true, "terdaftar": true, "dipakai": true, "muncul": true, "ning": true, "wonten": true, "nang": true, "neng": true,
	"pasangan": true, "suami": true, "istri": true, "adik": true, "kakak": true, "mbah": true, "almarhum": true, "ganda": true, "double": true, "dobel": true, "isn": true,
	"kepala": true, "desa": true, "anggota": true, "petugas": true, "maskot": true, "mascot": true, "form": true, "formulir": true, "aplikasi": true, "nya": true, "apa": true,
	"siapa": true, "sopo": true, "sapa": true, "wis": true, "durung": true, "dereng": true, "sampun": true, "kudu": true, "bisa": true, "iso": true, "missing": true, "hilang": true,
	"ilang": true, "saiki": true, "jenengku": true, "dengan": true, "untuk": true, "dari": true, "ke": true, "kalau": true, "klo": true, "nek": true, "isih": true, "ana": true, "ono": true,
}

// redactNames replaces names that a title or an introduction announces. It promises nothing about other names.
func redactNames(s string) string {
	s = titled.ReplaceAllStringFunc(s, func(m string) string {
		fields := strings.Fields(m)
		if roles[strings.ToLower(strings.Trim(fields[1], ".,'"))] {
			return m
		}
		return fields[0] + " [nama]"
	})
	return selfName.ReplaceAllStringFunc(s, func(m string) string {
		parts := selfName.FindStringSubmatch(m)
		first := parts[3]
		if nameWords[strings.ToLower(strings.Trim(first, ".,'"))] || verb(first) || !introduces(parts[1], parts[2], first) {
			return m
		}
		return m[:selfName.FindStringSubmatchIndex(m)[6]] + "[nama]" // the third group, where the name begins
	})
}

// introduces reports whether a name follows an announcement. A word in small letters is no name where it is one that
// people ask with, in any spelling ("nama saya enggak keluar"), nor behind a bare "nama", which asks for the name of
// something more often than it tells one's own ("nama ketua"), unless "atas" stands before it.
func introduces(announced, link, first string) bool {
	if r, _ := utf8.DecodeRuneInString(first); unicode.IsUpper(r) || link != "" {
		return true
	}
	if strings.EqualFold(announced, "nama") {
		return false
	}
	words := text.Tokens(first)
	if len(text.Names(words)) > 0 {
		return true
	}
	return !slices.ContainsFunc(words, func(w string) bool { return text.Known(w) || text.HasConcept(w) })
}

// verb reports whether a word in small letters is built like a verb: "nama saya dipanggil" introduces nobody.
func verb(w string) bool {
	if len(w) < 6 || !unicode.IsLower(rune(w[0])) {
		return false
	}
	for _, p := range []string{"di", "ter", "ber", "me", "ke", "tidak", "nggak"} {
		if strings.HasPrefix(w, p) {
			return true
		}
	}
	return false
}
