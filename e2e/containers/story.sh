#!/bin/sh
# The story of the containers, for `just containers`: every variant of the compose file, and the image alone, with the real
# images of the databases. It needs a container engine with Compose, and the internet or the images; ports 80, 443 and 3000
# must be free. It works in a copy, under names of its own, and removes only those.
set -eu

for engine in docker podman ""; do
    if [ -z "$engine" ]; then
        echo "containers: neither docker nor podman reaches an engine here, so nothing was tried" >&2
        exit 1
    fi
    "$engine" info >/dev/null 2>&1 && "$engine" compose version >/dev/null 2>&1 && break
done
echo "engine: $engine, $("$engine" version --format '{{.Server.Version}}'), compose $("$engine" compose version --short)"

root=$PWD
copy=$(mktemp -d)
project=parley-story-$$
export VERSION=v0.0.0-story COMPOSE_PROJECT_NAME="$project"
unset COMPOSE_FILE COMPOSE_PROFILES
files=""
compose() { (cd "$copy" && eval "$engine compose $files \"\$@\""); }
end() {
    status=$?
    [ $status = 0 ] || compose logs --tail 40 >&2 || true
    compose --profile scale down -v --remove-orphans >/dev/null 2>&1 || true
    "$engine" rm -f "$project-alone" >/dev/null 2>&1 || true
    rm -rf "$copy"
    exit $status
}
trap end EXIT
trap 'exit 1' INT TERM
git -C "$root" archive HEAD | tar -x -C "$copy"

fails() { echo "FAILED: $*" >&2; exit 1; }
volumes() { "$engine" volume ls -q | sort; }
# within 60 s, a command succeeds
soon() {
    tries=60
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || fails "$*"
        sleep 1
    done
}
page() { curl -fsS --max-time 5 "$@"; }

# variant NAME ADDRESS COMPOSE-OPTIONS
variant() {
    name=$1 address=$2
    shift 2
    before=$(volumes)
    compose "$@" up -d --build --wait --wait-timeout 300
    soon page -k "$address/readyz"
    page -k "$address/sign-up" | grep -q Parley || fails "$name: no page"
    compose exec -T parley parley version | grep -q "$VERSION" || fails "$name: the version"
    compose exec -T parley parley check || fails "$name: parley check"
    compose exec -T parley wget -qO- http://127.0.0.1:3001/metrics | grep -q '^parley_' || fails "$name: no metrics"
    compose exec -T parley parley backup - >"$copy/backup.zip"
    [ -s "$copy/backup.zip" ] || fails "$name: an empty backup"
    for id in $(compose "$@" ps -q); do
        "$engine" inspect --format '{{json .HostConfig.LogConfig}}' "$id" | grep -q '10m' || fails "$name: a log without a bound"
    done
    compose "$@" restart parley
    soon page -k "$address/readyz"
    compose "$@" down
    compose "$@" up -d --wait --wait-timeout 300
    soon page -k "$address/readyz"
    compose "$@" down
    nameless=$(volumes | grep -vxF "$before" | grep -v "^$project" || true)
    [ -z "$nameless" ] || fails "$name: nameless volumes: $nameless"
    compose "$@" down -v
    echo "ok: $name"
}

variant mysql http://127.0.0.1:3000
files="-f compose.yaml -f compose.mariadb.yaml" && variant mariadb http://127.0.0.1:3000
files="-f compose.sqlite.yaml" && variant sqlite http://127.0.0.1:3000
files=""
echo PARLEY_PUBLIC_URL=https://localhost >"$copy/.env"
variant scale https://localhost --profile scale
rm "$copy/.env"

"$engine" run -d --name "$project-alone" --read-only --tmpfs /tmp --cap-drop ALL -p 127.0.0.1:3000:3000 "parley:$VERSION"
soon page http://127.0.0.1:3000/readyz
[ "$("$engine" exec "$project-alone" id -u)" = 10001 ] || fails "the image alone: its user"
"$engine" exec "$project-alone" grep -q modernc.org/sqlite /usr/share/doc/parley/THIRD_PARTY_LICENSES || fails "the image alone: its licenses"
[ "$("$engine" inspect --format '{{index .Config.Labels "org.opencontainers.image.version"}}' "$project-alone")" = "$VERSION" ] || fails "the image alone: its label"
"$engine" stop -t 30 "$project-alone" >/dev/null
"$engine" rm -v "$project-alone" >/dev/null
echo "ok: the image alone"

if "$engine" buildx version >/dev/null 2>&1; then
    for arch in amd64 arm64; do
        (cd "$copy" && "$engine" buildx build --platform "linux/$arch" --build-arg VERSION="$VERSION" --output type=cacheonly .)
        echo "ok: built for linux/$arch"
    done
fi
