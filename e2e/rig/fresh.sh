# Says whether the committed *_templ.go are what templ makes of the views. It compares with what was
# there a moment ago, not with git, so that it also works in the middle of a change.
set -eu
marks() { find views -name '*_templ.go' -exec cksum {} + | sort; }
before=$(marks)
go tool templ generate -path views -log-level error
if [ "$before" != "$(marks)" ]; then
    echo "generated code was stale and has been written anew: commit it" >&2
    exit 1
fi
