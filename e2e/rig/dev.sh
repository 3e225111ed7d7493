# Builds and restarts the server at every change. Polling modification times twice a second works on
# every file system and in every container, without a watcher. When a build fails, the old server keeps
# running.
set -eu
if [ -f .env ]; then set -a; . ./.env; set +a; fi
mkdir -p bin
mark=bin/.dev
server=
stop() { [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true; }
trap 'stop; rm -f $mark; exit 0' INT TERM

changed() {
    [ -n "$(find app assets db views go.mod -newer $mark -type f \
        ! -name '*_templ.go' ! -name '*_test.go' ! -path 'assets/dist/*' -print -quit)" ]
}

while :; do
    touch $mark
    if node assets/build.mjs && go tool templ generate -path views -log-level warn && go build -o bin/parley-dev ./app; then
        stop
        bin/parley-dev &
        server=$!
    else
        echo "build failed: the previous server is still running" >&2
    fi
    until changed; do sleep 0.5; done
done
