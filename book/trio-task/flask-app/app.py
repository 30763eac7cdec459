"""The users in a MySQL database, as a page on port 5000.

The database is at host `mysql`; the password of its root account is in the variable MYSQL_ROOT_PASSWORD.
"""

import os

import pymysql
from flask import Flask, render_template

app = Flask(__name__)


def users():
    """All users, oldest first. A new connection each time: then a database that comes back is found again."""
    connection = pymysql.connect(
        host="mysql",
        user="root",
        password=os.environ["MYSQL_ROOT_PASSWORD"],
        database="flask-db",
        connect_timeout=2,
    )
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT first_name, last_name, email FROM users ORDER BY id")
        return cursor.fetchall()


@app.get("/")
def home():
    return render_template("home.html", users=users())


@app.errorhandler(pymysql.err.OperationalError)
def no_database(error):
    """503, Service Unavailable, with what the driver says. A real application would write that to its log only."""
    return render_template("no-database.html", error=error), 503


if __name__ == "__main__":
    # 0.0.0.0: on all of the container's addresses. On 127.0.0.1 only the container itself could reach it.
    app.run(host="0.0.0.0", port=5000)
