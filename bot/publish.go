package bot

import (
	"slices"
	"strings"
	"time"

	"tanya/faq"
)

// PublishDelay is how long everybody can still stop an edition after the last approval.
const PublishDelay = 10 * time.Minute

// ProposalState says how far a proposal is on its way to citizens.
type ProposalState string

// The states of a proposal.
const (
	Checking  ProposalState = "checking"  // the gate is at work
	Proposed  ProposalState = "proposed"  // waits for a person
	Waiting   ProposalState = "scheduled" // approved, goes live when Due has come
	Published ProposalState = "published"
	Cancelled ProposalState = "cancelled"
	Rejected  ProposalState = "rejected"
)

// Proposal is a next edition, frozen as it was when somebody proposed it. What is approved is what is published: the
// content cannot change any more.
type Proposal struct {
	ID       int64         `json:"-"`
	State    ProposalState `json:"state"`
	Authors  []string      `json:"authors"` // everybody who wrote on it; none of them may approve it
	At       time.Time     `json:"at"`
	Note     string        `json:"note"`
	Base     int64         `json:"base"` // number of the edition that it was compared with
	Content  []byte        `json:"content"`
	Report   Report        `json:"report"`
	Restores int64         `json:"restores,omitempty"` // number of the older edition that is brought back, 0 for the draft
	Approver string        `json:"approver,omitempty"`
	Reason   string        `json:"reason,omitempty"` // why the gate was overridden, or why it was rejected
	Due      time.Time     `json:"due,omitzero"`
	Edition  int64         `json:"edition,omitempty"` // number it was published under
	Version  int64         `json:"-"`
}

// Severity says what a finding of the gate means.
type Severity string

// The severities. A blocking finding needs a second person who says why it may pass.
const (
	Block Severity = "block"
	Warn  Severity = "warn"
)

// Finding is one thing that the gate found.
type Finding struct {
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	Text     string   `json:"text"`
}

// Report is what the gate found about a proposal.
type Report struct {
	Findings []Finding     `json:"findings"`
	Entries  []EntryChange `json:"entries"`
	Days     []DayChange   `json:"days"`
	Gold     Compared      `json:"gold"`
	Replay   Compared      `json:"replay"`
	Critical bool          `json:"critical"` // a text that can cost a vote changes
}

// EntryChange is how an entry differs.
type EntryChange struct {
	Entry    string     `json:"entry"`
	Title    string     `json:"title,omitempty"` // as staff know it
	Kind     string     `json:"kind"`            // "baru", "hapus", "teks", "contoh", "lain"
	Critical bool       `json:"critical"`
	Texts    []TextDiff `json:"texts,omitempty"`
}

// TextDiff is one text that people would read, before and after.
type TextDiff struct {
	Where  string `json:"where"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// DayChange is a date that changes. Staff see it large.
type DayChange struct {
	Fact   string   `json:"fact"`
	Before faq.Date `json:"before"`
	After  faq.Date `json:"after"`
}

// Compared is how questions fare under the next edition.
type Compared struct {
	N        int        `json:"n"`
	Before   int        `json:"before"` // answered now
	After    int        `json:"after"`  // answered then
	Changed  []Outcomes `json:"changed,omitempty"`
	Silenced []Outcomes `json:"silenced,omitempty"`
	Gained   []Outcomes `json:"gained,omitempty"`
}

// Outcomes is a question whose outcome changes. Text is redacted.
type Outcomes struct {
	Text   string `json:"text"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Blocked reports whether the gate stops the proposal.
func (r Report) Blocked() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity == Block })
}

// SecondPerson reports whether somebody other than the authors must approve.
func (r Report) SecondPerson() bool { return r.Critical || r.Blocked() }

// Unfit reports whether no approval helps: content that the service would refuse to load.
func (r Report) Unfit() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity == Block && f.Rule == RuleLint })
}

// RuleLint is the rule of findings that cannot be overridden.
const RuleLint = "pemeriksaan"

// reasonMin is the least length of a reason that means something.
const reasonMin = 15

// MayRelease says whether by may set the proposal on its way, with a reason where the gate is overridden. The error is
// a sentence for staff. Whoever wrote on it can only release what needs no second person.
func MayRelease(p Proposal, by Staff, reason string) error {
	second := p.Report.SecondPerson()
	switch {
	case p.State != Proposed:
		return Errorf(Conflict, "Usulan ini tidak menunggu persetujuan.")
	case p.Report.Unfit():
		return Errorf(Invalid, "Isi tidak lolos pemeriksaan dan tidak dapat diterbitkan. Perbaiki dahulu.")
	case !by.Confirmed():
		return Errorf(Denied, "Akun Anda belum dikonfirmasi petugas kedua.")
	case second && !by.Rights().Covers(Approver):
		return Errorf(Denied, "Perubahan ini perlu disetujui petugas dengan peran penyetuju.")
	case second && slices.Contains(p.Authors, by.Login):
		return Errorf(Denied, "Anda ikut menulis perubahan ini. Petugas lain harus menyetujuinya.")
	case !by.Rights().Covers(Editor):
		return Errorf(Denied, "Peran Anda tidak dapat menerbitkan.")
	case p.Report.Blocked() && len([]rune(strings.TrimSpace(reason))) < reasonMin:
		return Errorf(Invalid, "Gerbang menahan usulan ini. Tulis alasan meneruskannya, minimal %d huruf.", reasonMin)
	}
	return nil
}

// MayCancel says whether a proposal can still be stopped. Everybody who may write may stop.
func MayCancel(p Proposal, by Staff) error {
	switch p.State {
	case Checking, Proposed, Waiting:
	default:
		return Errorf(Conflict, "Usulan ini sudah selesai.")
	}
	if !by.Rights().Covers(Editor) {
		return Errorf(Denied, "Peran Anda tidak dapat membatalkan.")
	}
	return nil
}
