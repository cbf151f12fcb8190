package bot_test

import (
	"testing"
	"time"

	"tanya/bot"
)

func TestRoles(t *testing.T) {
	order := append([]bot.Role{bot.Nobody}, bot.Roles()...)
	for i, r := range order {
		for j, need := range order {
			if got, want := r.Covers(need), i >= j; got != want {
				t.Errorf("%q covers %q: %v", r, need, got)
			}
		}
	}
	for _, r := range []bot.Role{"root", "ADMIN", "admin "} {
		if r.Valid() || r.Covers(bot.Reader) {
			t.Errorf("%q is a role", r)
		}
	}
}

func TestRights(t *testing.T) {
	for _, tt := range []struct {
		name string
		s    bot.Staff
		want bot.Role
	}{
		{"confirmed", bot.Staff{Role: bot.Approver, Vouched: "x"}, bot.Approver},
		{"not confirmed", bot.Staff{Role: bot.Admin}, bot.Reader},
		{"disabled", bot.Staff{Role: bot.Admin, Vouched: "x", Disabled: true}, bot.Nobody},
		{"no role", bot.Staff{}, bot.Nobody},
	} {
		if got := tt.s.Rights(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestVouch holds that only the first two people need no second one, whatever happens to them later.
func TestVouch(t *testing.T) {
	ani := bot.Staff{Login: "ani", Vouched: bot.Founder}
	budi := bot.Staff{Login: "budi"}
	bot.Vouch(&budi, "ani", []bot.Staff{ani})
	if !budi.Confirmed() {
		t.Error("the second person is no founder")
	}
	cici := bot.Staff{Login: "cici"}
	bot.Vouch(&cici, "ani", []bot.Staff{ani, budi})
	if cici.Confirmed() {
		t.Error("the third person needs nobody")
	}
	budi.Disabled = true
	bot.Vouch(&cici, "ani", []bot.Staff{ani, budi})
	if cici.Confirmed() {
		t.Error("ending somebody's access makes room for a founder")
	}
	again := budi
	bot.Vouch(&again, "ani", []bot.Staff{ani, budi})
	if again.Confirmed() {
		t.Error("a founder whose access is renewed is confirmed at once")
	}
	editor := bot.Staff{Login: "dedi", Role: bot.Editor, Vouched: "x"}
	for _, tt := range []struct {
		name string
		by   bot.Staff
		s    bot.Staff
		want bot.Class
	}{
		{"another editor", editor, cici, ""},
		{"who vouched", bot.Staff{Login: "ani", Role: bot.Admin, Vouched: "x"}, cici, bot.Denied},
		{"oneself", bot.Staff{Login: "cici", Role: bot.Admin, Vouched: "x"}, cici, bot.Denied},
		{"an unconfirmed admin", bot.Staff{Login: "eka", Role: bot.Admin}, cici, bot.Denied},
		{"a reader", bot.Staff{Login: "eka", Role: bot.Reader, Vouched: "x"}, cici, bot.Denied},
		{"twice", editor, ani, bot.Conflict},
	} {
		if got := bot.ClassOf(bot.MayConfirm(tt.by, tt.s)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestGoodPassword(t *testing.T) {
	for _, tt := range []struct {
		password string
		good     bool
	}{
		{"kuda-payung-lampu-gelas", true}, {"Gajah mandi di kali", true}, {"x9#Lq2!vR7@pW4z", true}, {"sepatu ungu terbang", true},
		{"pendek", false}, {"pemilu2024blora!", false}, {"aaaaaaaaaaaaaaaaaaaa", false}, {"123456789012345678", false}, {"abcdefghijklmnopq", false},
		{"anilestarianilestari", false}, {"kpublorakpublora1", false}, {"passwordpassword1", false}, {"qwertyuiopasdfghjkl", false},
	} {
		if err := bot.GoodPassword(tt.password, "ani.lestari", "Ani Lestari"); (err == nil) != tt.good {
			t.Errorf("%q: %v", tt.password, err)
		}
	}
}

func TestThrottle(t *testing.T) {
	last := time.Duration(0)
	for fails := range 40 {
		d := bot.Throttle(fails)
		if d < last || d > 15*time.Minute || (fails < 5) != (d == 0) {
			t.Errorf("after %d: %v", fails, d)
		}
		last = d
	}
}

// TestMayRelease goes through who may set what on its way.
func TestMayRelease(t *testing.T) {
	critical := bot.Report{Critical: true}
	blocked := bot.Report{Findings: []bot.Finding{{Rule: "uji", Severity: bot.Block}}}
	unfit := bot.Report{Findings: []bot.Finding{{Rule: bot.RuleLint, Severity: bot.Block}}}
	who := func(login string, r bot.Role) bot.Staff { return bot.Staff{Login: login, Role: r, Vouched: "x"} }
	const reason = "dibaca bersama, memang benar"
	for _, tt := range []struct {
		name   string
		report bot.Report
		by     bot.Staff
		reason string
		want   bot.Class
	}{
		{"plain, by its author", bot.Report{}, who("ani", bot.Editor), "", ""},
		{"plain, by a reader", bot.Report{}, who("budi", bot.Reader), "", bot.Denied},
		{"critical, by its author", critical, who("ani", bot.Admin), reason, bot.Denied},
		{"critical, by a second author", critical, who("cici", bot.Admin), reason, bot.Denied},
		{"critical, by an editor", critical, who("budi", bot.Editor), reason, bot.Denied},
		{"critical, by a colleague", critical, who("budi", bot.Approver), "", ""},
		{"critical, by an unconfirmed colleague", critical, bot.Staff{Login: "budi", Role: bot.Admin}, reason, bot.Denied},
		{"blocked, without a reason", blocked, who("budi", bot.Approver), "ok", bot.Invalid},
		{"blocked, with a reason", blocked, who("budi", bot.Approver), reason, ""},
		{"blocked, by its author with a reason", blocked, who("ani", bot.Admin), reason, bot.Denied},
		{"unfit, by anybody", unfit, who("budi", bot.Admin), reason, bot.Invalid},
	} {
		p := bot.Proposal{State: bot.Proposed, Authors: []string{"ani", "cici"}, Report: tt.report}
		if got := bot.ClassOf(bot.MayRelease(p, tt.by, tt.reason)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	for _, s := range []bot.ProposalState{bot.Checking, bot.Waiting, bot.Published, bot.Cancelled, bot.Rejected} {
		if bot.MayRelease(bot.Proposal{State: s}, who("budi", bot.Admin), reason) == nil {
			t.Errorf("a proposal that is %s can be released", s)
		}
	}
}

func TestUrgency(t *testing.T) {
	base := bot.Urgency(5, -1, 0.8, 0.8)
	for name, more := range map[string]float64{
		"more people":      bot.Urgency(6, -1, 0.8, 0.8),
		"a near deadline":  bot.Urgency(5, 3, 0.8, 0.8),
		"badly served":     bot.Urgency(5, -1, 0.5, 0.8),
		"nearer than near": bot.Urgency(5, 0, 0.8, 0.8),
	} {
		if more <= base {
			t.Errorf("%s does not weigh more", name)
		}
	}
}
