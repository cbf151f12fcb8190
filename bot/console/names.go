package console

import (
	"strconv"
	"strings"

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
		"sudah-benar": "Jawabannya sudah benar", "sudah-ada": "Jawabannya sudah ada", "data-pribadi": "Menyangkut data pribadi", "expired": "Lewat 30 hari",
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
		"impor": "memasukkan berkas ke konsep", "koreksi": "mengirim koreksi",
	}, s)
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
