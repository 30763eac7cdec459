"""Asks, from many network namespaces at once, who answers where.

stdin: {"seconds": 1.5, "asks": [{"who": "t0-s1", "pid": 4711, "targets": [["10.64.0.2", 80], ["10.64.0.2", null]]}]}
Each asks from the network namespace of its process, or from this one if it has none; a target without a port is pinged.
stdout: a line `WHO ADDRESS PORT ANSWER` for each that answers, with what its page says; `-` for port and answer of a ping.
It ends when nothing has come in for so many seconds.
"""

import errno
import json
import os
import random
import resource
import selectors
import socket
import struct
import sys
import time

ECHO = {4: (8, 0), 6: (128, 129)}  # the types of a ping and of its answer: RFC 792, RFC 4443


def family_of(address):
    return 6 if ":" in address else 4


class Connection:
    """An HTTP request to one target, of which the page's first line is wanted."""

    def __init__(self, who, address, port):
        self.who, self.address, self.port = who, address, port
        self.received = b""
        family = socket.AF_INET6 if family_of(address) == 6 else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        self.begun = self.socket.connect_ex((address, port)) in (0, errno.EINPROGRESS)

    events = selectors.EVENT_WRITE

    def ready(self, poll):
        """Goes on; gives an answer if there is one now."""
        try:
            if self.events == selectors.EVENT_WRITE:
                self.socket.send(b"GET / HTTP/1.0\r\n\r\n")
                self.events = selectors.EVENT_READ
                poll.modify(self.socket, self.events, self)
                return []
            received = self.socket.recv(4096)
        except OSError:  # refused, unreachable, reset: nobody answers there
            received = b""
        self.received += received
        if received:
            return []
        poll.unregister(self.socket)
        self.socket.close()
        page = self.received.partition(b"\r\n\r\n")[2].decode().split()
        return [(self.who, self.address, self.port, page[0])] if page else []


class Pings:
    """All pings from one place that are of one version of IP."""

    events = selectors.EVENT_READ

    def __init__(self, who, version, number):
        self.who, self.version, self.number = who, version, number
        self.asked = []
        family = (socket.AF_INET, socket.IPPROTO_ICMP) if version == 4 else (socket.AF_INET6, socket.IPPROTO_ICMPV6)
        self.socket = socket.socket(family[0], socket.SOCK_RAW | socket.SOCK_NONBLOCK, family[1])

    def ask(self, address):
        head = struct.pack("!BBHHH", ECHO[self.version][0], 0, 0, self.number, len(self.asked))
        total = sum(struct.unpack("!HHHH", head))
        checksum = ~(total % 0xFFFF) & 0xFFFF  # RFC 1071; of IPv6 the kernel makes its own
        self.asked.append(address)
        try:
            self.socket.sendto(head[:2] + struct.pack("!H", checksum) + head[4:], (address, 0))
        except OSError:  # no way there
            pass

    def ready(self, _poll):
        packet = self.socket.recv(4096)
        if self.version == 4:
            packet = packet[(packet[0] & 15) * 4 :]
        kind, _, _, number, nth = struct.unpack("!BBHHH", packet[:8])
        if kind != ECHO[self.version][1] or number != self.number:
            return []
        return [(self.who, self.asked[nth], "-", "-")]


class Asking:
    """All that is asked, and when anybody answered last."""

    def __init__(self):
        self.poll = selectors.DefaultSelector()
        self.last = time.monotonic()

    def begin(self, number, who, targets):
        """Begins to ask from the namespace that this process is in."""
        pings = {}
        for address, port in targets:
            if port is not None:
                connection = Connection(who, address, port)
                if connection.begun:
                    self.poll.register(connection.socket, connection.events, connection)
                continue
            version = family_of(address)
            if version not in pings:
                pings[version] = Pings(who, version, number)
                self.poll.register(pings[version].socket, Pings.events, pings[version])
            pings[version].ask(address)

    def listen(self, seconds):
        """Takes what comes in within that time."""
        for key, _ in self.poll.select(seconds):
            for answer in key.data.ready(self.poll):
                print(*answer)
                self.last = time.monotonic()


def main():
    wanted = json.load(sys.stdin)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asking = Asking()
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    # No ping has the number of an earlier one: firewalls remember where that went.
    first = random.randrange(1 << 16)
    for number, ask in enumerate(wanted["asks"], first):
        place = home if ask["pid"] is None else os.open(f"/proc/{ask['pid']}/ns/net", os.O_RDONLY)
        os.setns(place, os.CLONE_NEWNET)
        asking.begin(number % (1 << 16), ask["who"], ask["targets"])
        # Meanwhile, or a server's queue would run over.
        asking.listen(0)
    while (left := asking.last + wanted["seconds"] - time.monotonic()) > 0:
        asking.listen(left)


main()
