package bot

import "strings"

// Mistake is what is wrong with a field of a form.
type Mistake struct {
	Field string // its name in the form
	Text  string // one sentence for staff
}

// Mistakes are what is wrong with a form, in the order of its fields: an error of the class Invalid that says where. It is
// never empty.
type Mistakes []Mistake

// Error returns all sentences.
func (m Mistakes) Error() string {
	var all []string
	for _, one := range m {
		all = append(all, one.Text)
	}
	return strings.Join(all, " ")
}

// Unwrap gives it its class.
func (m Mistakes) Unwrap() error { return &Error{Class: Invalid, Message: m.Error()} }
