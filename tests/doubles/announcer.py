#!/usr/bin/env python3
"""What printers say of themselves in a network, on this machine's loopback: answers multicast DNS queries as a server of
OctoPrint, Moonraker and PrusaLink would, and sends the note of a Bambu Lab printer. Besides, hostile packets.

   announcer.py [--hostile] [--sparing]     --sparing: services only by name; the rest when it is asked for

Prints "ready" when it listens; runs until it is killed.
"""
import argparse
import select
import socket
import struct
import time

GROUP, PORT, NOTE_PORT = "224.0.0.251", 5353, 2021
A, PTR, ANY = 1, 12, 255
TXT, SRV = 16, 33


def name(text):
    """A name as it is sent: labels in a tuple, or a text with dots."""
    labels = text if isinstance(text, tuple) else tuple(text.split("."))
    return b"".join(bytes([len(label.encode())]) + label.encode() for label in labels) + b"\0"


def record(owner, kind, data):
    return name(owner) + struct.pack(">HHIH", kind, 0x8001, 120, len(data)) + data


class Machine:
    def __init__(self, service, instance, host, port, address, words):
        self.service, self.instance = f"{service}._tcp.local", (instance, service, "_tcp", "local")
        self.host = host
        self.pointer = record(self.service, PTR, name(self.instance))
        self.server = record(self.instance, SRV, struct.pack(">HHH", 0, 0, port) + name(host))
        self.text = record(self.instance, TXT, b"".join(bytes([len(word)]) + word for word in words))
        self.address = record(host, A, socket.inet_aton(address))


MACHINES = [
    Machine("_octoprint", 'OctoPrint "Left" on octopi', "octopi.local", 80, "192.0.2.20", [b"path=/", b"model=MK3"]),
    Machine("_octoprint", "behind.a proxy\x1b[2J", "octopi.local", 8080, "192.0.2.20", [b"path=/octoprint/2"]),
    Machine("_moonraker", "voron", "Voron.local", 7125, "192.0.2.21", [b"path=/"]),
    Machine("_prusalink", "mk4-left", "prusa-mk4.local", 80, "192.0.2.22", []),
]
NOTE = ("NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nServer: UPnP/1.0\r\nLocation: 192.0.2.23\r\n"
        "NT: urn:bambulab-com:device:3dprinter:1\r\nUSN: 01P00A000000001\r\nCache-Control: max-age=1800\r\n"
        "DevModel.bambu.com: C12\r\nDevName.bambu.com: P1S in the corner\r\n\r\n")


def questions(packet):
    """The names that a query asks for, with their types."""
    asked, at = [], 12
    for _ in range(struct.unpack(">H", packet[4:6])[0]):
        labels = []
        while packet[at]:
            labels.append(packet[at + 1:at + 1 + packet[at]].decode())
            at += 1 + packet[at]
        asked.append((tuple(labels), struct.unpack(">H", packet[at + 1:at + 3])[0]))
        at += 5
    return asked


def answers(packet, sparing):
    """What is answered: a query's own head and questions, as it is due to who asks once (RFC 6762, 6.7)."""
    found, more = [], []
    for labels, kind in questions(packet):
        for machine in MACHINES:
            if kind == PTR and labels == tuple(machine.service.split(".")):
                found.append(machine.pointer)
                more += [] if sparing else [machine.server, machine.text, machine.address]
            if kind == ANY and labels == machine.instance:
                found += [machine.server, machine.text]
            if kind == A and labels == tuple(machine.host.split(".")):
                found.append(machine.address)
    head = packet[:2] + struct.pack(">HHHHH", 0x8400, struct.unpack(">H", packet[4:6])[0], len(found), 0, len(more))
    return head + packet[12:] + b"".join(found + more[::-1])  # in an order of its own


def hostile():
    """What a bad neighbour may send: loops, lengths that lie, names and lists without end."""
    head = struct.pack(">HHHHHH", 0, 0x8400, 0, 1, 0, 0)
    yield head + b"\xc0\x0c" + struct.pack(">HHIH", PTR, 1, 1, 2) + b"\xc0\x0c"
    yield head + b"\x01a\xc0\x0e" + struct.pack(">HHIH", PTR, 1, 1, 2) + b"\xc0\x0c"
    yield head + b"\x3f" + b"x" * 63 * 8
    yield head + (b"\x3f" + b"x" * 63) * 8 + b"\0" + struct.pack(">HHIH", PTR, 1, 1, 0)
    yield struct.pack(">HHHHHH", 0, 0x8400, 65535, 65535, 65535, 65535)
    yield head + name("_octoprint._tcp.local") + struct.pack(">HHIH", PTR, 1, 1, 65535) + b"x"
    many = [record("_octoprint._tcp.local", PTR, name((f"n{i}", "_octoprint", "_tcp", "local")))
            for i in range(1000)]  # more than anybody has
    for first in range(0, 1000, 150):
        part = many[first:first + 150]
        yield struct.pack(">HHHHHH", 0, 0x8400, 0, len(part), 0, 0) + b"".join(part)
    yield b""


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--hostile", action="store_true")
    options.add_argument("--sparing", action="store_true")
    said = options.parse_args()
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((GROUP, PORT))
    listener.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                        socket.inet_aton(GROUP) + socket.inet_aton("127.0.0.1"))
    noter = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    neighbour = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    neighbour.bind(("127.0.0.2", 0))
    print("ready", flush=True)
    while True:
        noter.sendto(NOTE.encode(), ("127.0.0.1", NOTE_PORT))
        readable, _, _ = select.select([listener], [], [], 0.3)
        if not readable:
            continue
        packet, sender = listener.recvfrom(9000)
        if sender[0] != "127.0.0.1" or packet[2] & 0x80:
            continue
        for bad in hostile() if said.hostile else ():
            neighbour.sendto(bad, sender)
            time.sleep(0.001)
        listener.sendto(answers(packet, said.sparing), sender)


if __name__ == "__main__":
    main()
