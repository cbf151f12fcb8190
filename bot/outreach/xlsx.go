package outreach

import "io"

func (r *Report) writeXLSX(w io.Writer) error { return r.writeCSV(w) }
func (r *Report) writePDF(w io.Writer) error  { return r.writeCSV(w) }
