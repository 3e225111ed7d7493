# Parley's front door. With just installed: `just NAME`. Without: `npx --yes rust-just NAME`.

set shell := ["sh", "-euc"]

linter := "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0"

# The race detector looks at our code. SQLite, translated from C, is no code of ours, and takes
# three times as long under it.
norace := "-gcflags=modernc.org/...=-race=false"

[private]
default:
    @{{ just_executable() }} --list --unsorted

# Build the assets, start the server, print the address to open.
run: assets
    go build -o bin/parley ./app
    @if [ -f .env ]; then set -a; . ./.env; set +a; fi; exec bin/parley

# Run the server; build and restart it at every change of code, views, styles or scripts.
dev: _modules
    @sh e2e/rig/dev.sh

# Write the Go code of the templ views anew.
generate:
    go tool templ generate -path views

# Build the scripts and style sheets that the binary embeds.
assets: _modules
    node assets/build.mjs

# Everything that reads the code without running it.
check: _quick _stories
    go run {{ linter }} run

# Every test there is; installs what they need, or says what to install.
test: _quick assets _stories
    go run ./e2e/rig/with -- go run ./e2e/rig/tally \
        -- go test -race -p 3 {{ norace }} -json ./app/web ./... \
        -- npx playwright test --config e2e/client --reporter=list,json \
        -- npx playwright test --config e2e --reporter=list,json

# Every fault of docs/delivery.md, and the table of what held; half an hour. For instance `just faults -run /F5 -seed 7`.
faults *ARGS: assets
    go run ./e2e/rig/with -- env RIG_FAULTS=all go test ./e2e/faults -count=1 -timeout 90m -v -run TestFaults {{ ARGS }}

# What a post, a delivery and an idle viewer cost; minutes. For instance `just bench -bench Post -benchtime 5s`.
bench *ARGS:
    go run ./e2e/rig/with -- go test -run - -bench 'Post|Delivery|IdleViewer' {{ ARGS }} ./app/chat ./app/live

# The stories in a real browser, for instance `just e2e --project=no-scripts friends`.
e2e *ARGS: assets
    go run ./e2e/rig/with -- npx playwright test --config e2e {{ ARGS }}

# A million messages on SQLite and on MariaDB, and how long searches among them take; ten minutes or more.
bench-search:
    go run ./e2e/rig/with -- go test ./app/search -run '^$' -bench BenchmarkSearch -benchtime 1x -timeout 120m

# Write the tables of the stories, docs/stories.md and the one in the README, anew.
stories: _modules
    node e2e/stories.mjs

# What Lighthouse says about the door and a room on a slow phone; a few minutes, and it must be 100.
lighthouse: assets
    @cd e2e/lighthouse && { [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund; }
    go run ./e2e/rig/with -- env RIG_LIGHTHOUSE=1 npx playwright test --config e2e --project=lighthouse

# Compare the ways to read a room, with scripts and without, and write the table of docs/low-js.md.
low-js: assets
    go run ./e2e/rig/with -- env RIG_LOW_JS=1 npx playwright test --config e2e --project=low-js

# Take the README's pictures anew.
screenshots: assets
    go run ./e2e/rig/with -- env RIG_SCREENSHOTS=docs/screenshots npx playwright test --config e2e --project=screenshots

# Leave the finished program in bin/parley; it needs no other file.
build: assets
    CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o bin/parley ./app

_stories: _modules
    @node e2e/stories.mjs --check

# npm's own mark tells whether the lock file changed since the last install.
_modules:
    @[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund

# The part of `check` that takes seconds, and no download.
_quick:
    @echo "checking formats, vet, and that generated code is fresh"
    @unformatted=$(gofmt -l app assets db e2e views) && if [ -n "$unformatted" ]; then echo "gofmt would change: $unformatted"; exit 1; fi
    @go tool templ fmt -log-level error -fail views || { echo "templ fmt changed views: commit that"; exit 1; }
    @sh e2e/rig/fresh.sh
    @for script in assets/*.mjs assets/js/*.js; do node --check "$script"; done
    @go vet ./...
