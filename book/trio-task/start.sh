#!/bin/sh
# Sets up exercise 3: the Trio Task with five faults. Reading on gives them away.

set -e
cd "$(dirname "$0")"

for part in nginx flask-app db; do
    docker build -q -t "trio-$part" "$part" > /dev/null
done

docker network create trio-front > /dev/null
docker network create --internal trio-back > /dev/null
docker run -d --name trio-db --network trio-back -e MYSQL_ROOT_PASSWORD=trio trio-db > /dev/null
docker run -d --name flask-app -e MYSQL_ROOT_PASSWORD=trio trio-flask-app flask run > /dev/null
docker create --name trio-web --network trio-front -p 8080:8000 trio-nginx > /dev/null
docker network connect trio-back trio-web
docker start trio-web > /dev/null
echo 'Exercise 3 is set up, and broken.'
