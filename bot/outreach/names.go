package outreach

import (
	"strings"

	"tanya/bot"
	"tanya/faq"
)

// The functions below name things in the words of the office, which reads reports in Indonesian.

func named(table map[string]string, key, none string) string {
	switch s, ok := table[key]; {
	case ok:
		return s
	case key == "":
		return none
	}
	return key
}

func topicName(s string) string {
	return named(map[string]string{
		"jadwal": "Jadwal", "hak-pilih": "Hak pilih", "tps": "Di TPS", "akses": "Akses", "politik-uang": "Politik uang",
		"netralitas": "Netralitas", "kpu": "Tentang KPU", "tolak": "Di luar tugas", bot.UnsureTopic: "Topik belum jelas",
	}, s, "Tanpa topik")
}

func segmentName(s string) string {
	return named(map[string]string{
		"pemilih-pemula": "Pemilih pemula", "pemilih-muda": "Pemilih muda", "disabilitas": "Penyandang disabilitas",
		"marjinal": "Kelompok marjinal", "komunitas": "Komunitas", "warga-internet": "Warga internet",
	}, s, "Tanpa segmen")
}

func channelName(s string) string {
	return named(map[string]string{
		"telegram": "Telegram", "webchat": "Obrolan web", "whatsapp": "WhatsApp", "whatsappcloud": "WhatsApp Cloud", "terminal": "Terminal",
	}, s, "Tanpa saluran")
}

func langName(s string) string {
	return named(map[string]string{"id": "Indonesia", "jv": "Jawa", "en": "Inggris"}, s, "Belum jelas")
}

// MethodName names a way of voter education (PKPU 9/2022, articles 12 and 13).
func MethodName(s string) string {
	return named(map[string]string{
		"forum-warga": "Forum warga", "diskusi": "Diskusi", "seminar": "Seminar", "lokakarya": "Lokakarya", "pelatihan": "Pelatihan",
		"ceramah": "Ceramah", "simulasi": "Simulasi", "gelar-wicara": "Gelar wicara", "budaya-lokal": "Budaya lokal",
		"media-cetak": "Media cetak", "radio-tv": "Radio atau TV", "media-daring": "Media daring", "media-sosial": "Media sosial",
		"luar-ruang": "Media luar ruang", "bahan-sosialisasi": "Bahan sosialisasi", "kreatif": "Media kreatif",
	}, s, "Tanpa metode")
}

func segmentNames(all []faq.Segment) string {
	if len(all) == 0 {
		return "Umum"
	}
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = segmentName(string(s))
	}
	return strings.Join(names, ", ")
}

// Name writes the month as people do: "November 2026".
func (m Month) Name() string {
	return [...]string{"", "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
		"November", "Desember"}[m.Month] + " " + m.String()[:4]
}

// topicOrder is the order of topics in tables: that of the main menu.
var topicOrder = []string{"jadwal", "hak-pilih", "tps", "akses", "politik-uang", "netralitas", "kpu", "tolak", "", bot.UnsureTopic}

// segmentOrder is the order of segments in tables: the office's.
func segmentOrder() []string {
	var out []string
	for _, s := range faq.AllSegments() {
		out = append(out, string(s))
	}
	return append(out, "")
}
