package main

import (
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// service is what these tests read of one in a compose file.
type service struct {
	Image       string
	Profiles    []string
	Entrypoint  any
	Command     any
	Environment map[string]*string
	EnvFile     []struct {
		Path     string
		Required bool
	} `yaml:"env_file"`
	Ports       []string
	Networks    []string
	NetworkMode string `yaml:"network_mode"`
	Volumes     []string
	Tmpfs       []string
	ReadOnly    bool     `yaml:"read_only"`
	CapDrop     []string `yaml:"cap_drop"`
	SecurityOpt []string `yaml:"security_opt"`
	Logging     struct {
		Driver  string
		Options map[string]string
	}
	Healthcheck struct{ Test []string }
	Grace       string `yaml:"stop_grace_period"`
}

// composition is a compose file.
type composition struct {
	Name     string
	Services map[string]service
	Networks map[string]struct {
		Internal bool
		Ipam     struct{ Config []struct{ Subnet string } }
	}
	Volumes map[string]any
}

func readComposition(t *testing.T, path string) (c composition) {
	t.Helper()
	must(t, yaml.Unmarshal([]byte(textOf(t, path)), &c))
	if len(c.Services) == 0 {
		t.Fatalf("%s has no services", path)
	}
	return c
}

func textOf(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	return string(text)
}

// withDefaults returns a text of a compose file as it is where no variable is set.
func withDefaults(text string) string {
	return regexp.MustCompile(`\$\{\w+:-([^}]*)\}`).ReplaceAllString(text, "$1")
}

// settingsOf returns the Config of a service of Parley's image. It fails for one that a command run in the container
// would not see.
func settingsOf(t *testing.T, s service) Config {
	t.Helper()
	if s.Entrypoint != nil || s.Command != nil {
		t.Error("the image's entrypoint is not left alone: a command would not run in it, or with other settings")
	}
	if len(s.EnvFile) != 1 || s.EnvFile[0].Path != ".env" || s.EnvFile[0].Required {
		t.Error(".env is not passed on, or needed")
	}
	secret := filepath.Join(t.TempDir(), "parley")
	must(t, os.WriteFile(secret, []byte("s3cret"), 0o600))
	var environment []string
	for name, value := range s.Environment {
		if value != nil {
			environment = append(environment, name+"="+strings.Replace(withDefaults(*value), "/secrets/parley", secret, 1))
		}
	}
	c, err := readConfig(environment)
	must(t, err)
	if c.Addr != "0.0.0.0:3000" || c.AdminAddr != ":3001" {
		t.Errorf("it listens at %s, and for metrics at %s, which other containers cannot reach", c.Addr, c.AdminAddr)
	}
	return c
}

// TestComposeFile checks that the containers of Parley get all their settings from their environment: a command that
// somebody runs in one must not find fewer, and then use another database.
func TestComposeFile(t *testing.T) {
	file := readComposition(t, "../compose.yaml")
	for _, name := range []string{"parley", "parley2"} {
		c := settingsOf(t, file.Services[name])
		if c.DatabaseURL != "mysql://parley:s3cret@mysql:3306/parley" || c.RedisURL != "redis://redis:6379/0" {
			t.Errorf("%s: %+v", name, c)
		}
	}
	alone := readComposition(t, "../compose.sqlite.yaml")
	if c := settingsOf(t, alone.Services["parley"]); c.DatabaseURL != "sqlite:/data/parley.db" || c.RedisURL != "" || len(alone.Services) != 1 {
		t.Errorf("with SQLite: %+v", c)
	}
	if file.Name == alone.Name {
		t.Error("both files are one project, so that one would stop the services of the other")
	}
}

// volumesOf are the folders that images have as volumes. Where nothing else is mounted on one, every `up` leaves a nameless
// volume behind.
var volumesOf = map[string]string{"parley": "/data", "mysql": "/var/lib/mysql", "mariadb": "/var/lib/mysql", "redis": "/data", "caddy": "/data"}

// TestContainersAreBounded checks what every service has: nothing that grows without a bound or a name, and no more
// rights than it needs.
func TestContainersAreBounded(t *testing.T) {
	for _, path := range []string{"../compose.yaml", "../compose.sqlite.yaml"} {
		for name, s := range readComposition(t, path).Services {
			image, _, _ := strings.Cut(withDefaults(s.Image), ":")
			if !mounts(s, volumesOf[image]) {
				t.Errorf("%s of %s leaves nameless volumes for %s", name, path, volumesOf[image])
			}
			if s.Logging.Driver != "json-file" || s.Logging.Options["max-size"] == "" || s.Logging.Options["max-file"] == "" {
				t.Errorf("the log of %s has no bound", name)
			}
			if !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
				t.Errorf("%s may get new privileges", name)
			}
			if image != "mysql" && !s.ReadOnly || image != "mysql" && s.NetworkMode != "none" && !slices.Equal(s.CapDrop, []string{"ALL"}) {
				t.Errorf("%s may write to its image, or has capabilities", name)
			}
			for _, port := range s.Ports {
				if name != "caddy" && !strings.HasPrefix(port, "127.0.0.1:") {
					t.Errorf("%s is published as %s to everybody", name, port)
				}
			}
			if grace, err := time.ParseDuration(s.Grace); image == "parley" && (err != nil || grace <= drainTime) {
				t.Errorf("%s is killed after %s, and may take %s to end", name, s.Grace, drainTime)
			}
		}
		if !strings.Contains(textOf(t, path), "# - 127.0.0.1:3001:3001") {
			t.Errorf("%s does not say how to reach the metrics", path)
		}
	}
}

// mounts reports whether something with a name, or that ends with the container, is mounted on a folder.
func mounts(s service, folder string) bool {
	return slices.Contains(s.Tmpfs, folder) || slices.ContainsFunc(s.Volumes, func(volume string) bool {
		parts := strings.Split(volume, ":")
		return len(parts) > 1 && parts[1] == folder
	})
}

// TestScaleProfile checks two Parleys behind Caddy: only with the profile, and with nobody but Caddy trusted about whom
// a request is for.
func TestScaleProfile(t *testing.T) {
	file := readComposition(t, "../compose.yaml")
	var scaled, proxied []string
	for _, name := range slices.Sorted(maps.Keys(file.Services)) {
		if slices.Equal(file.Services[name].Profiles, []string{"scale"}) {
			scaled = append(scaled, name)
		}
		if slices.Contains(file.Services[name].Networks, "proxied") {
			proxied = append(proxied, name)
		}
	}
	if !slices.Equal(scaled, []string{"caddy", "parley2"}) || !slices.Equal(proxied, []string{"caddy", "parley", "parley2"}) || len(file.Services["parley2"].Ports) > 0 {
		t.Errorf("the profile has %v, and Caddy's network %v", scaled, proxied)
	}
	network := file.Networks["proxied"]
	if !network.Internal || len(network.Ipam.Config) != 1 {
		t.Fatalf("Caddy's network is %+v", network)
	}
	trusted := settingsOf(t, file.Services["parley2"]).Trusted
	if !slices.Equal(trusted, []netip.Prefix{netip.MustParsePrefix(network.Ipam.Config[0].Subnet)}) {
		t.Errorf("trusted are %v, and Caddy is in %v", trusted, network.Ipam.Config)
	}
	if site := file.Services["caddy"].Environment["SITE"]; site == nil || withDefaults(*site) != "https://localhost" {
		t.Errorf("Caddy's site is %v", site)
	}
}

// TestMariaDBVariant checks that what compose.mariadb.yaml changes is there to be changed, with data in a volume of its own.
func TestMariaDBVariant(t *testing.T) {
	file, base := readComposition(t, "../compose.mariadb.yaml"), readComposition(t, "../compose.yaml")
	s := file.Services["mysql"]
	if _, ok := base.Services["mysql"]; !ok || len(file.Services) != 1 || !strings.HasPrefix(s.Image, "mariadb:") {
		t.Errorf("it changes %v", slices.Collect(maps.Keys(file.Services)))
	}
	if !slices.Equal(s.Volumes, []string{"mariadb:/var/lib/mysql"}) || slices.Contains(base.Services["mysql"].Volumes, s.Volumes[0]) {
		t.Error("the data of MySQL and of MariaDB would be in one volume")
	}
	if !slices.Contains(s.Healthcheck.Test, "healthcheck.sh") { // MariaDB's image has no mysqladmin
		t.Errorf("its health check is %v", s.Healthcheck.Test)
	}
}

// TestDockerfile checks that the image builds with what .dockerignore lets through, for other architectures too, with
// older builders, and starts Parley itself.
func TestDockerfile(t *testing.T) {
	image := textOf(t, "../Dockerfile")
	for _, needed := range []string{
		"\nENTRYPOINT [\"parley\"]\n", "GOOS=$TARGETOS GOARCH=$TARGETARCH", "-X main.release=$VERSION", "org.opencontainers.image.version=\"$VERSION\"",
	} {
		if !strings.Contains(image, needed) {
			t.Errorf("the Dockerfile lacks %q", needed)
		}
	}
	for _, refused := range []string{"# syntax", "--start-interval"} { // a download of its own; podman 4 and Docker 24 do not know it
		if strings.Contains(image, refused) {
			t.Errorf("the Dockerfile has %q", refused)
		}
	}
	stages := regexp.MustCompile(`(?m)^FROM (.*)$`).FindAllStringSubmatch(image, -1)
	for i, stage := range stages {
		if native := strings.HasPrefix(stage[1], "--platform=$BUILDPLATFORM "); native == (i == len(stages)-1) {
			t.Errorf("FROM %s is of the wrong architecture", stage[1])
		}
	}
	ignore := strings.Split(textOf(t, "../.dockerignore"), "\n")
	for _, copied := range regexp.MustCompile(`(?m)^COPY ([^-].*) \S+$`).FindAllStringSubmatch(image, -1) {
		for source := range strings.FieldsSeq(copied[1]) {
			if _, err := os.Stat("../" + source); err != nil || !slices.Contains(ignore, "!"+source) {
				t.Errorf("%s is copied, and not let through (%v)", source, err)
			}
		}
	}
	for _, found := range regexp.MustCompile(`(PARLEY_\w+)=(\S+)`).FindAllStringSubmatch(image, -1) {
		if _, err := readConfig([]string{found[1] + "=" + found[2]}); err != nil {
			t.Errorf("Dockerfile: %v", err)
		}
	}
}
