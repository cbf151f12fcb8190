package whatsappcloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"tanya/bot/bottest"
)

const specFile = "spec/whatsapp-business-messaging.yaml"

// spec is the published description of the Cloud API.
type spec struct {
	schemas  map[string]any
	payloads map[string]any // examples of webhook requests, by title
}

// description reads the description, nil when it does not lie beside the repository.
var description = sync.OnceValues(func() (*spec, error) {
	root := os.Getenv("TANYA_SHARED")
	if root == "" {
		_, here, _, _ := runtime.Caller(0)
		root = filepath.Join(filepath.Dir(here), "..", "..", "..", "shared")
	}
	raw, err := os.ReadFile(filepath.Join(root, specFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var doc map[string]any
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		return nil, err
	}
	// By way of JSON, so that numbers and strings are what they are in requests.
	plain, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(plain, &doc); err != nil {
		return nil, err
	}
	s := &spec{}
	s.schemas, _ = at(doc, "components", "schemas").(map[string]any)
	s.payloads, _ = at(doc, "paths", "/whatsapp/webhooks", "post", "requestBody", "content", "application/json", "examples").(map[string]any)
	return s, nil
})

// published returns the description or skips the test.
func published(t *testing.T) *spec {
	t.Helper()
	bottest.Shared(t, specFile)
	s, err := description()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// younger are fields that came after the description was written: user ids in 2026, and the callback data, which it
// names for calls only.
var younger = []string{"recipient", "biz_opaque_callback_data"}

// checkSend checks a request to send a message, or to mark one as read.
func (s *spec) checkSend(m map[string]any) []string {
	m = clone(m)
	if m["status"] == "read" {
		return s.check("read", m, s.schemas["MarkMessageRequestPayload"])
	}
	if m["to"] == nil {
		m["to"] = m["recipient"]
	}
	for _, k := range younger {
		delete(m, k)
	}
	ref := at(s.schemas, "Message", "discriminator", "mapping", text(m["type"]))
	if ref == nil {
		return []string{"the description knows no type " + text(m["type"])}
	}
	return s.check(text(m["type"]), m, map[string]any{"$ref": ref})
}

func clone(m map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range m {
		out[k] = v
	}
	return out
}

// check checks a value against a schema, as far as this description uses the language of schemas. Branches of allOf are
// joined first: read to the letter, each would forbid what the others require.
func (s *spec) check(where string, v, schema any) []string {
	m := s.resolve(schema)
	var out []string
	say := func(format string, args ...any) { out = append(out, where+": "+fmt.Sprintf(format, args...)) }
	if any, ok := m["oneOf"].([]any); ok {
		fits := 0
		var why []string
		for _, one := range any {
			p := s.check(where, v, one)
			if len(p) == 0 {
				fits++
			}
			why = append(why, p...)
		}
		if fits != 1 {
			say("fits %d of its %d forms (%v)", fits, len(any), why)
		}
	}
	switch value := v.(type) {
	case map[string]any:
		out = append(out, s.object(where, value, m)...)
	case []any:
		if n, ok := m["minItems"].(float64); ok && len(value) < int(n) {
			say("%d items", len(value))
		}
		if n, ok := m["maxItems"].(float64); ok && len(value) > int(n) {
			say("%d items", len(value))
		}
		for i, x := range value {
			out = append(out, s.check(fmt.Sprintf("%s[%d]", where, i), x, m["items"])...)
		}
	case string:
		if n, ok := m["maxLength"].(float64); ok && utf8.RuneCountInString(value) > int(n) {
			say("%d characters", utf8.RuneCountInString(value))
		}
		if enum, ok := m["enum"].([]any); ok && !slices.Contains(enum, v) {
			say("%q is none of %v", value, enum)
		}
	}
	if t, ok := m["type"].(string); ok && t != kindOf(v) {
		say("is %s, want %s", kindOf(v), t)
	}
	return out
}

func (s *spec) object(where string, v, m map[string]any) []string {
	var out []string
	fields, _ := m["properties"].(map[string]any)
	required, _ := m["required"].([]any)
	for _, r := range required {
		if v[text(r)] == nil {
			out = append(out, where+": "+text(r)+" is missing")
		}
	}
	for k, x := range v {
		if f := fields[k]; f != nil {
			out = append(out, s.check(where+"."+k, x, f)...)
		} else if m["additionalProperties"] == false {
			out = append(out, where+": unknown field "+k)
		}
	}
	return out
}

// resolve follows a reference and joins the branches of allOf.
func (s *spec) resolve(schema any) map[string]any {
	m, _ := schema.(map[string]any)
	if ref := text(m["$ref"]); ref != "" {
		return s.resolve(s.schemas[filepath.Base(ref)])
	}
	branches, ok := m["allOf"].([]any)
	if !ok {
		return m
	}
	joined, fields := map[string]any{}, map[string]any{}
	var required []any
	for _, b := range branches {
		one := s.resolve(b)
		for k, x := range one {
			joined[k] = x
		}
		own, _ := one["properties"].(map[string]any)
		for k, x := range own {
			fields[k] = x
		}
		more, _ := one["required"].([]any)
		required = append(required, more...)
	}
	joined["properties"], joined["required"] = fields, required
	return joined
}

func kindOf(v any) string {
	switch v.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case string:
		return "string"
	case bool:
		return "boolean"
	case float64:
		return "number"
	}
	return "null"
}

// TestDescriptionIsStrict makes sure that the checker finds what is wrong.
func TestDescriptionIsStrict(t *testing.T) {
	s := published(t)
	good := `{"messaging_product":"whatsapp","recipient_type":"individual","to":"62811","type":"text","text":{"body":"x","preview_url":false}}`
	for _, c := range []struct{ name, body string }{
		{"no type", `{"messaging_product":"whatsapp","recipient_type":"individual","to":"62811"}`},
		{"no recipient", `{"messaging_product":"whatsapp","recipient_type":"individual","type":"text","text":{"body":"x"}}`},
		{"unknown field", `{"messaging_product":"whatsapp","recipient_type":"individual","to":"62811","type":"text","text":{"body":"x"},"colour":"red"}`},
		{"recipient_type of others", `{"messaging_product":"whatsapp","recipient_type":"business_scoped_user_id","to":"62811","type":"text","text":{"body":"x"}}`},
		{"body not a string", `{"messaging_product":"whatsapp","recipient_type":"individual","to":"62811","type":"text","text":{"body":7}}`},
		{"four buttons", `{"messaging_product":"whatsapp","recipient_type":"individual","to":"62811","type":"interactive","interactive":{"type":"button","body":{"text":"x"},"action":{"buttons":[` +
			`{"type":"reply","reply":{"id":"1","title":"1"}},{"type":"reply","reply":{"id":"2","title":"2"}},{"type":"reply","reply":{"id":"3","title":"3"}},{"type":"reply","reply":{"id":"4","title":"4"}}]}}}`},
		{"long row", `{"messaging_product":"whatsapp","recipient_type":"individual","to":"62811","type":"interactive","interactive":{"type":"list","body":{"text":"x"},"action":{"button":"Pilih","sections":[{"rows":[{"id":"1","title":"1234567890123456789012345"}]}]}}}`},
	} {
		var m map[string]any
		if err := json.Unmarshal([]byte(c.body), &m); err != nil {
			t.Fatal(c.name, err)
		}
		if len(s.checkSend(m)) == 0 {
			t.Errorf("%s: nothing found", c.name)
		}
	}
	var m map[string]any
	if err := json.Unmarshal([]byte(good), &m); err != nil {
		t.Fatal(err)
	}
	if p := s.checkSend(m); len(p) > 0 {
		t.Errorf("a good request: %v", p)
	}
}
