package simulate

import (
	"reflect"
	"testing"
	"time"
)

// TestDiary: the same diary gives the same visits, in the order of time and inside the season; those of an outing carry its
// code within a day of it, about as many as are expected.
func TestDiary(t *testing.T) {
	from := time.Date(2026, 9, 12, 0, 0, 0, 0, time.UTC)
	day := from.AddDate(0, 0, 10).Add(9 * time.Hour)
	d := Diary{
		From: from, To: from.AddDate(0, 0, 30), Daily: 10, Seed: 3, Odd: []string{"apa ini"}, Channels: map[string]float64{"web": 0.7, "wa": 0.3},
		Questions: []Question{{"jam berapa", "jam"}, {"di mana", "tps"}}, Topics: map[string]string{"jam": "jadwal", "tps": "tps"},
		Outings: []Outing{{Code: "BCDFGH", Day: day, People: 400, Pickup: 0.5, Topic: "tps", Quiz: true}},
	}
	visits := d.Visits()
	if !reflect.DeepEqual(visits, d.Visits()) {
		t.Error("two readings differ")
	}
	coded, web, last := 0, 0, from
	for _, v := range visits {
		if v.At.Before(last) || !v.At.Before(d.To) || len(v.Says) == 0 {
			t.Fatalf("a visit at %v after one at %v says %q", v.At, last, v.Says)
		}
		last = v.At
		if v.Code != "" {
			coded++
			if v.At.Before(day) || v.At.Sub(day) >= 24*time.Hour {
				t.Errorf("came by the code at %v", v.At)
			}
		}
		if v.Channel == "web" {
			web++
		}
	}
	if coded < 160 || coded > 240 || len(visits)-coded < 250 || len(visits)-coded > 500 {
		t.Errorf("%d visits by the code, %d without", coded, len(visits)-coded)
	}
	if share := float64(web) / float64(len(visits)); share < 0.6 || share > 0.8 {
		t.Errorf("%.2f of the visits on the web", share)
	}
}
