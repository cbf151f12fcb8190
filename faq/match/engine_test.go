package match

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"tanya/faq"
)

// office trains one engine on the content for all tests of the package.
var officeEngine = sync.OnceValues(func() (*Engine, error) {
	ed, _ := faq.Read(os.DirFS("../content"))
	return FromEdition(context.Background(), ed, Options{})
})

func contentMatcher(t testing.TB) *Engine {
	t.Helper()
	if testing.Short() {
		t.Skip("trains on all content; left out with -short")
	}
	e, err := officeEngine()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// learned is the office's engine with its lessons, which an engine lets go of.
func learned(t testing.TB) *Engine {
	t.Helper()
	e := contentMatcher(t)
	ed, _ := faq.Read(os.DirFS("../content"))
	again := &Engine{opt: e.opt, model: e.model, reject: e.reject, titles: e.titles, lessons: e.learnFrom(EditionSamples(ed))}
	again.policy.Store(e.policy.Load())
	return again
}

func ask(t testing.TB, m faq.Matcher, s string) faq.Result {
	t.Helper()
	r, err := m.Match(context.Background(), faq.Question{Text: s})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// small is a little set that trains in no time.
func small() []Sample {
	var out []Sample
	for label, texts := range map[string][]string{
		"jam":      {"tps buka jam berapa", "jam berapa mulai nyoblos", "what time do polls open", "tps bukak jam pira", "sampai jam berapa tps"},
		"ktp":      {"ktp saya hilang bagaimana", "ktpku ilang piye", "lost my id card can i vote", "boleh memilih tanpa ktp", "belum punya ktp"},
		"lapor":    {"lapor politik uang kemana", "nglapor serangan fajar ning ngendi", "where to report vote buying", "mau melaporkan kecurangan", "lapor pelanggaran"},
		OutOfScope: {"resep sayur lodeh", "cuaca hari ini", "harga emas berapa", "football results"},
	} {
		for _, s := range texts {
			out = append(out, Sample{Text: s, Label: label})
		}
	}
	slices.SortFunc(out, func(a, b Sample) int { return strings.Compare(a.Text, b.Text) })
	return out
}

func TestNewNeedsSamples(t *testing.T) {
	if _, err := New(context.Background(), nil, Options{}); err != ErrNoSamples {
		t.Errorf("error %v, want ErrNoSamples", err)
	}
}

func TestNewStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := New(ctx, small(), Options{}); err == nil {
		t.Error("training went on after its context ended")
	}
}

func TestSmallEngine(t *testing.T) {
	e, err := New(context.Background(), small(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for q, want := range map[string]string{
		"jm brp tps buka":              "jam", // vowels dropped
		"KTP ilaang gmn":               "ktp",
		"lapor politk uangg dimana":    "lapor",
		"polls open what tiem":         "jam",
		"tps bukae wiwit tabuh pinten": "jam", // krama
	} {
		if r := ask(t, e, q); len(r.Candidates) == 0 || r.Candidates[0].Entry != want {
			t.Errorf("%q: %+v, want %s", q, r.Candidates, want)
		}
	}
}

// Training is repeatable to the last bit, whatever the number of cores.
func TestTrainingIsDeterministic(t *testing.T) {
	r := standard()
	var ls []lesson
	for _, s := range small() {
		ls = append(ls, lesson{text: s.Text, tokens: strings.Fields(s.Text), label: s.Label, weight: 1})
	}
	var models []*model
	for _, cores := range []int{1, 1, 2, 3} {
		r.cores = cores
		m, err := train(context.Background(), ls, r, nil, nil, 1)
		if err != nil {
			t.Fatal(err)
		}
		models = append(models, m)
	}
	for i, m := range models[1:] {
		if !reflect.DeepEqual(m.w, models[0].w) {
			t.Errorf("training %d gave other weights", i+1)
		}
	}
}

type memoryCache map[string][]byte

func (c memoryCache) Load(k string) ([]byte, error) {
	if b, ok := c[k]; ok {
		return b, nil
	}
	return nil, os.ErrNotExist
}
func (c memoryCache) Save(k string, b []byte) error { c[k] = slices.Clone(b); return nil }

// A cached engine answers as the one that filled the cache; a damaged cache only costs time; other samples do not
// find it.
func TestCache(t *testing.T) {
	c := memoryCache{}
	a, err := New(context.Background(), small(), Options{Cache: c})
	if err != nil {
		t.Fatal(err)
	}
	if len(c) != 1 {
		t.Fatalf("%d values cached, want 1", len(c))
	}
	b, err := New(context.Background(), small(), Options{Cache: c})
	if err != nil {
		t.Fatal(err)
	}
	q := "ktp ku ilang isih iso nyoblos gak"
	if x, y := ask(t, a, q), ask(t, b, q); !reflect.DeepEqual(x, y) {
		t.Errorf("cached engine differs:\n%+v\n%+v", x, y)
	}
	for k := range c {
		c[k][len(c[k])/2] ^= 1
	}
	d, err := New(context.Background(), small(), Options{Cache: c})
	if err != nil {
		t.Fatal(err)
	}
	if x, y := ask(t, a, q), ask(t, d, q); !reflect.DeepEqual(x, y) {
		t.Error("an engine beside a damaged cache differs")
	}
	if _, err := New(context.Background(), small()[1:], Options{Cache: c}); err != nil || len(c) != 2 {
		t.Errorf("other samples: %v, %d values cached, want 2", err, len(c))
	}
}

func TestBaseline(t *testing.T) {
	b := NewBM25(small(), 0)
	for q, want := range map[string]string{"jam berapa tps buka": "jam", "lapor politik uang": "lapor"} {
		if r := ask(t, b, q); r.Verdict != faq.Answered || r.Entry != want {
			t.Errorf("%q: %s %s, want %s", q, r.Verdict, r.Entry, want)
		}
	}
	if r := ask(t, b, "xyzzy"); r.Verdict != faq.Unknown {
		t.Errorf("nonsense: %s", r.Verdict)
	}
}

// The first thing that people ask must be understood, whatever stands around it.
func TestGreetingNeverEatsTheQuestion(t *testing.T) {
	e := contentMatcher(t)
	for _, s := range []string{"kapan coblosan?", "assalamualaikum min kapan coblosan", "Sugeng enjing, badhe nyuwun pirsa, coblosan kapan nggih?", "halo kak mau tanya dong kapan coblosan ya, makasih"} {
		if r := ask(t, e, s); len(r.Candidates) == 0 || r.Candidates[0].Entry != "hari-pemungutan-suara" {
			t.Errorf("%q: %s %v", s, r.Verdict, r.Choices)
		}
	}
	for _, s := range []string{"halo min", "assalamualaikum", "matur nuwun sanget", "makasih kak", "p", "sugeng enjing pak"} {
		if r := ask(t, e, s); r.Verdict != faq.Greeting {
			t.Errorf("%q: %s, want greeting", s, r.Verdict)
		}
	}
}

// Staff must be able to see why: words, nearest phrasing, score, threshold, promise.
func TestExplanationIsWhole(t *testing.T) {
	r := ask(t, contentMatcher(t), "min jm brp tps buka")
	if r.Verdict != faq.Answered || r.Entry != "jam-tps" {
		t.Fatalf("%s %s %v", r.Verdict, r.Entry, r.Choices)
	}
	x := r.Explain
	if len(x.Words) == 0 || x.Stripped != "min" || x.Why == "" || x.Bound == "" || x.Threshold <= 0 || x.InScope <= 0 ||
		r.Candidates[0].Nearest == "" || len(r.Candidates[0].Words) == 0 {
		t.Errorf("%+v\n%+v", x, r.Candidates[0])
	}
}

// The thresholds of the release must be readable, so that an office answers before its own are computed.
func TestReleasedThresholds(t *testing.T) {
	p, _ := released()
	if p == nil {
		t.Fatal("data/policy.json cannot be used; write it with: go test ./faq/match -run TestRanks -update")
	}
	if p.answer < 0.5 || p.answer > 0.999 || p.offer >= p.answer {
		t.Errorf("answer from %.3f, offer from %.3f", p.answer, p.offer)
	}
}

// One question in two stays one, two questions get a choice of two answers.
func TestTwoQuestions(t *testing.T) {
	r := ask(t, contentMatcher(t), "Jam berapa TPS buka? KTP saya hilang, masih bisa nyoblos?")
	if r.Verdict != faq.Choices || !slices.Contains(r.Choices, "jam-tps") || !slices.Contains(r.Choices, "ktp-hilang-belum-punya") {
		t.Errorf("%s %s %v", r.Verdict, r.Entry, r.Choices)
	}
}

// A short question is read with what was just talked about.
func TestFollowUp(t *testing.T) {
	e := contentMatcher(t)
	r, err := e.Match(context.Background(), faq.Question{Text: "kalau hilang?", About: "undangan-belum-diterima"})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Candidates) == 0 || r.Candidates[0].Entry != "undangan-belum-diterima" {
		t.Errorf("%s %s %v", r.Verdict, r.Entry, r.Choices)
	}
}

func ExampleEngine_Match() {
	e, err := New(context.Background(), []Sample{
		{Text: "jam berapa tps buka", Label: "jam-tps"}, {Text: "ktp saya hilang", Label: "ktp-hilang"},
	}, Options{Calibration: Never})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, _ := e.Match(context.Background(), faq.Question{Text: "tps bukak jam pinten"})
	fmt.Println(r.Candidates[0].Entry)
	// Output: jam-tps
}
