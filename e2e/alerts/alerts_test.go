//go:build alerts

package alerts

import (
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"parley/e2e/docs"
	"parley/e2e/rig"
)

// start starts the real program on SQLite, and lets somebody use it.
func start(t *testing.T) *rig.Parley {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "parley")
	must(t, rig.Build(binary))
	p, err := rig.NewParley(binary, map[string]string{"DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "parley.db")})
	must(t, err)
	t.Cleanup(p.Close)
	must(t, p.Start())
	ann, err := p.SignUp("ann")
	must(t, err)
	bob, err := p.SignUp("bob")
	must(t, err)
	must(t, ann.Post("/friends", url.Values{"username": {"bob"}}))
	room, err := bob.Accept("ann")
	must(t, err)
	must(t, bob.Say(room, "hello"))
	return p
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// run runs a program of the system with some input, and returns what it prints.
func run(t *testing.T, input, name string, args ...string) string {
	t.Helper()
	path, err := rig.Find(name)
	must(t, err)
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Stdin = filepath.Join(rig.Root(), "deploy"), strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s %s: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// TestRules lets promtool check the metrics of a real server, and the rules with their own tests.
func TestRules(t *testing.T) {
	_, metrics := rig.Get("http://" + start(t).Admin + "/metrics")
	if out := run(t, metrics, "promtool", "check", "metrics"); out != "" {
		t.Errorf("the metrics: %s", out)
	}
	run(t, "", "promtool", "check", "rules", "alerts.yaml")
	run(t, "", "promtool", "test", "rules", "alerts_test.yaml")
}

// TestPrometheusReadsAServer makes a real Prometheus read a real server with the sample of docs/operate.md, with the
// alerts, and asks it for all that the dashboard shows.
func TestPrometheusReadsAServer(t *testing.T) {
	parley := start(t)
	prometheus := startPrometheus(t, parley)
	rig.Eventually(t, "Prometheus has read the server more than once", func() bool {
		return len(query(t, prometheus, `count_over_time(parley_ready{job="parley"}[1m]) > 5`)) == 1
	})
	rig.Eventually(t, "all rules have been evaluated", func() bool {
		_, answer := rig.Get("http://" + prometheus.Addr + "/api/v1/rules")
		if strings.Contains(answer, `"health":"err"`) {
			t.Fatal(answer)
		}
		return strings.Contains(answer, `"health":"ok"`) && !strings.Contains(answer, `"health":"unknown"`)
	})
	if firing := query(t, prometheus, "ALERTS"); len(firing) > 0 {
		t.Errorf("a server that is well: %s", firing)
	}
	text, err := os.ReadFile(filepath.Join(rig.Root(), "deploy", "grafana.json"))
	must(t, err)
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	must(t, json.Unmarshal(text, &dashboard))
	asked := 0
	for _, panel := range dashboard.Panels {
		for _, target := range panel.Targets {
			asked++
			expression := strings.NewReplacer("$__rate_interval", "30s", "$instance", ".*").Replace(target.Expr)
			// Nobody is refused here, and nothing is encrypted.
			silent := strings.Contains(expression, "too_many") || strings.Contains(expression, "certificate")
			if found := query(t, prometheus, expression); len(found) == 0 && !silent {
				t.Errorf("%q shows nothing of %s", panel.Title, expression)
			}
		}
	}
	if asked < 30 {
		t.Errorf("the dashboard asks only %d times", asked)
	}
}

// startPrometheus starts a Prometheus with the sample of docs/operate.md, which reads more often here.
func startPrometheus(t *testing.T, p *rig.Parley) *rig.Server {
	t.Helper()
	program, err := rig.Find("prometheus")
	must(t, err)
	sample, ok := docs.Named("docs/operate.md", "sample", "prometheus")
	if !ok {
		t.Fatal("docs/operate.md has no sample for Prometheus")
	}
	config := "global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [" + filepath.Join(rig.Root(), "deploy", "alerts.yaml") + "]\n" +
		strings.ReplaceAll(sample, "127.0.0.1:3001", p.Admin)
	server, err := rig.NewUnstarted("prometheus", func(dir, port string) ([]string, error) {
		file := filepath.Join(dir, "prometheus.yml")
		return []string{program, "--config.file=" + file, "--storage.tsdb.path=" + filepath.Join(dir, "data"), "--web.listen-address=127.0.0.1:" + port},
			os.WriteFile(file, []byte(config), 0o600)
	}, func(addr string) bool {
		status, _ := rig.Get("http://" + addr + "/-/ready")
		return status == 200
	})
	must(t, err)
	t.Cleanup(server.Close)
	must(t, server.Start())
	return server
}

// query returns the results of an expression.
func query(t *testing.T, prometheus *rig.Server, expression string) []json.RawMessage {
	t.Helper()
	_, text := rig.Get("http://" + prometheus.Addr + "/api/v1/query?query=" + url.QueryEscape(expression))
	var answer struct {
		Status string
		Data   struct{ Result []json.RawMessage }
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil || answer.Status != "success" {
		t.Fatalf("%s: %v %s", expression, err, text)
	}
	return answer.Data.Result
}

// TestFail2ban lets fail2ban's own program read the log of a real server with the filter.
func TestFail2ban(t *testing.T) {
	p := start(t)
	stranger, err := p.SignUp("eve")
	must(t, err)
	const refused = 4
	for range refused {
		if stranger.Post("/sign-in", url.Values{"username": {"ann"}, "password": {"a wrong guess"}}) == nil {
			t.Error("a wrong password is taken")
		}
	}
	must(t, stranger.Post("/sign-in", url.Values{"username": {"eve"}, "password": {rig.Password}}))
	log := filepath.Join(t.TempDir(), "log")
	must(t, os.WriteFile(log, []byte(p.Log()), 0o600))
	out := run(t, "", "fail2ban-regex", "--print-all-matched", log, filepath.Join(rig.Root(), "deploy", "fail2ban", "filter.d", "parley.conf"))
	if !strings.Contains(out, strconv.Itoa(refused)+" matched") {
		t.Errorf("%s\n%s", out, p.Log())
	}
	installFilter(t)
	if dates := regexp.MustCompile(`\[(\d+)\] "time":`).FindStringSubmatch(out); dates == nil || dates[1] == "0" {
		t.Errorf("no times: %s", out)
	}
}

// installFilter runs the commands of docs/operate.md in a copy of fail2ban's settings, and lets fail2ban check those.
func installFilter(t *testing.T) {
	t.Helper()
	commands, ok := docs.Named("docs/operate.md", "run", "fail2ban")
	settings := filepath.Join(t.TempDir(), "fail2ban")
	must(t, os.CopyFS(settings, os.DirFS(fail2banSettings)))
	commands, reload := strings.CutSuffix(strings.ReplaceAll(commands, fail2banSettings, settings), "fail2ban-client reload\n")
	if !ok || !reload {
		t.Fatalf("docs/operate.md has %q", commands)
	}
	install := exec.Command("sh", "-euc", commands)
	install.Dir = rig.Root()
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// Loaded and printed, and not started: that would need root, and change this machine's firewall.
	if out := run(t, "", "fail2ban-client", "-c", settings, "-d"); !strings.Contains(out, "'add', 'parley'") {
		t.Errorf("fail2ban does not have the jail: %s", out)
	}
}

// fail2banSettings is the folder of fail2ban's settings.
const fail2banSettings = "/etc/fail2ban"
