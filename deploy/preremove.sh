#!/bin/sh
# Before the files go: "remove" on Debian, 0 on Red Hat. An upgrade stops nothing; postinstall.sh restarts.
set -eu
case "$1" in remove | 0) ;; *) exit 0 ;; esac
[ ! -d /run/systemd/system ] || systemctl --no-reload disable --now parley.service
