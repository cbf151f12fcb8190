package embed

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// standin is an endpoint on this machine. Its vectors are counts of letter runs, so that texts that look alike lie near
// each other. fault names what it does wrong.
type standin struct {
	*httptest.Server
	mu      sync.Mutex
	fault   string
	only    int // the fault holds for so many requests, 0: for all
	asked   []string
	queries int // requests
	keys    []string
	held    chan struct{} // closed to let late answers go
}

const testKey = "kunci-rahasia-9f8e7d"

func newStandin(t testing.TB) *standin {
	s := &standin{held: make(chan struct{})}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(func() { close(s.held); s.Close() })
	return s
}

// breakWith sets the fault, for a number of requests or, with 0, for all.
func (s *standin) breakWith(fault string, only int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.only = fault, only
}

// forget returns what was asked since the last time, and how many requests that took.
func (s *standin) forget() (asked []string, queries int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked, queries = s.asked, s.queries
	s.asked, s.queries = nil, 0
	return asked, queries
}

// faults are the ways in which an endpoint can be of no use.
var faults = []string{"status 500", "status 401", "status 429", "redirect", "late", "cut", "empty", "not JSON", "another JSON", "no data",
	"too many", "same index twice", "index outside", "NaN", "infinite", "zeros", "empty vector", "wrong dimensions", "huge dimensions"}

func (s *standin) serve(w http.ResponseWriter, r *http.Request) {
	var q request
	if r.URL.Path != "/v1/embeddings" || json.NewDecoder(r.Body).Decode(&q) != nil || q.Model != "model-uji" {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	fault := s.fault
	if s.only > 0 {
		if s.only--; s.only == 0 {
			s.fault = ""
		}
	}
	s.queries++
	s.asked = append(s.asked, q.Input...)
	s.keys = append(s.keys, r.Header.Get("Authorization"))
	s.mu.Unlock()
	s.answer(w, r, q.Input, fault)
}

type datum struct {
	Index     int       `json:"index"`
	Embedding []float64 `json:"embedding"`
}

func (s *standin) answer(w http.ResponseWriter, r *http.Request, texts []string, fault string) {
	var data []datum
	for i, t := range texts {
		data = append(data, datum{i, letters(t)})
	}
	slices.Reverse(data) // order is said by the index, not by the place
	switch fault {
	case "status 500", "status 401", "status 429":
		var code int
		_, _ = fmt.Sscanf(fault, "status %d", &code)
		http.Error(w, `{"error":"`+texts[0]+`"}`, code) // servers repeat what they were asked
		return
	case "redirect":
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		return
	case "late":
		select {
		case <-s.held:
		case <-r.Context().Done():
		case <-time.After(5 * time.Second):
		}
	case "cut":
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte(`{"data":[`))
		return
	case "empty":
		return
	case "not JSON":
		_, _ = w.Write([]byte("<html>hello</html>"))
		return
	case "another JSON":
		_, _ = w.Write([]byte(`{"data":[{"embedding":"AAAA"}]}`))
		return
	case "NaN", "infinite":
		number := map[string]string{"NaN": "NaN", "infinite": "1e999"}[fault]
		_, _ = w.Write([]byte(`{"data":[` + strings.TrimSuffix(strings.Repeat(`{"embedding":[0.5,`+number+`]},`, len(texts)), ",") + `]}`))
		return
	case "no data":
		data = nil
	case "too many":
		data = append(data, datum{len(texts), letters("x")})
	case "same index twice":
		data = append(data[:0], slices.Repeat([]datum{{0, letters("x")}}, max(2, len(texts)))...)[:len(texts)]
		if len(texts) == 1 {
			data[0].Index = 1
		}
	case "index outside":
		data[0].Index = -1
	case "zeros":
		data[0].Embedding = make([]float64, len(data[0].Embedding))
	case "empty vector":
		data[0].Embedding = nil
	case "wrong dimensions":
		data[0].Embedding = data[0].Embedding[1:]
	case "huge dimensions":
		data[0].Embedding = make([]float64, dimsMax+1)
	case "constant":
		for i := range data {
			data[i].Embedding = []float64{1, 2, 3}
		}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"object": "list", "data": data, "model": "model-uji"})
}

// letters counts runs of three letters in 96 places.
func letters(t string) []float64 {
	v := make([]float64, 96)
	r := []rune(" " + strings.ToLower(t) + " ")
	for i := 0; i+3 <= len(r); i++ {
		h := fnv.New32a()
		_, _ = h.Write([]byte(string(r[i : i+3])))
		v[h.Sum32()%96]++
	}
	v[95]++ // never all zeros
	return v
}
