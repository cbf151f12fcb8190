package console

import (
	"net/http"
	"strconv"

	"tanya/bot"
)

type auditPage struct {
	Page
	Lines []bot.Audit
	Older int64 // number to go on before, 0 at the end
	Sound string
	Bad   string
}

const auditLines = 50

// record shows who did what.
func (c *Console) record(q *request) error {
	before, _ := strconv.ParseInt(q.URL.Query().Get("sebelum"), 10, 64)
	lines, err := c.desk.Trail(q.Context(), before, auditLines)
	if err != nil {
		return err
	}
	p := auditPage{Page: c.page(q, "Catatan", "catatan"), Lines: lines}
	if len(lines) == auditLines {
		p.Older = lines[len(lines)-1].Seq
	}
	if q.URL.Query().Has("periksa") {
		n, err := c.desk.VerifyAudit(q.Context())
		switch {
		case bot.ClassOf(err) == bot.Transient:
			return err
		case err != nil:
			p.Bad = sentence(err)
		default:
			p.Sound = "Catatan utuh: " + thousands(int(n)) + " baris, tidak ada yang berubah atau hilang."
		}
	}
	return c.show(q, http.StatusOK, "catatan", p)
}
