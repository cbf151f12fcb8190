package relaytest

import (
	"encoding/json"
	"io"
	"net/http"

	"go.mau.fi/whatsmeow/binary"
)

// mediaConn tells a client where media are stored: here, whatever the host's name.
func mediaConn() []node {
	host := node{Tag: "host", Attrs: binary.Attrs{"hostname": "mmg.whatsapp.net"}}
	return []node{{
		Tag: "media_conn", Attrs: binary.Attrs{"auth": "auth", "ttl": 300, "auth_ttl": 300, "max_buckets": 1}, Content: []node{host},
	}}
}

// RefuseUploads makes the relay store no media.
func (r *Relay) RefuseUploads(on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.full = on
}

// Uploads returns what was stored, still encrypted.
func (r *Relay) Uploads() [][]byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all [][]byte
	for _, b := range r.media {
		all = append(all, b)
	}
	return all
}

// upload stores media that a client has encrypted.
func (r *Relay) upload(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(io.LimitReader(q.Body, 16<<20))
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil || r.full || q.URL.Query().Get("auth") != "auth" {
		http.Error(w, "no", http.StatusInternalServerError)
		return
	}
	token := q.PathValue("token")
	r.media[token] = body
	path := "/media/" + token + "?ccb=1"
	_ = json.NewEncoder(w).Encode(map[string]string{"url": "https://mmg.whatsapp.net" + path, "direct_path": path})
}

// download hands them out.
func (r *Relay) download(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	body, ok := r.media[q.PathValue("token")]
	r.mu.Unlock()
	if !ok {
		http.NotFound(w, q)
		return
	}
	_, _ = w.Write(body)
}
