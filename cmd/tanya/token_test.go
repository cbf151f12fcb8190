package main

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tanya/bot/bottest"
)

// TestTokenStaysHidden lets the program meet every way in which Telegram can fail, and then die with a full dump of its
// goroutines. The token must stand in nothing that anybody reads or that lies on the disk: log at its most talkative, crash
// text, metrics, health, what doctor says.
func TestTokenStaysHidden(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program; left out of short runs")
	}
	const secret = "AAkanariKanariKanariKanariKanariKan"
	proxy := bottest.StartFaultProxy(t, "")
	me := bottest.Answer(http.StatusOK, `{"ok":true,"result":{"id":4242,"is_bot":true,"first_name":"x","username":"tanya_test_bot"}}`)
	outages := []bottest.Fault{
		bottest.Reset(), bottest.Half(), bottest.Answer(500, ""), bottest.Answer(502, "<html>/bot4242:"+secret+"/getMe</html>"),
		bottest.Answer(200, `{"ok":true,"result":`), bottest.Answer(404, `{"ok":false,"error_code":404,"description":"Not Found: /bot4242:`+secret+`"}`),
	}
	proxy.Once("getMe", outages...)
	proxy.Always("getMe", me)
	proxy.Once("getUpdates", outages...)
	proxy.Always("getUpdates", bottest.Answer(http.StatusOK, `{"ok":true,"result":[]}`))
	s := startService(t, buildProgram(t), "TANYA_TELEGRAM_TOKEN=4242:"+secret, "TANYA_TELEGRAM_API="+proxy.URL,
		"TANYA_CONTENT="+fewEntries(t), "TANYA_LOG=debug", "GOTRACEBACK=all")
	s.awaitUp()
	bottest.Eventually(t, "several troubles", func() bool { return len(proxy.Seen("getMe")) > 2 })
	clean := func(what, text string) {
		t.Helper()
		if text == "" || strings.Contains(text, secret) {
			t.Errorf("%s, %d bytes, is empty or holds the token", what, len(text))
		}
	}
	clean("/metrics", s.read("/metrics"))
	clean("/healthz", s.read("/healthz"))
	doctor := exec.CommandContext(t.Context(), s.bin, "doctor", "--data", t.TempDir())
	doctor.Env = append([]string{"HOME=" + s.data}, s.env...)
	out, _ := doctor.CombinedOutput() // it may well find fault
	clean("doctor", string(out))

	if err := s.cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	_ = s.cmd.Wait()
	clean("log and crash text", s.log.String())
	if !strings.Contains(s.log.String(), "SIGQUIT") || !strings.Contains(s.log.String(), "level=") {
		t.Errorf("no crash text, or no log:\n%.2000s", s.log)
	}
	err := filepath.WalkDir(s.data, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), secret) {
			t.Errorf("%s holds the token", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// read returns a page of the service.
func (s *service) read(path string) string {
	s.t.Helper()
	client := &http.Client{Timeout: 20 * time.Second}
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(b)
}
