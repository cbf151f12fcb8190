package match

import (
	_ "embed"
	"encoding/json"
)

//go:embed data/policy.json
var releasePolicy []byte

// saved is a policy as a file.
type saved struct {
	Key             string    `json:"key"` // names the samples it was computed on
	Right           *logistic `json:"right"`
	Scope           *logistic `json:"scope"`
	Answer          float64   `json:"answer"`
	Critical        float64   `json:"critical"`
	Offer           float64   `json:"offer"`
	OfferLost       float64   `json:"offer_lost"`
	Promise         string    `json:"promise"`
	CriticalPromise string    `json:"critical_promise"`
}

// released is the policy that was computed on the content of this release, with the key of that content. An engine
// for the office starts with it. Where it has that very content nothing is left to compute; else it answers by it
// until the thresholds for what it really has are computed. nil when the file is unusable.
func released() (p *policy, key string) {
	var s saved
	if err := json.Unmarshal(releasePolicy, &s); err != nil || s.Right == nil || s.Scope == nil || s.Answer <= 0 {
		return nil, ""
	}
	const until = " (dihitung pada isi rilis ini)"
	return &policy{right: s.Right, scope: s.Scope, answer: s.Answer, critical: s.Critical, offer: s.Offer,
		offerLost: s.OfferLost, promise: s.Promise + until, criticalPromise: s.CriticalPromise + until}, s.Key
}

// save writes a policy as a file that released reads.
func (p *policy) save(key string) ([]byte, error) {
	b, err := json.MarshalIndent(saved{key, p.right, p.scope, p.answer, p.critical, p.offer, p.offerLost, p.promise, p.criticalPromise}, "", "\t")
	return append(b, '\n'), err
}
