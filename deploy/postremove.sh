#!/bin/sh
# After the files are gone. Settings and data stay, so that Parley can come back, until Debian is asked to purge: then both
# go. The user stays, because its number must not become somebody else's while files of it are in backups.
set -eu
[ ! -d /run/systemd/system ] || systemctl daemon-reload
if [ "$1" = purge ]; then
    rm -rf /var/lib/parley
fi
