#!/bin/sh
# Prepares nginx as the official image does before it starts, as far as this stand-in has the parts: listening on
# IPv6 where the kernel has it, then the scripts of /docker-entrypoint.d.
set -e

say() { [ -n "$NGINX_ENTRYPOINT_QUIET_LOGS" ] || echo "$@"; }

if [ "$1" = nginx ] || [ "$1" = nginx-debug ]; then
    conf=/etc/nginx/conf.d/default.conf
    if [ -f /proc/net/if_inet6 ] && [ -w "$conf" ] && ! grep -q '\[::\]:80' "$conf"; then
        sed -i 's/listen       80;/&\n    listen  [::]:80;/' "$conf"
    fi
    for script in /docker-entrypoint.d/*.sh; do
        [ -x "$script" ] || continue
        say "$0: Launching $script"
        "$script"
    done
    say "$0: Configuration complete; ready for start up"
fi

exec "$@"
