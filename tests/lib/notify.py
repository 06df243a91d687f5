#!/usr/bin/env python3
"""notify.py SOCKET: is the service manager of sd_notify(3), and prints what it hears, a field a line,
with the time since the start in milliseconds before it."""
import socket
import sys
import time

start = time.monotonic()
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
    manager.bind(sys.argv[1])
    print("0 listening", flush=True)
    while True:
        for field in manager.recv(65536).decode().split("\n"):
            if field:
                print(int(1000 * (time.monotonic() - start)), field, flush=True)
