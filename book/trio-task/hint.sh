#!/bin/sh
# One hint for exercise 3, for what is wrong right now: `sh hint.sh`. It changes nothing.

. "$(dirname "$0")/lib.sh"

# Prints a hint if the command that follows it holds, and ends.
hint() {
    text=$1
    shift
    if "$@"; then
        echo "$text"
        exit
    fi
}

web=$(running nginx)
application=$(running flask-app)
database=$(running db)

is_missing() {
    for part in nginx flask-app db; do
        [ -n "$(containers $part)" ] || return 0
    done
    return 1
}

is_stopped() { [ -z "$web" ] || [ -z "$application" ] || [ -z "$database" ]; }

is_there_twice() { ! one $web || ! one $application || ! one $database; }

another_is_published() { [ -n "$(published "$application")$(published "$database")" ]; }

is_not_published() { ! published "$web" | grep -qx 8080; }

leads_to_the_wrong_port() { ! docker port "$web" 80 2> /dev/null | grep -q ':8080$'; }

are_not_neighbours() { ! share_a_network "$1" "$2"; }

listens_to_itself() { docker exec "$application" netstat -tln | grep -q '127\.0\.0\.1:5000'; }

# Python runs in the application's container, and sees the network as the application does.
asks_in_vain() { ! docker exec "$application" python -c "import socket; $1" > /dev/null 2>&1; }
name_is_unknown() { asks_in_vain 'socket.gethostbyname("mysql")'; }
nobody_answers() { asks_in_vain 'socket.create_connection(("mysql", 3306), 2).close()'; }

is_refused() { curl -s -m 5 --noproxy '*' http://localhost:8080 | grep -q 'Access denied'; }

asks_an_old_address() { ! users_are_shown && docker exec "$web" wget -qO- http://flask-app:5000 2> /dev/null | grep -q '<li>'; }

are_on_the_default_bridge() { ! avoid_the_default_bridge "$web" "$application" "$database"; }

has_a_way_out() { ! has_no_way_out "$database"; }

hint 'One of the three parts has no container at all. Compare `docker ps -a` with the picture.' is_missing
hint 'One of the three is not running. What does its log say last? (Question 1)' is_stopped
hint 'There are two containers of one part. Which one do you want?' is_there_twice
hint 'There is a second way in. Which container needs a published port, and which does not?' another_is_published
hint 'Visitors ask port 8080 of your computer, and nobody has published it.' is_not_published
hint 'Requests arrive at a port of the container on which nothing listens. Read the arrow in `docker ps`. (Question 6)' leads_to_the_wrong_port
hint 'NGINX is running, but the application is not its neighbour. (Questions 2 and 3)' are_not_neighbours "$web" "$application"
hint 'The application is running, but answers nobody outside its own container. (Question 5)' listens_to_itself
hint 'The application and the database are not neighbours. (Questions 2 and 3)' are_not_neighbours "$application" "$database"
hint 'They are neighbours, but the application looks for the database under a name that it does not have. (Question 4)' name_is_unknown
hint 'The database is there, but does not answer yet. Wait a moment; if it stays like that, read its log. (Question 7)' nobody_answers
hint 'The database answers, but refuses. The page says why. (Question 7)' is_refused
hint 'The application would answer, but NGINX still uses an address from earlier. (Question 8)' asks_an_old_address
hint 'Visitors see users. But whoever breaks into NGINX is next to the database: which of the three has to talk to both others?' share_a_network "$web" "$database"
hint 'Visitors see users. But one of the three is still on a network that it shares with strangers.' are_on_the_default_bridge
hint 'Visitors see users. But the database has a way out to the internet: which kind of network has none?' has_a_way_out
hint 'Nothing is left to hint at. Run the check.' users_are_shown
echo 'Something else is wrong. Begin with question 1.'
