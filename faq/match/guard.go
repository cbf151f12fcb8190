package match

import (
	"slices"

	"tanya/faq/text"
)

// The guard entries that structural rules may choose. What the rules do not see, the phrasings of these entries
// still may, through the model.
const (
	guardChoice     = "tolak-pilihan"
	guardPrediction = "tolak-ramalan"
	guardReport     = "laporan-masuk"
	guardPersonal   = "data-pribadi"
	guardRegion     = "wilayah-lain"
)

// message is a question as the guards see it: its words with names masked, and what they mean.
type message struct {
	raw      string
	tokens   []string // as typed, names still there
	words    []string // names masked
	concepts []string
	names    []text.Name

	inWords, inConcepts marks
}

// marks is a set that may hold more than was put in: most words that a rule asks for are ruled out by one look.
type marks uint64

func (s *marks) add(words []string) {
	for _, w := range words {
		*s |= mark(w)
	}
}

// mark is the place of a word in the set.
func mark(w string) marks {
	if w == "" {
		return 1
	}
	return 1 << ((w[0]*5 + w[len(w)-1]*3 + byte(len(w))) & 63)
}

// any reports whether one of ws is among words, whose set this is.
func (s marks) any(words, ws []string) bool {
	for _, w := range ws {
		if s&mark(w) != 0 && slices.Contains(words, w) {
			return true
		}
	}
	return false
}

// guard decides whether a message falls under a rule that stands before all matching, and says which and why. It
// looks at the words only, so that the same message with another name in it gets the same answer.
func guard(raw string, tokens []string) (id, why string) {
	masked := maskTraits(text.MaskNames(tokens))
	m := message{raw: raw, tokens: tokens, words: masked, concepts: text.Concepts(masked), names: text.Names(tokens)}
	m.inWords.add(m.words)
	m.inConcepts.add(m.concepts)
	switch {
	case m.personal():
		return guardPersonal, "pesan berisi data pribadi atau minta data seseorang dicarikan"
	case m.report():
		return guardReport, "pesan ini sendiri adalah laporan atau tuduhan"
	case m.prediction():
		return guardPrediction, "minta ramalan atau survei"
	case m.choice():
		return guardChoice, "minta pendapat tentang pilihan"
	case m.region():
		return guardRegion, "menanyakan daerah lain"
	}
	return "", ""
}

// traits are what people call a candidate by who has no name: sex, faith, age, place on the list, office held. A reply
// to a wish for advice must not depend on them.
var traits = map[string]bool{
	"perempuan": true, "wanita": true, "wedok": true, "estri": true, "cewek": true, "laki": true, "pria": true, "lanang": true, "cowok": true, "jaler": true,
	"muslim": true, "kristen": true, "islam": true, "katolik": true, "#agama": true, "petahana": true, "incumbent": true, "muda": true, "enom": true, "tua": true, "tuwa": true,
	"sepuh": true, "baru": true, "anyar": true, "lama": true, "independen": true, "nomor": true, "no": true, "urut": true, "satu": true, "dua": true, "tiga": true, "siji": true,
	"loro": true, "telu": true, "#angka": true, "1": true, "2": true, "3": true, "female": true, "male": true, "young": true, "old": true,
}

// maskTraits reads "calon" or "paslon" with the traits behind it as a candidate's name.
func maskTraits(words []string) []string {
	out := make([]string, 0, len(words))
	for i := 0; i < len(words); i++ {
		w := words[i]
		if w != "calon" && w != "paslon" && w != "pasangan" && w != "kandidat" {
			out = append(out, w)
			continue
		}
		j := i + 1
		for j < len(words) && traits[words[j]] {
			j++
		}
		if j == i+1 {
			out = append(out, w)
			continue
		}
		out = append(out, "#calon")
		i = j - 1
	}
	return out
}

// word reports whether one of the words is typed.
func (m *message) word(ws ...string) bool {
	return m.inWords.any(m.words, ws)
}

// means reports whether one of the concepts is said.
func (m *message) means(cs ...string) bool {
	return m.inConcepts.any(m.concepts, cs)
}

// asks reports whether the message asks something.
func (m *message) asks() bool {
	for i := 0; i < len(m.raw); i++ {
		if m.raw[i] == '?' {
			return true
		}
	}
	no := []string{"tidak", "gak", "ga", "gk", "g", "nggak", "ngga", "enggak", "ora", "ra", "mboten", "boten"}
	if n := len(m.words); n > 0 && slices.Contains(no, m.words[n-1]) || m.follows(1, no, []string{"ya", "yo", "nggih", "to", "min", "kak"}) {
		return true // "termasuk politik uang gak", "bahaya tidak ya"
	}
	if m.follows(1, []string{"boleh", "bisa", "oleh", "olih", "entuk", "kena", "iso", "isa", "angsal", "saged", "pareng"}, no) {
		return true // "ngapusi timses entuk ora, duite tak pek"
	}
	return m.means("kapan", "di-mana", "bagaimana", "berapa", "siapa", "mengapa", "apa", "boleh", "bisa", "mana", "syarat", "cara", "jelaskan") ||
		m.word("apakah", "bolehkah", "kah", "ta", "po", "opo", "bukan", "kan", "sih", "termasuk", "jenis", "kalebu", "kalebet", "misalnya", "misal", "umpama", "umpamane",
			"should", "do", "does", "can", "is", "hukumannya", "hukumane", "sanksinya", "sanksine")
}

// follows reports whether a word of the second list stands at most gap words behind one of the first.
func (m *message) follows(gap int, first, second []string) bool {
	if !m.word(first...) || !m.word(second...) {
		return false
	}
	for i, w := range m.words {
		if !slices.Contains(first, w) {
			continue
		}
		for j := i + 1; j <= i+gap && j < len(m.words); j++ {
			if slices.Contains(second, m.words[j]) {
				return true
			}
		}
	}
	return false
}

// personal: identity numbers, typed in one go or with blanks, or their masks; or somebody is to be looked up.
func (m *message) personal() bool {
	if m.word("#nomor", "#nik", "#kk") || longNumber(m.raw) {
		return true
	}
	if m.word("kecatut", "dicatut", "tercatut") {
		return false // who has looked already
	}
	lookUp := m.word("cekkan", "cekin", "cekke", "cekno", "ceken", "cekne", "cekaken", "dicekin", "dicekkan", "dicekke", "carikan", "cariin", "dicarikan",
		"golekno", "golekke", "digoleki", "periksakan", "lihatkan", "liatin", "dicekno", "tulung cekno", "dipadosi") ||
		m.follows(3, []string{"tolong", "mohon", "bantu", "minta", "tulung", "nyuwun", "please"}, []string{"cek", "dicek", "check", "periksa", "diperiksa", "cari", "look"})
	if m.follows(1, []string{"cek", "check"}, []string{"nama", "data"}) && !m.asks() && !m.means("tidak") && !m.word("ora", "not") {
		lookUp = true // "cek nama saya dong"
	}
	return lookUp && (m.word("#nama", "nik", "kk", "nikku", "bernama", "jenenge", "asmane", "lahir") ||
		m.follows(1, []string{"atas"}, []string{"nama"}) || m.word("#nama") ||
		m.word("namaku", "jenengku", "namasaya") || m.follows(1, []string{"nama", "data", "jeneng", "nami"}, []string{"saya", "aku", "kula", "kulo", "suami", "istri", "ibu", "bapak", "ayah", "anak", "tetangga", "tanggaku", "tetanggaku"}))
}

// longNumber reports whether a raw text holds an identity number: fifteen or more digits, single blanks, dots or
// hyphens between them allowed.
func longNumber(s string) bool {
	n, gap := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			n++
			gap = 0
			if n >= 15 {
				return true
			}
		case (c == ' ' || c == '.' || c == '-') && n > 0 && gap == 0:
			gap = 1
		default:
			n, gap = 0, 0
		}
	}
	return false
}

// report: somebody did something somewhere, and the message tells it instead of asking how to report.
func (m *message) report() bool {
	deed := m.means("beri", "terima") && (m.means("uang", "sembako", "hadiah", "#uang", "serangan-fajar", "politik-uang")) ||
		m.means("serangan-fajar", "politik-uang") ||
		m.means("paksa") && m.means("coblos", "calon", "#calon") ||
		m.word("curang", "kecurangan", "dicurangi", "cheating", "nyoblosin", "dicoblosin", "nyoblosaken") ||
		m.means("kampanye", "netral") && m.means("kades", "asn", "tni", "polisi")
	if m.word("diancam", "diancem", "diancami", "diteror", "dibakar", "diobong", "dipateni", "dibunuh", "digebuki", "threatened") {
		return false // whoever is threatened needs help before anything else
	}
	if m.follows(2, []string{"disiapkan", "disiapke", "disiapne"}, []string{"apa", "opo", "napa"}) || m.word("timeline", "honornya", "honore") || m.follows(3, []string{"tugas"}, []string{"sekolah"}) {
		return false // what a report needs, stages, pay, homework
	}
	if !deed || m.means("kasus", "gaji") || m.word("kecekel", "tertangkap", "ketangkap", "keciduk") || m.word("tempat") && m.means("lapor") && !m.word("saya", "sini") {
		return false
	}
	here := m.word("tadi", "semalam", "semalem", "barusan", "wau", "kemarin", "wingi", "td", "tadimalam") ||
		m.follows(2, []string{"mau"}, []string{"bengi", "dalu"}) ||
		m.follows(2, []string{"di", "neng", "ning", "nang", "wonten", "ing"}, []string{"rt", "rw", "rtku", "desa", "desaku", "dusun", "dusunku", "kampung", "kampungku", "dukuh", "sini", "kene", "mriki", "ndesoku", "tempat"}) ||
		m.follows(1, []string{"ada", "ono", "ana", "wonten"}, []string{"yang", "sing", "ingkang", "orang", "wong", "tiyang"}) ||
		m.word("tetanggaku", "tanggaku", "kancaku", "menyaksikan", "weruh", "sumerep", "videonya", "fotonya", "timses", "tetangga", "#pelat", "plat")
	// Who gave something where, for a vote: told, not supposed.
	given := m.means("beri") && m.means("coblos", "calon", "#calon") && !m.means("kalau", "boleh") &&
		m.follows(1, []string{"di", "neng", "ning", "nang", "wonten", "ing"}, []string{"rumah", "omah", "griya", "warung", "musala", "musola", "mushola", "masjid", "langgar", "lapangan", "gang", "pos", "balai", "pasar"})
	act := m.word("ditindak", "tindak", "tindaklanjuti", "ditindaklanjuti", "usut", "tangkap", "diproses", "laporke", "laporkan")
	tells := m.follows(3, []string{"mau", "ingin", "badhe", "arep", "tak", "hendak", "want"}, []string{"lapor", "melapor", "melaporkan", "nglapor", "laporke", "ngadu", "mengadukan", "report"}) && here
	return ((here || given) && !m.asks()) || (here && act && !m.means("di-mana", "bagaimana")) || tells && !m.means("di-mana", "bagaimana", "siapa", "syarat", "cara")
}

// prediction: who will win, polls, odds.
func (m *message) prediction() bool {
	if m.means("hitung-cepat", "sengketa") || m.word("gugat", "digugat", "menggugat", "dprd", "dewan", "council") { // who elects, not who wins
		return false
	}
	if (m.word("did", "won") || m.word("menang", "menangipun", "menange") && m.word("kemarin", "wingi", "kepungkur", "kepengker", "kapengker")) &&
		!m.word("bakal", "akan", "badhe", "nanti", "mengko", "survei", "survey", "prediksi", "ramalan", "elektabilitas", "peluang", "will", "poll", "polls") {
		return false // it is over
	}
	if m.word("elektabilitas", "prediksi", "ramalan", "ramalane", "ramalanipun", "prediction", "predict", "jagoan", "taruhan", "botoh", "totohan") && !m.means("hitung-cepat", "larangan", "hukuman", "cuaca") &&
		m.means("calon", "#calon", "menang", "bupati", "gubernur", "presiden", "partai", "pilkada", "pemilu", "siapa", "berapa", "kalah", "hasil", "pemilihan-umum-en") {
		return true
	}
	if (m.word("survei", "survey") || m.follows(1, []string{"jajak"}, []string{"pendapat"})) && m.means("menang", "calon", "#calon", "siapa", "berapa") {
		return true
	}
	if m.word("juara") && m.means("siapa", "#calon") && m.means("calon", "#calon") {
		return true
	}
	office := []string{"bupati", "gubernur", "presiden", "walikota"}
	become := []string{"jadi", "dadi", "dados", "be", "become"}
	if m.means("siapa") && m.follows(2, []string{"bakal", "akan", "badhe", "will"}, become) && m.follows(2, become, office) && m.word("menurutmu", "kira", "kiro", "kinten", "nanti", "sesuk", "mbenjing", "mengko") {
		return true // "kira-kira siapa yang bakal jadi bupati"
	}
	ahead := m.word("bakal", "akan", "kira", "nanti", "mengko", "badhe", "kinten", "kiro", "will", "going", "leading", "peluang", "chances", "mbesuk", "menurutmu")
	return ahead && m.means("menang", "kalah") && (m.means("siapa", "calon", "#calon", "partai", "bupati", "gubernur", "presiden", "bisa") || m.word("which")) &&
		!m.means("putaran", "penentuan", "syarat", "kotak-kosong", "sengketa", "bansos", "uang", "beri") && !m.word("bantuan", "bantuane", "aid", "amplop", "right", "rights", "diputus")
}

// choice: whom to vote for, who is best, what somebody thinks of a candidate.
func (m *message) choice() bool {
	vote := []string{"pilih", "milih", "memilih", "coblos", "nyoblos", "mencoblos", "dicoblos", "dukung", "mendukung", "vote", "choose"}
	if m.follows(1, vote, []string{"#calon"}) && !m.means("sah", "tidak-sah", "surat-suara", "rusak", "paksa", "suruh", "uang", "beri", "terima", "hukuman", "larangan", "lapor", "ancam", "syarat", "daftar", "pindah", "ktp", "nik", "kotak-kosong", "kartu") &&
		!m.word("kali", "pindho", "times", "twice") {
		return true // "kenapa harus pilih X", "coblos X aja ya"
	}
	person := []string{"orang", "wong", "tiyang"}
	if m.follows(1, []string{"#calon"}, person) && (m.word("apik", "sae", "jujur", "amanah", "korup", "bersih", "pinter", "pintar") || slices.Contains(person, m.words[len(m.words)-1])) {
		return true // "apa benar X orang baik", of which "baik" went as a courtesy
	}
	if m.means("rahasia", "lapor", "syarat", "berhak", "paksa", "hukuman", "larangan", "cara", "daftar", "saksi", "uang", "tahu", "takut", "dampingi",
		"pengawas", "ancam", "tidak-sah", "warna", "pindah", "suruh", "panitia", "ambil", "mengapa", "cek", "beri", "terima", "hadiah", "penentuan", "putaran") ||
		m.word("imbalan", "ditawari", "nawari", "nawarin", "ditawarin", "diiming", "separuh", "setengah", "persen") || m.means("berapa") && !m.word("nomor") || m.word("kandhani", "tertentu", "amplop", "ngajak", "mengajak", "nuturi", "runs", "supervises", "counts", "pimpinan") ||
		m.follows(3, []string{"milih", "memilih", "dipilih"}, []string{"dprd", "dewan"}) && m.word("rakyat", "warga", "lewat") ||
		m.word("ketua") && !m.means("calon", "#calon", "bupati", "gubernur", "presiden", "partai") || // of a mosque, a class
		m.word("disuruh", "ditanya", "ditakoni", "weruh", "mangertos", "petugas") {
		return false
	}
	whom := []string{"siapa", "sopo", "sapa", "sinten", "#calon", "who"}
	if m.follows(1, whom[:4], []string{"pun", "saja", "aja", "wae", "ae", "mawon", "kemawon"}) && m.word("sama", "padha", "podo", "sami", "tetap", "tetep", "percuma", "males", "malas", "guna", "gunanya", "ngapain") &&
		!m.word("terbaik", "bagus", "apik", "sae", "rekomendasi", "saran", "sebaiknya", "menurutmu", "best", "better") {
		return false // "siapa pun yang jadi sama saja": why to vote at all
	}
	if m.follows(1, whom[:4], whom[:4]) || m.means("pemilu") && m.means("pilkada") {
		return false // "gak mau milih siapa siapa"; "pemilu milih siapa, pilkada milih siapa"
	}
	praise := m.word("terbaik", "bagus", "bagusan", "baik", "layak", "pantas", "pantes", "cocok", "jujur", "amanah", "korup", "korupsi", "merakyat",
		"rekomendasi", "saran", "saranin", "sebaiknya", "mending", "mendingan", "best", "better", "good", "honest", "trustworthy", "recommend", "suggest",
		"apik", "sae", "becik", "bersih", "pendapat", "menurutmu", "enaknya", "prayogi", "pantas", "paling")
	office := m.means("calon", "#calon", "bupati", "gubernur", "presiden", "partai", "coblos") || m.word("paslon", "nomor")
	switch {
	case m.follows(2, vote, whom) && !m.word("boleh", "berhak", "bisa", "iso", "saged", "can", "may") && !m.follows(1, whom, []string{"yang", "sing", "ingkang", "saja", "wae", "mawon"}):
		return true
	case m.follows(2, whom[:4], []string{"dicoblos", "kudu", "sebaiknya"}) && !m.word("boleh", "berhak"):
		return true
	case m.follows(3, []string{"who"}, []string{"vote"}) && m.word("should", "must"):
		return true
	case praise && m.means("pulang") && !m.means("calon", "#calon", "siapa"):
		return false // "mending pulang atau di sini saja"
	case praise && office && (m.means("coblos", "mana") || m.word("siapa", "sopo", "sapa", "sinten", "who", "#calon", "apakah", "orangnya", "wonge", "which")) && !m.means("surat-suara", "sah", "kartu", "data"):
		return true
	case m.follows(3, []string{"#calon"}, []string{"jadi", "terpilih", "mimpin", "memimpin", "dadi", "dados"}) && m.word("kalau", "nek", "yen", "misal", "misalnya", "menawi", "if", "umpama"):
		return true
	case m.word("#agama") && m.means("coblos", "calon", "bupati", "gubernur", "#calon", "jadi") && m.means("boleh", "siapa", "baik", "mana", "apa"):
		return true
	}
	return false
}

// region: facts of another place. Being there, or moving from or to there, is no such thing.
func (m *message) region() bool {
	at := slices.Index(m.words, "#wilayah")
	if at < 0 || m.word("blora") {
		return false
	}
	if m.means("pindah", "rantau", "mahasiswa", "kerja", "tidak-terdaftar") || m.word("boro", "pulang", "mudik", "balik", "bali", "numpang", "magang", "dimutasi", "mutasi", "ditugaskan", "tugas", "dines", "dinas", "kos", "ngekos", "ngurusnya", "ngurusi", "ngurus") {
		return false
	}
	before := m.words[max(0, at-2):at]
	office := slices.ContainsFunc(before, func(w string) bool {
		switch w {
		case "pilkada", "pilbup", "pilgub", "pilwalkot", "pilwali", "bupati", "bupatine", "walikota", "kpu", "bawaslu", "gubernur", "gubernure",
			"dpt", "pemilih", "calon", "kpps", "dprd", "tps":
			return true
		}
		return false
	})
	if office && (m.asks() || len(m.words) <= 5) {
		return true
	}
	self := !m.word("penasaran", "penasarane") && m.word("saya", "aku", "kula", "kulo", "i", "my", "me", "gue", "gua", "gw", "ane", "inyong", "anak", "anakku", "suami", "istri", "adik", "kakak", "bojoku", "lagi", "sedang", "posisi", "ktp")
	facts := m.means("kapan", "siapa", "hasil", "berapa", "calon", "bupati", "gubernur", "kantor", "kontak", "jumlah", "menang", "tanggal")
	election := m.means("coblos", "pilkada", "pemilu", "calon", "bupati", "gubernur", "tps", "kpu", "bawaslu", "kpps", "kampanye", "pemilih", "daftar-pemilih",
		"politik-uang", "pemilihan-umum-en", "menang", "surat-suara", "pilkades")
	return facts && election && !self
}
