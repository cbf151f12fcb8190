package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"tanya/faq"
	"tanya/faq/eval"
	"tanya/faq/match"
)

// eval measures the matcher: on labelled intent sets, on questions about the content, and before and after a change.
func (a *app) eval(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return usagef("tulis tanya eval intents, eval questions, eval compare, atau eval curves")
	}
	switch args[0] {
	case "intents":
		return a.evalIntents(ctx, args[1:])
	case "questions":
		return a.evalQuestions(ctx, args[1:])
	case "compare":
		return a.evalCompare(ctx, args[1:])
	case "curves":
		return a.evalCurves(ctx, args[1:])
	}
	return usagef("perintah eval %q tidak dikenal; ada intents, questions, compare, curves", args[0])
}

// evalIntents trains the engine on any labelled rows and asks it others.
func (a *app) evalIntents(ctx context.Context, args []string) error {
	f := a.flags("eval intents")
	trainFile := f.String("train", "", "TSV teks<TAB>label untuk belajar; label oos di luar cakupan")
	testFile := f.String("test", "", "TSV teks<TAB>label untuk diuji")
	textFile := f.String("text", "", "teks tanpa label, satu per baris, untuk vektor kata")
	engine := f.String("engine", "tanya", "tanya atau bm25")
	noise := f.String("noise", string(eval.Unchanged), "rusak teks uji: clean, 1, 2, vowel, mix")
	asJSON := f.Bool("json", false, "tulis sebagai JSON")
	if _, err := parse(f, args); err != nil {
		return err
	}
	if *trainFile == "" || *testFile == "" {
		return usagef("beri --train BERKAS dan --test BERKAS")
	}
	train, err := readFile(*trainFile, eval.ReadRows)
	if err != nil {
		return err
	}
	test, err := readFile(*testFile, eval.ReadRows)
	if err != nil {
		return err
	}
	var unlabelled []string
	if *textFile != "" {
		if unlabelled, err = readFile(*textFile, eval.ReadLines); err != nil {
			return err
		}
	}
	if !slices.Contains(eval.Noises(), eval.Noise(*noise)) {
		return usagef("jenis rusak %q tidak dikenal", *noise)
	}
	build, ok := map[string]eval.Build{"tanya": buildEngine, "bm25": buildBM25}[*engine]
	if !ok {
		return usagef("mesin %q tidak dikenal; ada tanya dan bm25", *engine)
	}
	r, err := eval.Intents(ctx, build, train, eval.Spoil(test, eval.Noise(*noise), 1), unlabelled)
	if err != nil {
		return err
	}
	if *asJSON {
		return writeJSON(a.stdout, r)
	}
	fmt.Fprintf(a.stdout, "benar di dalam cakupan   %6.2f%%  (tiga teratas %.2f%%)\n", 100*r.InScopeAccuracy, 100*r.Top3)
	if r.NOOS > 0 {
		fmt.Fprintf(a.stdout, "dengan batas penolakan   %6.2f%%  di luar cakupan ditolak %.2f%%\n", 100*r.KeptAccuracy, 100*r.OOSRecall)
		fmt.Fprintf(a.stdout, "AUROC                    %6.2f%%  FPR95 %.2f%%\n", 100*r.OOSAUROC, 100*r.OOSFPR95)
	}
	fmt.Fprintf(a.stdout, "latih %.0f ms, siap %.0f ms, p50 %.0f us, p99 %.0f us, n %d\n", r.TrainMS, r.ReadyMS, r.P50, r.P99, r.N)
	return nil
}

// buildEngine is the matcher on plain labelled rows: no guards, the words of a label as one more text of it.
func buildEngine(ctx context.Context, train []eval.Row, unlabelled []string) (faq.Matcher, error) {
	titles := map[string]string{}
	words := strings.NewReplacer("_", " ", "-", " ", "/", " ", ".", " ")
	for _, r := range train {
		if r.Label != eval.OutOfScope {
			titles[r.Label] = words.Replace(r.Label)
		}
	}
	return match.New(ctx, samples(train), match.Options{Titles: titles, Unlabelled: unlabelled, Calibration: match.Background})
}

func buildBM25(_ context.Context, train []eval.Row, _ []string) (faq.Matcher, error) {
	return match.NewBM25(samples(train), 0), nil
}

func samples(rows []eval.Row) []match.Sample {
	out := make([]match.Sample, len(rows))
	for i, r := range rows {
		out[i] = match.Sample{Text: r.Text, Label: r.Label}
	}
	return out
}

// evalQuestions asks questions with known entries about the current content.
func (a *app) evalQuestions(ctx context.Context, args []string) error {
	f := a.flags("eval questions")
	dir := f.String("content", a.getenv("TANYA_CONTENT"), "folder isi (bawaan: isi di dalam program)")
	engine := f.String("engine", "tanya", "tanya, bm25, atau embeddings (tanya dengan pendapat kedua dari TANYA_EMBEDDINGS_...)")
	asJSON := f.Bool("json", false, "tulis sebagai JSON")
	verbose := f.Bool("v", false, "tulis juga setiap pesan yang tidak dijawab benar")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usagef("beri satu berkas TSV: pesan<TAB>entri<TAB>ragam")
	}
	qs, err := readFile(rest[0], eval.ReadQuestions)
	if err != nil {
		return err
	}
	ed, err := loadEdition(*dir)
	if err != nil {
		return err
	}
	m, err := a.matcherFor(ctx, ed, *engine)
	if err != nil {
		return err
	}
	r, err := eval.Questions(ctx, m, qs, func(id string) bool { e := ed.Entry(id); return e != nil && e.Critical })
	if err != nil {
		return err
	}
	if *asJSON {
		return writeJSON(a.stdout, r)
	}
	writeQuestions(a.stdout, r, *verbose)
	return nil
}

func (a *app) matcherFor(ctx context.Context, ed *faq.Edition, engine string) (faq.Matcher, error) {
	switch engine {
	case "tanya":
		return trainMatcher(ctx, ed, nil, false)
	case "bm25":
		return match.NewBM25(match.EditionSamples(ed), 0), nil
	case "embeddings":
		return a.withEmbeddings(ctx, ed)
	}
	return nil, usagef("mesin %q tidak dikenal; ada tanya, bm25, embeddings", engine)
}

// writeQuestions prints the counts with their exact 95% intervals.
func writeQuestions(w io.Writer, r eval.QuestionReport, verbose bool) {
	if verbose {
		for _, o := range r.Outcomes {
			if o.Kind != "right" {
				fmt.Fprintf(w, "%-14s %.2f  %s  -> %s %s  (seharusnya %s)\n", o.Kind, o.Score, o.Text, o.Entry,
					strings.Join(o.Choices, " "), strings.Join(o.Want, " "))
			}
		}
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name string, c eval.Counts) {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%d\t%s\t%d\n", name, c.N, c.Right, c.Wrong, c.CriticalWrong.Count, c.Offered, c.Abstained.Count)
	}
	fmt.Fprintln(t, "ragam\tn\tbenar\tsalah\tsalah kritis\tbenar atau ditawarkan\tdiam")
	for _, v := range slices.Sorted(maps.Keys(r.Varieties)) {
		row(v, r.Varieties[v])
	}
	row("semua", r.All)
	t.Flush()
	fmt.Fprintf(w, "dijawab %s; salah di antara yang dijawab %s; pilihan yang memuat jawaban %s\n", r.All.Answered, r.All.WrongAnswers, r.All.ChoicesHave)
}

// evalCompare asks two contents the same messages and prints those that are treated differently.
func (a *app) evalCompare(ctx context.Context, args []string) error {
	f := a.flags("eval compare")
	messages := f.String("messages", "", "pesan, satu per baris; teks setelah tab diabaikan")
	asJSON := f.Bool("json", false, "tulis sebagai JSON")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 2 || *messages == "" {
		return usagef("beri dua folder isi dan pesan: tanya eval compare LAMA BARU --messages BERKAS")
	}
	lines, err := readFile(*messages, eval.ReadLines)
	if err != nil {
		return err
	}
	var ms [2]faq.Matcher
	for i, dir := range rest {
		ed, err := loadEdition(dir)
		if err != nil {
			return err
		}
		if ms[i], err = trainMatcher(ctx, ed, nil, false); err != nil {
			return err
		}
	}
	changes, err := eval.Compare(ctx, ms[0], ms[1], lines)
	if err != nil {
		return err
	}
	if *asJSON {
		return writeJSON(a.stdout, changes)
	}
	for _, c := range changes {
		fmt.Fprintf(a.stdout, "%s\n    dulu: %s\n    kini: %s\n", c.Text, c.Old, c.New)
	}
	fmt.Fprintf(a.stdout, "%d dari %d pesan berubah\n", len(changes), len(lines))
	return nil
}

// evalCurves says what a number of phrasings per entry is worth, and what typing noise costs: on the content, or on any
// labelled rows.
func (a *app) evalCurves(ctx context.Context, args []string) error {
	f := a.flags("eval curves")
	dir := f.String("content", a.getenv("TANYA_CONTENT"), "folder isi (bawaan: isi di dalam program)")
	trainFile := f.String("train", "", "TSV teks<TAB>label sebagai ganti isi")
	asJSON := f.Bool("json", false, "tulis sebagai JSON")
	if rest, err := parse(f, args); err != nil {
		return err
	} else if len(rest) > 0 {
		return usagef("tanya eval curves tidak memakai %q", rest[0])
	}
	rows, build := []eval.Row(nil), buildPlain
	if *trainFile != "" {
		var err error
		if rows, err = readFile(*trainFile, eval.ReadRows); err != nil {
			return err
		}
	} else {
		ed, err := loadEdition(*dir)
		if err != nil {
			return err
		}
		for _, s := range match.EditionSamples(ed) {
			rows = append(rows, eval.Row{Text: s.Text, Label: s.Label})
		}
		build = buildOffice
	}
	learning, err := eval.Learning(ctx, build, rows, []int{4, 8, 16, 32, 0})
	if err != nil {
		return err
	}
	noisy, err := eval.Noisy(ctx, build, rows)
	if err != nil {
		return err
	}
	if *asJSON {
		return writeJSON(a.stdout, map[string][]eval.Point{"learning": learning, "noise": noisy})
	}
	if err := eval.WritePoints(a.stdout, "contoh per entri", learning); err != nil {
		return err
	}
	fmt.Fprintln(a.stdout)
	return eval.WritePoints(a.stdout, "salah ketik", noisy)
}

// buildPlain is buildEngine without thresholds: only the order of the candidates is looked at.
func buildPlain(ctx context.Context, train []eval.Row, _ []string) (faq.Matcher, error) {
	return match.New(ctx, samples(train), match.Options{Calibration: match.Never})
}

// buildOffice is the matcher with the office's recipe and guards, on some of the content's phrasings alone.
func buildOffice(ctx context.Context, train []eval.Row, _ []string) (faq.Matcher, error) {
	return match.New(ctx, samples(train), match.Options{Guards: true, Negatives: match.Negatives(), Calibration: match.Never})
}

// readFile opens a file and reads it with read; the error names the file.
func readFile[T any](name string, read func(io.Reader) (T, error)) (T, error) {
	var none T
	f, err := os.Open(name)
	if err != nil {
		return none, usagef("%v", err)
	}
	defer f.Close()
	v, err := read(f)
	if err != nil {
		return none, fmt.Errorf("%s: %w", name, err)
	}
	return v, nil
}
