#!/bin/sh
# After the files are there: Debian calls this with "configure" and the version before, if there was one; Red Hat with the
# number of versions that are there.
set -eu
case "$1" in configure | [0-9]*) ;; *) exit 0 ;; esac

nologin=/usr/sbin/nologin
[ -x "$nologin" ] || nologin=/sbin/nologin
getent group parley >/dev/null || groupadd --system parley
getent passwd parley >/dev/null ||
    useradd --system --gid parley --home-dir /var/lib/parley --no-create-home --shell "$nologin" --comment Parley parley
[ -d /var/lib/parley ] || install -d -m 0700 -o parley -g parley /var/lib/parley
# Secrets are in it. Whoever gave it to another group did so on purpose.
if [ "$(stat -c %G /etc/parley/parley.env)" = root ]; then
    chgrp parley /etc/parley/parley.env
fi

[ ! -d /run/systemd/system ] || systemctl daemon-reload
if [ "$1" = configure ] && [ -n "${2:-}" ] || [ "$1" -gt 1 ] 2>/dev/null; then
    [ ! -d /run/systemd/system ] || systemctl try-restart parley.service
else
    echo "Parley is installed, and not started. Look at /etc/parley/parley.env, then: systemctl enable --now parley"
fi
