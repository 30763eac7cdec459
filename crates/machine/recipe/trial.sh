#!/bin/sh
# Tries out a machine, from inside: what pages do most must work on this computer's kernel. Needs no network and no
# image: it makes one from the machine's own busybox.
set -eux

tries=0
until docker version >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 150 ]
    sleep 0.1
done
[ "$(docker version --format '{{.Server.Version}}')" = "$1" ]

mkdir -p /tmp/trial/bin /tmp/trial/www
cp /usr/bin/busybox /tmp/trial/bin/
ln -s busybox /tmp/trial/bin/sh
ldd /usr/bin/busybox | grep -o '/lib[^ ]*' | xargs tar -ch -C / | tar -x -C /tmp/trial
echo 'It works.' >/tmp/trial/www/index.html
tar -c -C /tmp/trial . | docker import - trial >/dev/null
printf 'FROM trial\nRUN ["busybox", "touch", "/built"]\nCMD ["busybox", "httpd", "-f", "-h", "/www"]\n' | docker build -q -t trial -

docker network create front
docker run -d --name web --network front -p 8080:80 trial
docker run --rm --network front --memory 64m trial busybox ping -c 1 web
tries=0
until curl -fsS http://127.0.0.1:8080/ | grep -q 'It works.'; do
    tries=$((tries + 1))
    [ $tries -lt 50 ]
    sleep 0.1
done
if docker run --rm trial busybox ping -c 1 -W 1 web; then exit 1; fi
docker rm -f web
docker system prune -af --volumes
[ -z "$(docker images -q)" ]
