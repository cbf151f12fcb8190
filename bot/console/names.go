package console

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"tanya/bot"
	"tanya/faq"
)

// The functions below name things in the words of the office.

// named looks a name up and shows the key itself where there is none.
func named(table map[string]string, key string) string {
	if s, ok := table[key]; ok {
		return s
	}
	return key
}

func roleName(r bot.Role) string {
	return named(map[string]string{"reader": "Pembaca", "editor": "Penyunting", "approver": "Penyetuju", "admin": "Admin", "": "Tanpa akses"}, string(r))
}

func langName(l faq.Lang) string {
	return named(map[string]string{"id": "Indonesia", "jv": "Jawa", "en": "Inggris", "": "belum jelas"}, string(l))
}

func segmentName(s faq.Segment) string {
	return named(map[string]string{
		"pemilih-pemula": "Pemilih pemula", "pemilih-muda": "Pemilih muda", "disabilitas": "Disabilitas", "marjinal": "Marjinal",
		"komunitas": "Komunitas", "warga-internet": "Warga internet", "": "Tanpa segmen",
	}, string(s))
}

func channelName(s string) string {
	return named(map[string]string{
		"telegram": "Telegram", "webchat": "Obrolan web", "whatsapp": "WhatsApp", "whatsappcloud": "WhatsApp Cloud", "terminal": "Terminal",
	}, s)
}

func outcomeName(o bot.Outcome) string {
	return named(map[string]string{
		"answered": "Terjawab", "choices": "Diberi pilihan", "unknown": "Tidak terjawab", "declined": "Ditolak dengan sopan",
		"greeting": "Sapaan", "menu": "Menu", "person": "Diarahkan ke petugas", "not_text": "Bukan teks", "": "-",
		"language": "Ganti bahasa", "stopped": "Minta berhenti", "erased": "Minta dihapus", "privacy": "Privasi", "busy": "Diminta pelan", "thanked": "Terima kasih",
		"feedback": "Penilaian", "flow": "Panduan langkah", "callback": "Minta dikabari", "ignored": "Tidak ada yang perlu dijawab", "withdrawn": "Jawaban ditarik",
		"shared": "Teks untuk dibagikan", "verified": "Pesan terusan diperiksa",
	}, string(o))
}

func statusName(s bot.ReviewStatus) string {
	return named(map[string]string{"new": "Baru", "in_work": "Dikerjakan", "answered": "Selesai", "dismissed": "Disisihkan"}, string(s))
}

func flagName(f bot.ReviewFlag) string {
	return named(map[string]string{"missed": "Belum terjawab", "down": "Dinilai tidak membantu", "sampled": "Contoh acak"}, string(f))
}

func reasonName(s string) string {
	return named(map[string]string{
		"bukan-tugas-kpu": "Bukan tugas KPU", "tidak-jelas": "Tidak jelas maksudnya", "bukan-pertanyaan": "Bukan pertanyaan",
		"sudah-benar": "Jawabannya sudah benar", "sudah-ada": "Jawabannya sudah ada", "data-pribadi": "Menyangkut data pribadi", "expired": "Lewat 30 hari", bot.ReasonAttached: "menunggu terbit",
	}, s)
}

func topicName(s string) string {
	return named(map[string]string{
		"jadwal": "Jadwal", "hak-pilih": "Hak pilih", "tps": "Di TPS", "akses": "Akses", "politik-uang": "Politik uang",
		"netralitas": "Netralitas", "kpu": "Tentang KPU", "tolak": "Penjaga", "": "-",
	}, s)
}

func actionName(s string) string {
	return named(map[string]string{
		"pasang": "memasang konsol", "masuk": "masuk", "gagal-masuk": "gagal masuk", "keluar": "keluar", "akhiri-sesi": "mengakhiri sesi",
		"undang": "mengundang", "terima-undangan": "menerima undangan", "peran": "mengubah peran", "nonaktif": "menonaktifkan", "aktif": "mengaktifkan",
		"konfirmasi": "mengonfirmasi akun", "ganti-sandi": "mengganti kata sandi", "ubah-pertanyaan": "mengubah status pertanyaan", "urung": "mengurungkan",
		"kelompok": "mengubah kelompok", "kaitkan": "mengaitkan pertanyaan", "tulis": "menulis", "hapus": "menghapus", "fakta": "mengubah fakta",
		"buang": "membuang perubahan", "usul": "mengusulkan edisi", "periksa": "memeriksa usulan", "setuju": "menyetujui", "lewati": "meneruskan walau ditahan",
		"batal": "membatalkan", "tolak": "menolak", "terbit": "menerbitkan edisi", "gagal-terbit": "gagal menerbitkan", "tarik": "menarik jawaban",
		"pulihkan": "memulihkan jawaban", "jeda": "menjeda saluran", "lanjut": "melanjutkan saluran", "ekspor": "mengunduh", "uji": "menambah pertanyaan uji",
		"kabari": "mengabari penanya", "sakelar": "mengatur sakelar saluran", "tautkan-ponsel": "menautkan ponsel", "lepas-ponsel": "melepas tautan ponsel",
		"impor": "memasukkan berkas ke konsep", "koreksi": "mengirim koreksi", "kegiatan": "mencatat kegiatan", "simulasi": "membuat data simulasi",
	}, s)
}

// ratingName says what a person thought of an answer.
func ratingName(s string) string {
	return named(map[string]string{
		"up": "dinilai membantu", "down:misunderstood": "dinilai salah paham", "down:unclear": "dinilai kurang jelas", "down:partial": "dinilai kurang lengkap",
		"down:wrong": "dinilai keliru", "down": "dinilai tidak membantu",
	}, s)
}

// factKindName names a kind of fact.
func factKindName(k faq.FactKind) string {
	return named(map[string]string{
		"date": "Tanggal", "range": "Rentang tanggal", "time": "Jam", "number": "Angka", "percent": "Persen", "money": "Rupiah", "days": "Jumlah hari",
		"hours": "Jumlah jam", "months": "Jumlah bulan", "years": "Jumlah tahun", "law": "Dasar hukum", "name": "Nama", "link": "Tautan", "text": "Teks",
	}, string(k))
}

// factName writes the id of a fact as words; facts have no other name.
func factName(id string) string {
	words := strings.Split(id, "-")
	for i, w := range words {
		switch w {
		case "apu", "asn", "dkpp", "dpk", "dprd", "dps", "dpt", "dptb", "kpps", "kpu", "ktp", "mk", "nik", "pdpb", "pkpu", "ppk", "pps", "ruu", "tni", "tps", "uu", "wib":
			words[i] = strings.ToUpper(w)
		case "bawaslu", "blora", "pemilu", "pilkada", "polri":
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	s := strings.Join(words, " ")
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// phaseName says in which stretch of time a wording holds, until is as faq.Phase writes it.
func phaseName(id, until string) string {
	fact := until
	for _, cut := range []string{"+", "|", "@"} {
		fact, _, _ = strings.Cut(fact, cut)
	}
	name := strings.ReplaceAll(id, "-", " ")
	if fact == "" {
		return name
	}
	last := "sampai "
	if fact != until {
		last = "sampai lewat "
	}
	return name + " (" + last + lowerFirst(factName(fact)) + ")"
}

// lowerFirst takes the capital from a first word that is no abbreviation.
func lowerFirst(s string) string {
	first, _, _ := strings.Cut(s, " ")
	if len(first) < 2 || first == strings.ToUpper(first) {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// siteOf names the site of a link, "" when it has none.
func siteOf(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// decimalPoint stands in a number with decimals.
var decimalPoint = regexp.MustCompile(`([0-9])\.([0-9]+%)`)

// decimalComma writes percentages the Indonesian way.
func decimalComma(s string) string { return decimalPoint.ReplaceAllString(s, "$1,$2") }

// gradeName says how good a source is.
func gradeName(s string) string {
	return named(map[string]string{"A": "hukum atau laman resmi", "B": "media tepercaya", "": "mutu belum ditulis"}, s)
}

// electionState names a state of an election.
func electionState(s string) string { return strings.ReplaceAll(s, "_", " ") }

// objectText names what an action was done to.
func (c *Console) objectText(a bot.Audit) string {
	switch a.Action {
	case "kegiatan":
		return bot.ShowCode(a.Object)
	case "fakta":
		return factName(a.Object)
	case "tulis", "hapus", "kaitkan", "tarik", "pulihkan", "koreksi":
		if a.Object == "*" {
			return "semua"
		}
		return c.entryTitle(a.Object)
	case "jeda", "lanjut", "sakelar":
		return channelName(a.Object)
	}
	return a.Object
}

// detailText writes what a line of the record says beside its action; the ledger keeps a switch's position as its own word.
func detailText(a bot.Audit) string {
	if a.Action == "kegiatan" {
		return strings.ReplaceAll(a.Detail, "-", " ") // the method
	}
	if a.Action != "sakelar" {
		return a.Detail
	}
	position, why, found := strings.Cut(a.Detail, ": ")
	position = named(map[string]string{"on": "nyala", "paused": "jeda", "off": "mati"}, position)
	if !found {
		return position
	}
	return position + ": " + why
}

// troubleText is what may be shown of a channel's trouble: a sentence for staff begins with a capital letter.
func troubleText(s string) string {
	if s == "" || unicode.IsUpper([]rune(s)[0]) {
		return s
	}
	return "Sebabnya tertulis di log server."
}

// weighty picks the changes that can cost a vote.
func weighty(all []bot.EntryChange) []bot.EntryChange {
	var out []bot.EntryChange
	for _, e := range all {
		if e.Critical {
			out = append(out, e)
		}
	}
	return out
}

func stateName(s bot.ProposalState) string {
	return named(map[string]string{
		"checking": "Sedang diperiksa", "proposed": "Menunggu persetujuan", "scheduled": "Menunggu terbit", "published": "Terbit", "cancelled": "Dibatalkan",
		"rejected": "Tidak jadi terbit",
	}, string(s))
}

// kindName names how an entry changes.
func kindName(s string) string {
	return named(map[string]string{"baru": "jawaban baru", "hapus": "dihapus", "teks": "teks berubah", "contoh": "contoh pertanyaan", "lain": "pengaturan"}, s)
}

// longDay writes a day with its weekday.
func longDay(d faq.Date) string {
	if d.IsZero() {
		return "-"
	}
	day := [...]string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}[d.Weekday()]
	return day + ", " + faq.ShortDay(d, faq.Indonesian)
}

// thousands writes a number with the points that Indonesian puts into it.
func thousands(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return sign + s
}
