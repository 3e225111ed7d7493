# Parley's recipes. With just installed: `just NAME`. Without: `npx --yes rust-just NAME`.

set shell := ["sh", "-euc"]

linter := "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0"

# How everything is compiled that a test run starts, the program too, so that nothing is compiled twice. The race detector
# is left out of SQLite, translated from C, which takes three times as long under it, and of what only computes. It must
# not be left out of a package that guards a map by a sync.Once or has a sync.Map (encoding/json, html, GORM, the driver
# of SQLite): their atomic operations, compiled without it, order nothing for it, and it reports races that are none.
race := "-race -gcflags=" + replace("modernc.org/sqlite/lib/... modernc.org/libc/... modernc.org/memory/... golang.org/x/crypto/... golang.org/x/image/... image/... compress/... regexp/... github.com/go-sql-driver/...", " ", "=-race=false -gcflags=") + "=-race=false"

[private]
default:
    @{{ just_executable() }} --list --unsorted

# Build the assets, start the server, print the address to open.
run: assets
    go build -o bin/parley ./app
    @if [ -f .env ]; then set -a; . ./.env; set +a; fi; exec bin/parley

# Run the server; rebuild and restart it whenever code, views, styles or scripts change.
dev: _modules
    @sh e2e/rig/dev.sh

# Generate the Go code of the templ views.
generate:
    go tool templ generate -path views

# Build the scripts and style sheets that the binary embeds.
assets: _modules
    node assets/build.mjs

# All static checks.
check: _quick _stories
    go run {{ linter }} run

# Run every test; installs what they need, or says what to install.
test: _formats assets _stories
    env GOFLAGS="{{ race }}" GOGC=400 go run ./e2e/rig/with -- {{ just_executable() }} _tests

# vet compiles what the tests need; go test does not vet again. Garbage is collected less often, since there is memory to
# spare and no time, and nothing waits a second for late reports of races.
_tests:
    go vet ./...
    env GORACE=atexit_sleep_ms=100 go run ./e2e/rig/tally \
        -- go test -vet=off -p 3 -parallel 3 -timeout 20m -json ./app/web ./e2e/edge ./... \
        -- npx playwright test --config e2e/client --reporter=list,json \
        -- npx playwright test --config e2e --reporter=list,json

# The Go tests again, with no more time than is promised; they take five times as much where the machine is busy.
strict *ARGS="./...": assets
    go run ./e2e/rig/with -- env RIG_STRICT=1 go test -p 1 -parallel 2 -timeout 30m {{ ARGS }}

# Every fault of docs/delivery.md, with a table of the results; half an hour. For example `just faults -run /F5 -seed 7`.
faults *ARGS: assets
    go run ./e2e/rig/with -- env RIG_FAULTS=all go test ./e2e/faults -count=1 -timeout 90m -v -run TestFaults {{ ARGS }}

# All that six people can do to two who chat, for a minute on each database; three minutes. For example `just abuse -only edits,search`.
abuse *ARGS: assets
    go run ./e2e/rig/with -- go test -tags abuse ./e2e/abuse -count=1 -timeout 20m -v -run TestAbuse {{ ARGS }}

# TLS by itself: certificates from Pebble, Let's Encrypt's server for tests, which is fetched from the Go module proxy; a minute.
acme *ARGS: assets
    go run ./e2e/rig/with -- go test -tags acme ./e2e/acme -count=1 -timeout 10m -v {{ ARGS }}

# A hostile evening: `just abuse` and a crowd of strangers, while two people chat on two processes; five minutes. For example
# `just evening -attacks loris,bombs`.
evening *ARGS: assets
    go run ./e2e/rig/with -- env RIG_STRICT=1 go test -tags evening ./e2e/abuse -count=1 -timeout 20m -v -run TestHostileEvening {{ ARGS }}

# An evening of a community: a thousand accounts by invitation, open rooms, moderators, reports; five minutes.
community *ARGS: assets
    go run ./e2e/rig/with -- go test -tags community ./e2e/faults -count=1 -timeout 30m -v -run TestCommunity {{ ARGS }}

# Redis Sentinel, Redis Cluster and Galera with private nodes, hurt while people chat: docs/scaling.md; ten minutes. For
# example `just clusters -run 'TestClusters/Galera'`.
clusters *ARGS: assets
    RIG_CLUSTERS=1 go run ./e2e/rig/with -- go test -tags clusters ./e2e/faults -count=1 -timeout 40m -v -run TestClusters {{ ARGS }}

# From the program of a hundred commits ago to today's and back, and both on one database; a minute. For example
# `just upgrade -since v1.0.0`.
upgrade *ARGS: assets
    go run ./e2e/rig/with -- go test -tags upgrade ./e2e/upgrade -count=1 -v {{ ARGS }}

# Sign in with a real OpenID Connect provider, dex, which is built in a module of its own; some minutes the first time.
sso *ARGS: assets
    go run ./e2e/rig/with -- go test -tags sso ./e2e/sso -count=1 -v {{ ARGS }}

# The files of deploy/ with the real Prometheus and fail2ban, against a real server; a minute. Install both before.
alerts *ARGS: assets
    go run ./e2e/rig/with -- go test -tags alerts ./e2e/alerts -count=1 -timeout 5m -v {{ ARGS }}

# Run the samples of docs/proxies.md with the real nginx, Caddy, Apache and HAProxy; two minutes. `just test` has most of it.
proxies *ARGS:
    go run ./e2e/rig/with -- env RIG_PROXIES=all go test ./e2e/edge -count=1 -v -run 'Prox|Samples' {{ ARGS }}

# The figures of docs/performance.md: every work on MariaDB and on SQLite, more than half an hour. For example
# `just bench -only W4a,W5 -db sqlite -short`; `-h` lists the rest.
bench *ARGS: assets
    go run ./bench {{ ARGS }}

# What a post, a delivery, an idle viewer and a room page cost; minutes. For example `just bench-go -bench Post -benchtime 5s`.
bench-go *ARGS:
    go run ./e2e/rig/with -- go test -run - -bench 'Post|Delivery|IdleViewer|RoomPage' {{ ARGS }} ./app/chat ./app/live ./app/web

# Every fuzz target for a while, for example `just fuzz 10s`; what it finds is kept in testdata/fuzz.
fuzz TIME="1m":
    @git grep -oE '^func Fuzz[A-Za-z]+' -- '*_test.go' | while IFS=: read -r file target; do \
        echo "$file $target"; \
        go test "./$(dirname "$file")" -run '^$' -fuzz "^${target#func }\$" -fuzztime {{ TIME }} || exit 1; \
    done

# The stories in a real browser; for example `just e2e --project=no-scripts friends`.
e2e *ARGS: assets
    go run ./e2e/rig/with -- npx playwright test --config e2e {{ ARGS }}

# Time searches among a million messages on SQLite and MariaDB; ten minutes or more.
bench-search:
    go run ./e2e/rig/with -- go test ./app/search -run '^$' -bench BenchmarkSearch -benchtime 1x -timeout 120m

# Update the tables of stories in docs/stories.md and the README.
stories: _modules
    node e2e/stories.mjs

# Lighthouse on the sign-in page and a room, on a slow phone; a few minutes, and it must be 100.
lighthouse: assets
    @cd e2e/lighthouse && { [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund; }
    go run ./e2e/rig/with -- env RIG_LIGHTHOUSE=1 npx playwright test --config e2e --project=lighthouse

# Compare the reading modes, with scripts and without, and update the table of docs/low-js.md.
low-js: assets
    go run ./e2e/rig/with -- env RIG_LOW_JS=1 npx playwright test --config e2e --project=low-js

# Pictures of every page in a world that is used, in e2e/.out/pictures/index.html. For example `just pictures friends de`
# or `just pictures all`, which is all languages, sizes and schemes.
pictures *ARGS: assets
    go run ./e2e/rig/with -- env RIG_PICTURES="{{ ARGS }}" npx playwright test --config e2e/pictures

# Update the README's pictures, which are of the same world.
screenshots: assets
    go run ./e2e/rig/with -- env RIG_PICTURES=readme npx playwright test --config e2e/pictures

# Build the program into bin/parley; it needs no other file.
build: assets
    CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o bin/parley ./app

# Everything that a version is published as, in bin/release; minutes the first time. For example `just release v1.2.3`.
release VERSION: assets
    go run ./e2e/release {{ VERSION }}

# Make releases, compare them byte for byte, install one as docs/install.md says, run it, upgrade it, remove it, here and under a
# systemd of its own; ten minutes. As root, on a machine without a Parley; needs the Debian packages systemd-container and rpm.
packages *ARGS: assets
    go test -tags packages ./e2e/release -count=1 -timeout 60m -v -run TestPackages {{ ARGS }}

# Every variant of the containers with a real engine; needs Docker or Podman with Compose, and ports 80, 443 and 3000.
containers:
    sh e2e/containers/story.sh

# Known vulnerabilities in what is linked, and in what the build uses; asks vuln.go.dev and the npm registry.
audit:
    go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./app
    npm audit

_stories: _modules
    @node e2e/stories.mjs --check

# npm's own marker file is older than a lock file that has changed since the last install.
_modules:
    @[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund

# The part of `check` that takes seconds and downloads nothing.
_quick: _formats
    @go vet ./...

_formats:
    @echo "checking formats, and that generated code is fresh"
    @unformatted=$(gofmt -l app assets bench db e2e views) && if [ -n "$unformatted" ]; then echo "gofmt would change: $unformatted"; exit 1; fi
    @env GOGC=400 go tool templ fmt -log-level error -fail views || { echo "templ fmt changed views: commit that"; exit 1; }
    @sh e2e/rig/fresh.sh
    @for script in assets/*.mjs assets/js/*.js; do node --check "$script"; done
