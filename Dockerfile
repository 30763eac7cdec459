# Seaworthy as an image, for computers that have a Docker Engine and nothing else:
#
#   docker build -t seaworthy .
#   docker run --rm -v "$PWD:/book" -v /var/run/docker.sock:/var/run/docker.sock seaworthy check
#
# BuildKit makes only those stages that are asked for. PROGRAMS names another image or stage that has the programs, at
# /programs: a release puts those in that it has built. BASE names another image to put them onto: it needs git, and what
# DOCKER_HOST=ssh://… needs, ssh.
ARG PROGRAMS=built
ARG BASE=debian-with-tools

FROM rust:1-trixie AS built
WORKDIR /seaworthy
COPY . .
# What is copied is all that the build needs of the repository; which commit it is, git's folder tells.
RUN cargo build --release --locked --bins --workspace \
    && install -D -t /programs target/release/seaworthy target/release/mdbook-seaworthy

FROM debian:trixie-slim AS debian-with-tools
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates git openssh-client \
    && rm -rf /var/lib/apt/lists/*

FROM ${PROGRAMS} AS programs

FROM ${BASE}
COPY --from=programs /programs/ /usr/local/bin/
COPY scripts/docker-entrypoint.sh /usr/local/bin/
WORKDIR /book
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["--help"]
