package main

import (
	"tanya/bot"
	"tanya/faq"
)

// demoOuting is an activity of the made-up season. Names and places are plainly made up, so that nobody takes one for an
// activity that was held.
type demoOuting struct {
	bot.Activity
	pickup float64
	topic  string
	quiz   bool
}

func demoOutings() []demoOuting {
	make := func(name, method, district, village, partner string, people int, cost int64, pickup float64, topic string, quiz bool, segments ...faq.Segment) demoOuting {
		return demoOuting{bot.Activity{Name: name, Method: method, Segments: segments, District: district, Village: village, Partner: partner, Participants: people, Cost: cost}, pickup, topic, quiz}
	}
	return []demoOuting{
		make("Ceramah di SMA Contoh 1", "ceramah", "Contoh Utara", "", "SMA Contoh 1", 240, 1_500_000, 0.34, "politik-uang", true, faq.FirstTime),
		make("Forum warga Desa Contoh Satu", "forum-warga", "Contoh Utara", "Desa Contoh Satu", "Pemerintah desa contoh", 85, 900_000, 0.22, "tps", false, faq.Community),
		make("Simulasi pemungutan suara untuk pemilih tuli", "simulasi", "Contoh Selatan", "", "Komunitas tuli contoh", 45, 2_400_000, 0.48, "akses", true, faq.Disabled),
		make("Diskusi di Kampus Contoh", "diskusi", "Contoh Timur", "", "Kampus Contoh", 120, 1_200_000, 0.4, "hak-pilih", true, faq.Young),
		make("Gelar wicara Radio Contoh", "gelar-wicara", "", "", "Radio Contoh", 0, 3_000_000, 0.4, "jadwal", false, faq.Internet, faq.Community),
		make("Ceramah di SMK Contoh 2", "ceramah", "Contoh Barat", "", "SMK Contoh 2", 310, 1_750_000, 0.28, "politik-uang", true, faq.FirstTime),
		make("Pelatihan relawan demokrasi", "pelatihan", "Contoh Tengah", "", "Relawan contoh", 60, 4_000_000, 0.55, "kpu", true, faq.Community),
		make("Forum warga Desa Contoh Dua", "forum-warga", "Contoh Selatan", "Desa Contoh Dua", "Pemerintah desa contoh", 70, 850_000, 0.25, "netralitas", false, faq.Community),
		make("Pentas budaya Contoh", "budaya-lokal", "Contoh Timur", "Desa Contoh Tiga", "Sanggar contoh", 400, 7_500_000, 0.11, "tps", false, faq.Community, faq.Young),
		make("Lokakarya guru PKn", "lokakarya", "Contoh Tengah", "", "MGMP contoh", 40, 2_000_000, 0.6, "hak-pilih", true, faq.Young),
		make("Kunjungan ke rumah singgah", "diskusi", "Contoh Barat", "", "Yayasan contoh", 30, 500_000, 0.5, "hak-pilih", false, faq.Marginal),
		make("Unggahan media sosial Contoh", "media-sosial", "", "", "", 0, 0, 0.5, "jadwal", false, faq.Internet),
		make("Spanduk pasar Contoh", "luar-ruang", "Contoh Utara", "", "Pengelola pasar contoh", 350, 1_100_000, 0.09, "jadwal", false, faq.Community),
		make("Ceramah di MA Contoh 3", "ceramah", "Contoh Selatan", "", "MA Contoh 3", 180, 1_400_000, 0.36, "netralitas", true, faq.FirstTime),
	}
}

// demoOdd is what people ask that the office has no answer to, or not in these words.
func demoOdd() []string {
	return []string{
		"parkir motor di tps bayar gak", "boleh bawa bayi ke bilik suara?", "di tps disediakan minum gak ya", "kalau hujan deras tps pindah ke mana",
		"petugas tps kok belum dikasih seragam", "surat suara bekas nanti dibuang ke mana", "tintanya halal gak", "boleh pakai sandal jepit ke tps?",
		"kenapa desa saya tidak ada lomba tps unik lagi", "boleh nyoblos sambil live tiktok gak", "kursi untuk antre ada berapa", "apa hansip dapat makan siang",
		"bilik suaranya dari kardus atau aluminium", "nomor urut tps saya kok ganti", "saksi boleh dari keluarga calon?", "wonten tps napa wonten toilet",
		"tps nganggo tenda apa balai desa", "why is there no sticker after voting", "suara perantau dihitung di mana", "berapa lama menunggu antrean biasanya",
	}
}
