"""A page that is always the same, served on port 5000."""

from flask import Flask, render_template

app = Flask(__name__)


@app.get("/")
def home():
    return render_template("home.html")


if __name__ == "__main__":
    # 0.0.0.0: on all of the container's addresses. On 127.0.0.1 only the container itself could reach it.
    app.run(host="0.0.0.0", port=5000)
