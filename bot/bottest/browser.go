package bottest

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Browser is a real browser without a window. Its pages share nothing with each other.
type Browser struct {
	ctx context.Context
}

// StartBrowser starts a browser that ends with the test.
func StartBrowser(t testing.TB) *Browser {
	t.Helper()
	var program string
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			program = path
			break
		}
	}
	if program == "" {
		Missing(t, "browser", "install the package chromium-headless-shell")
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program))...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	return &Browser{ctx}
}

// Look is how a page is looked at.
type Look struct {
	Width, Height int  // of the window in CSS pixels; 0 means 390 by 844
	Dark          bool // the person prefers dark colours
	NoScript      bool
	NoStorage     bool // the page may not keep anything in the tab, as in a frame whose browser blocks it
	Text          int  // size of the root's text in percent of what the page asks for; 0 means 100
}

// Page is a tab. Its methods fail the test when the page does not do what they ask.
type Page struct {
	t    testing.TB
	ctx  context.Context
	look Look

	mu       sync.Mutex
	messages []string
}

// patience is how long a page may take for anything that a test waits for. It is no measurement.
const patience = 30 * time.Second

// Page opens a tab with cookies and storage of its own.
func (b *Browser) Page(t testing.TB, look Look) *Page {
	t.Helper()
	if look.Width == 0 {
		look.Width, look.Height = 390, 844
	}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	p := &Page{t: t, ctx: ctx, look: look}
	if err := chromedp.Do(ctx); err != nil { // without a deadline of its own, which the tab would not outlive
		t.Fatalf("open a tab: %v", err)
	}
	p.do("size the tab", chromedp.EmulateViewport(int64(look.Width), int64(look.Height)))
	scheme := "light"
	if look.Dark {
		scheme = "dark"
	}
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	if look.NoStorage {
		call(p, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
			Source: `Object.defineProperty(window, "sessionStorage", {get() { throw new DOMException("blocked", "SecurityError") }})`,
		})
	}
	if look.NoScript {
		call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	}
	console := chromedp.Console(ctx)
	go func() {
		for m, err := range console {
			if err != nil {
				return
			}
			if m.IsException() || m.Type == "error" || m.Source == "security" {
				p.mu.Lock()
				p.messages = append(p.messages, m.String())
				p.mu.Unlock()
			}
		}
	}()
	return p
}

// Complaints returns the errors that the console has shown: uncaught exceptions, refused scripts, failed requests.
func (p *Page) Complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.messages...)
}

// Go opens an address and waits until it is loaded.
func (p *Page) Go(url string) {
	p.t.Helper()
	p.do("open "+url, chromedp.Navigate(url))
	if p.look.Text != 0 {
		p.Run(`(() => { const r = document.documentElement; r.style.fontSize = parseFloat(getComputedStyle(r).fontSize) * ` + jsonText(p.look.Text) + ` / 100 + "px" })()`)
	}
}

// Click clicks the first element that the selector finds.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.do("click "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// Tap clicks at a place of the window, whatever is there.
func (p *Page) Tap(x, y int) {
	p.t.Helper()
	p.do("tap", chromedp.MouseClickXY(float64(x), float64(y)))
}

// Type types into the element that has the focus. "\r" is Enter, "\t" is Tab.
func (p *Page) Type(keys string) {
	p.t.Helper()
	p.do("type", chromedp.KeyEvent(keys))
}

// ShiftTab goes back by one element.
func (p *Page) ShiftTab() {
	p.t.Helper()
	p.do("shift tab", chromedp.KeyEvent("\t", chromedp.KeyModifiers(chromedp.ModifierShift)))
}

// Run executes a script for its effect.
func (p *Page) Run(script string) {
	p.t.Helper()
	p.do("run "+script, chromedp.Evaluate[chromedp.Void](script, chromedp.EvalAwaitPromise))
}

// Wait waits until an expression is true.
func (p *Page) Wait(expression string) {
	p.t.Helper()
	end := time.Now().Add(patience)
	for time.Now().Before(end) {
		// A page that is just being replaced cannot be asked; the next one can.
		ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("Boolean("+expression+")"))
		if err == nil && ok {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.t.Fatalf("this did not come true: %s\nthe page says:\n%s", expression, Value[string](p, "document.body.innerText"))
}

// Offline cuts the page off, or connects it again.
func (p *Page) Offline(off bool) {
	p.t.Helper()
	call(p, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}},
	})
	call(p, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1})
}

// Shot keeps a picture of the window, or of the whole page, when TANYA_SHOTS names a folder.
func (p *Page) Shot(name string, whole bool) {
	p.t.Helper()
	dir := os.Getenv("TANYA_SHOTS")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), p.Picture(whole), 0o644); err != nil {
		p.t.Fatalf("keep a picture: %v", err)
	}
}

// Picture returns a PNG of the window, or of the whole page.
func (p *Page) Picture(whole bool) []byte {
	p.t.Helper()
	shot := chromedp.CaptureScreenshot()
	if whole {
		shot = chromedp.FullScreenshot(100)
	}
	b, err := chromedp.Run(p.ctx, shot)
	if err != nil {
		p.t.Fatalf("take a picture: %v", err)
	}
	return b
}

// Value evaluates an expression. Promises are waited for.
func Value[T any](p *Page, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("evaluate %s: %v", expression, err)
	}
	return v
}

// Finding is something that axe has to say about a page.
type Finding struct {
	ID     string
	Impact string
	Help   string
	Nodes  []string // where, as selectors
}

// Axe checks the page against WCAG 2.2 A and AA and the best practices of axe-core. Violations fail the test; what axe
// could not decide is returned.
func (p *Page) Axe(what string) []Finding {
	p.t.Helper()
	_, here, _, _ := runtime.Caller(0)
	source, err := os.ReadFile(filepath.Join(filepath.Dir(here), "peers", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		Missing(p.t, "browser", "the accessibility checker: run npm ci --ignore-scripts --prefix bot/bottest/peers")
	}
	// The protocol runs scripts whatever the page's policy says.
	p.do("load axe", chromedp.Evaluate[chromedp.Void](string(source)))
	type result struct{ Violations, Incomplete []Finding }
	short := `l => l.map(v => ({ID: v.id, Impact: v.impact || "", Help: v.help, Nodes: v.nodes.map(n => n.target.join(" ") + " " + (n.any[0] || n.all[0] || n.none[0] || {}).message)}))`
	r := Value[result](p, `axe.run(document, {resultTypes: ["violations", "incomplete"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => {
		const short = `+short+`; return {Violations: short(r.violations), Incomplete: short(r.incomplete)} })`)
	for _, v := range r.Violations {
		p.t.Errorf("%s: axe says %s (%s): %s\n\t%s", what, v.ID, v.Impact, v.Help, strings.Join(v.Nodes, "\n\t"))
	}
	return r.Incomplete
}

func (p *Page) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

func call[P, R any](p *Page, command cdp.Command[P, R], params P) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, command, params); err != nil {
		p.t.Fatalf("%s: %v", command.Method, err)
	}
}

func jsonText(v any) string {
	b, _ := json.Marshal(v) // only numbers and texts come here
	return string(b)
}
