package locales

// The keys of what stands around answers that are printed or handed on: sheets, the static site, texts for SMS.
const (
	ExportLanguage Key = "export_language" // the language's own name
	ExportTitle    Key = "export_title"
	ExportOffice   Key = "export_office"
	ExportAsOf     Key = "export_as_of" // {{.Date}}
	ExportUntil    Key = "export_until" // {{.Date}}
	ExportAsk      Key = "export_ask"   // below the QR code
	ExportMore     Key = "export_more"  // in front of an address
	ExportSite     Key = "export_site"  // in front of the office's own page
	ExportEasy     Key = "export_easy"
	ExportHome     Key = "export_home"
	ExportPage     Key = "export_page" // {{.Page}}, {{.Pages}}
)

// exportKeys lists the keys of exports.
func exportKeys() []Key {
	return []Key{
		ExportLanguage, ExportTitle, ExportOffice, ExportAsOf, ExportUntil, ExportAsk, ExportMore, ExportSite, ExportEasy, ExportHome,
		ExportPage,
	}
}
