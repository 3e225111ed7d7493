# Fails if the *_templ.go files are not what templ generates from the views. It compares with the files
# as they were a moment ago, not with git, so it also works with uncommitted changes.
set -eu
checksums() { find views -name '*_templ.go' -exec cksum {} + | sort; }
before=$(checksums)
go tool templ generate -path views -log-level error
if [ "$before" != "$(checksums)" ]; then
    echo "generated code was stale and has been regenerated: commit it" >&2
    exit 1
fi
