package bottest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// BotAPI is the published description of every method and type of Telegram's Bot API.
type BotAPI struct {
	Methods map[string]botType
	Types   map[string]botType
}

type botType struct {
	Fields   []botField
	Subtypes []string
}

type botField struct {
	Name     string
	Types    []string
	Required bool
}

// check returns what is wrong with a request: unknown method, unknown or missing field, wrong type.
func (a *BotAPI) check(method string, form url.Values) []string {
	m, ok := a.Methods[method]
	if !ok {
		return []string{"the Bot API has no such method"}
	}
	var problems []string
	for _, f := range m.Fields {
		if f.Required && form.Get(f.Name) == "" {
			problems = append(problems, f.Name+" is required")
		}
	}
	for name := range form {
		i := slices.IndexFunc(m.Fields, func(f botField) bool { return f.Name == name })
		if i < 0 {
			problems = append(problems, "the Bot API knows no "+name+" here")
			continue
		}
		if err := a.parameter(m.Fields[i].Types, form.Get(name)); err != nil {
			problems = append(problems, fmt.Sprintf("%s: %v", name, err))
		}
	}
	return problems
}

// parameter checks a parameter as it is written in a form: scalars bare, the rest as JSON.
func (a *BotAPI) parameter(types []string, s string) error {
	var err error
	for _, t := range types {
		switch t {
		case "String", "InputFile":
			return nil
		case "Integer":
			_, err = strconv.ParseInt(s, 10, 64)
		case "Float":
			_, err = strconv.ParseFloat(s, 64)
		case "Boolean":
			_, err = strconv.ParseBool(s)
		default:
			var v any
			if err = json.Unmarshal([]byte(s), &v); err == nil {
				err = a.value([]string{t}, v)
			}
		}
		if err == nil {
			return nil
		}
	}
	return err
}

// value checks a JSON value against types, any of which may hold.
func (a *BotAPI) value(types []string, v any) error {
	var err error
	for _, t := range types {
		if err = a.valueOf(t, v); err == nil {
			return nil
		}
	}
	return err
}

func (a *BotAPI) valueOf(t string, v any) error {
	if of, ok := strings.CutPrefix(t, "Array of "); ok {
		list, ok := v.([]any)
		if !ok {
			return fmt.Errorf("is no list")
		}
		for _, e := range list {
			if err := a.value([]string{of}, e); err != nil {
				return err
			}
		}
		return nil
	}
	switch v := v.(type) {
	case string:
		if t == "String" {
			return nil
		}
	case bool:
		if t == "Boolean" || t == "True" {
			return nil
		}
	case float64:
		if t == "Float" || (t == "Integer" && v == float64(int64(v))) {
			return nil
		}
	case map[string]any:
		return a.object(t, v)
	}
	return fmt.Errorf("is no %s", t)
}

func (a *BotAPI) object(t string, v map[string]any) error {
	typ, ok := a.Types[t]
	if !ok {
		return fmt.Errorf("unknown type %s", t)
	}
	if len(typ.Subtypes) > 0 {
		return a.value(typ.Subtypes, v)
	}
	for _, f := range typ.Fields {
		if _, there := v[f.Name]; f.Required && !there {
			return fmt.Errorf("%s lacks %s", t, f.Name)
		}
	}
	for name, e := range v {
		i := slices.IndexFunc(typ.Fields, func(f botField) bool { return f.Name == name })
		if i < 0 {
			return fmt.Errorf("%s has no %s", t, name)
		}
		if err := a.value(typ.Fields[i].Types, e); err != nil {
			return fmt.Errorf("%s.%s: %w", t, name, err)
		}
	}
	return nil
}

// Updates lists the kinds of update.
func (a *BotAPI) Updates() []string {
	var kinds []string
	for _, f := range a.Types["Update"].Fields {
		if f.Name != "update_id" {
			kinds = append(kinds, f.Name)
		}
	}
	return kinds
}

// RandomUpdate makes an update of a kind with every required field and some of the others. One in spoil fields has a
// value of a wrong type; 0 spoils none.
func (a *BotAPI) RandomUpdate(r *rand.Rand, id int64, kind string, spoil int) []byte {
	fields := a.Types["Update"].Fields
	i := slices.IndexFunc(fields, func(f botField) bool { return f.Name == kind })
	g := generator{a, r, spoil}
	b, err := json.Marshal(map[string]any{"update_id": id, kind: g.value(fields[i].Types[0], 0)})
	if err != nil {
		return nil
	}
	return b
}

type generator struct {
	*BotAPI
	r     *rand.Rand
	spoil int
}

// value makes a value of a type, no deeper than six levels beyond what is required.
func (g generator) value(t string, depth int) any {
	if g.spoil > 0 && g.r.IntN(g.spoil) == 0 {
		return []any{nil, true, -1, "x", []any{}, map[string]any{"new": "shape"}, 1e300, "\u0000"}[g.r.IntN(8)]
	}
	if of, ok := strings.CutPrefix(t, "Array of "); ok {
		list := []any{}
		for range g.r.IntN(3) {
			if depth < 6 {
				list = append(list, g.value(of, depth+1))
			}
		}
		return list
	}
	switch t {
	case "Integer":
		return []int64{0, 1, -1, 7, 1 << 31, -1001234567890, int64(g.r.Int32())}[g.r.IntN(7)]
	case "Float":
		return g.r.Float64() * 100
	case "Boolean", "True":
		return g.r.IntN(2) == 0
	case "String":
		return []string{"", "private", "group", "supergroup", "channel", "/start BLR7", "jam berapa TPS buka", "a\u202Eb\u0000c", "@tanya_test_bot kapan", "1:e:jam-tps", "1m:t:jadwal",
			strings.Repeat("panjang ", 600), "👩‍👩‍👧‍👦"}[g.r.IntN(13)]
	}
	typ := g.Types[t]
	if len(typ.Subtypes) > 0 {
		return g.value(typ.Subtypes[g.r.IntN(len(typ.Subtypes))], depth)
	}
	object := map[string]any{}
	for _, f := range typ.Fields {
		if f.Required && depth < 8 || depth < 3 && g.r.IntN(6) == 0 {
			object[f.Name] = g.value(f.Types[g.r.IntN(len(f.Types))], depth+1)
		}
	}
	return object
}
