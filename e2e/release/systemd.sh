#!/bin/sh
# The story of the package under a real systemd: systemd_test.go starts this in a container without a network, with two
# packages, and the blocks of docs/install.md as files, in /story.
set -eux
export DEBIAN_FRONTEND=noninteractive

# fails unless a command succeeds within a minute
soon() {
    tries=120
    until "$@"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ]
        sleep 0.5
    done
}
answers() { soon curl -fsS --max-time 2 "http://127.0.0.1:${1:-3000}/readyz"; }
shows() { systemctl show --value -p "$1" parley; }
restarted() { [ "$(shows NRestarts)" -ge "$1" ]; }
settings=/etc/parley/parley.env

# installing starts nothing
dpkg -i /story/first.deb
[ "$(systemctl is-enabled parley || true)" = disabled ]
[ "$(shows ActiveState)" = inactive ]

# it starts as documented, and may do little
PATH=/story:$PATH sh -eux /story/start
answers
pid=$(shows MainPID)
grep -E "^Uid:\s+$(id -u parley)\s" "/proc/$pid/status"
grep -E '^NoNewPrivs:\s+1$' "/proc/$pid/status"
grep -E '^Seccomp:\s+2$' "/proc/$pid/status"
grep -E '^CapBnd:\s+0+$' "/proc/$pid/status"
most=$(awk '/^Max open files/ { print $5 }' /proc/self/limits) # of this machine
[ "$most" -le 65536 ] || most=65536
grep -E "^Max open files +$most " "/proc/$pid/limits"
[ "$(stat -c %a:%U /var/lib/parley)" = 700:parley ]
[ "$(stat -c %a:%U /var/lib/parley/parley.db)" = 600:parley ]

# people and commands
curl -fsS -o /dev/null -H 'Origin: http://127.0.0.1:3000' -d username=ann -d 'password=correct horse battery' http://127.0.0.1:3000/sign-up
PATH=/story:$PATH sh -eux /story/installed
setpriv --reuid=parley --regid=parley --clear-groups sh -ac ". $settings && cd && parley user list" | grep ann
setpriv --reuid=parley --regid=parley --clear-groups sh -ac ". $settings && parley backup /var/lib/parley/backup.zip"

# killed, it comes back
systemctl kill -s KILL parley
soon restarted 1
answers

# a database may come late
sed -i 's|^PARLEY_DATABASE_URL=.*|PARLEY_DATABASE_URL=mysql://parley:x@127.0.0.1:1/parley|' $settings
systemctl restart parley || true
soon restarted 2
sed -i 's|^PARLEY_DATABASE_URL=.*|PARLEY_DATABASE_URL=sqlite:/var/lib/parley/parley.db|' $settings
answers

# port 80, as documented
mkdir /etc/systemd/system/parley.service.d
cp /story/ports /etc/systemd/system/parley.service.d/override.conf
echo PARLEY_ADDR=127.0.0.1:80 >>$settings
systemctl daemon-reload
systemctl restart parley
answers 80
rm -r /etc/systemd/system/parley.service.d
sed -i '$d' $settings
systemctl daemon-reload
systemctl restart parley
answers

# an upgrade restarts it
pid=$(shows MainPID)
dpkg -i /story/next.deb
answers
[ "$(shows MainPID)" != "$pid" ]
[ "$(systemctl is-enabled parley)" = enabled ]

# stopping and removing
systemctl stop parley
[ "$(shows Result)" = success ]
systemctl start parley
dpkg -r parley
[ "$(shows ActiveState)" = inactive ]
[ -f /var/lib/parley/parley.db ]
dpkg -P parley
[ ! -e /var/lib/parley ]
[ ! -e /etc/parley ]

echo the story is over
