package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestUnknownVariables(t *testing.T) {
	for _, name := range []string{"PARLEY_", "PARLEY_ADR", "PARLEY_ADDRESS", "PARLEY_addr", "PARLEY_SECRET", "PARLEY_ADDR ", "PARLEY__ADDR"} {
		for _, value := range []string{"", "qz", "mysql://me:qz@db/qz"} {
			_, err := readConfig([]string{"PARLEY_LOG=info", name + "=" + value})
			if err == nil || !strings.HasPrefix(err.Error(), name+" is not a setting") || strings.Contains(err.Error(), "qz") {
				t.Errorf("%s=%s: %v", name, value, err)
			}
		}
	}
}

// TestVariablesOfLinks checks that what Kubernetes and Docker say of a service that is called parley, or
// parley-something, does not stop the start, and that a setting which only looks like that does.
func TestVariablesOfLinks(t *testing.T) {
	for _, service := range []string{"PARLEY", "PARLEY_WEB", "PARLEY_REDIS", "PARLEY_PORT", "PARLEY_2"} {
		for _, entry := range []string{
			"_SERVICE_HOST=10.0.0.1", "_SERVICE_HOST=fd00::1", "_SERVICE_PORT=3000", "_SERVICE_PORT_HTTP=3000", "_SERVICE_PORT_HTTP_ADMIN=3001",
			"_PORT=tcp://10.0.0.1:3000", "_PORT=udp://[fd00::1]:53", "_PORT_3000_TCP=tcp://10.0.0.1:3000", "_PORT_3000_TCP_PROTO=tcp", "_PORT_3000_TCP_PORT=3000",
			"_PORT_3000_TCP_ADDR=10.0.0.1", "_PORT_53_UDP=udp://10.0.0.1:53", "_PORT_53_UDP_PROTO=udp", "_PORT_53_UDP_PORT=53", "_PORT_53_UDP_ADDR=fd00::1",
			"_PORT_9_SCTP=sctp://10.0.0.1:9", "_PORT_9_SCTP_PROTO=SCTP", "_PORT_3000_TCP_START=tcp://172.17.0.2:3000", "_PORT_3000_TCP_PORT_END=3009", "_NAME=/web/parley",
		} {
			configured(t, service+entry)
		}
		configured(t, service+"_NAME=/web/parley", service+"_ENV_PATH=/bin", service+"_ENV_PARLEY_DATABASE_URL=mysql://x", service+"_ENV_EMPTY=")
	}
	for _, entry := range []string{
		"PARLEY_PORT=3000", "PARLEY_PORT=", "PARLEY_PORT=tcp://", "PARLEY_PORT=tcp://10.0.0.1", "PARLEY_PORT=http://10.0.0.1:3000", "PARLEY_PORT=:3000", "PARLEY_PORTS=tcp://10.0.0.1:3000",
		"PARLEY_HTTP_PORT=3000", "PARLEY_ADMIN_PORT=3001", "PARLEY_PORT_3000=tcp://10.0.0.1:3000", "PARLEY_PORT_X_TCP=tcp://10.0.0.1:3000", "PARLEY_PORT_3000_TCP=yes",
		"PARLEY_HOST=10.0.0.1", "PARLEY_SERVICE_HOST=chat.example.org", "PARLEY_SERVICE_HOST=", "PARLEY_SERVICE_PORT=http", "PARLEY_SERVICE=10.0.0.1", "PARLEY_SERVICE_PORT=65536",
		"PARLEY_NAME=Our chat", "PARLEY_NAME=/", "PARLEY_NAME=/web", "PARLEY_ENV=production", "PARLEY_ENV_PATH=/bin", "PARLEY_PORT_3000_TCP_PROTO=http", "PARLEY_PORT_3000_TCP_ADDR=x",
	} {
		name, _, _ := strings.Cut(entry, "=")
		if _, err := readConfig([]string{entry}); err == nil || !strings.HasPrefix(err.Error(), name+" is not a setting") {
			t.Errorf("%s: %v", entry, err)
		}
	}
	if _, err := readConfig([]string{"PARLEY_SERVICE_HOST=10.0.0.1", "PARLEY_PORT=tcp://10.0.0.1:3000", "PARLEY_ADR=:80"}); err == nil || !strings.HasPrefix(err.Error(), "PARLEY_ADR ") {
		t.Errorf("a typing error beside them: %v", err)
	}
}

// TestDocumentedVariables compares the settings to those in .env.example.
func TestDocumentedVariables(t *testing.T) {
	want := make([]string, len(variables))
	for i, s := range variables {
		want[i] = s.name
	}
	slices.Sort(want)
	text, err := os.ReadFile("../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	got := make([]string, 0, len(variables))
	for _, match := range regexp.MustCompile(`(?m)^#(PARLEY_\w+)=(.*)$`).FindAllStringSubmatch(string(text), -1) {
		got = append(got, match[1])
		for _, s := range variables {
			if s.name == match[1] && s.fallback != match[2] {
				t.Errorf("%s is %q by default, and .env.example says %q", s.name, s.fallback, match[2])
			}
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf(".env.example has %v\nthe settings are %v", got, want)
	}
}
