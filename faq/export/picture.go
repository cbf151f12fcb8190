package export

import (
	"errors"
	"fmt"

	"tanya/faq"
)

// Pictures writes every picture as PNG and SVG, with a text file that says all that it shows.
func Pictures(ed *faq.Edition, o Options) ([]File, []Skipped, error) {
	if o.Draw == nil {
		return nil, nil, errors.New("nothing draws pictures here")
	}
	var files []File
	var skipped []Skipped
	for _, name := range ed.Pictures() {
		for _, l := range o.langs() {
			png, svg, alt, err := o.Draw(ed, name, l, o.At)
			var expired *faq.ExpiredError
			if errors.As(err, &expired) {
				skipped = append(skipped, Skipped{name, l, fmt.Sprintf("tidak dapat tayang: %v", err)})
				continue
			}
			if err != nil {
				return nil, nil, err
			}
			base := name + "-" + string(l)
			files = append(files, File{base + ".png", png}, File{base + ".svg", svg}, File{base + ".txt", []byte(alt + "\n")})
		}
	}
	return files, skipped, nil
}
