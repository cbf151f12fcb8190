package bot

import (
	"strings"

	"tanya/faq"
)

// PictureName writes a picture's subject, language and day into the name that a reply carries. Whoever shows the
// reply can draw it from that alone, and a platform that remembers files by name never shows an older day.
func PictureName(subject string, l faq.Lang, day faq.Date) string {
	return subject + "." + string(l) + "." + day.String()
}

// ReadPictureName reads what PictureName wrote. It fails with the class Invalid for anything else.
func ReadPictureName(name string) (subject string, l faq.Lang, day faq.Date, err error) {
	parts := strings.Split(name, ".")
	if len(parts) != 3 || !faq.Lang(parts[1]).Valid() {
		return "", "", faq.Date{}, Errorf(Invalid, "%q names no picture", name)
	}
	day, err = faq.ParseDate(parts[2])
	if err != nil {
		return "", "", faq.Date{}, Errorf(Invalid, "%q names no picture: %w", name, err)
	}
	return parts[0], faq.Lang(parts[1]), day, nil
}
