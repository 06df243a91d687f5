#!/usr/bin/env python3
"""freeze.py PID NAME: stops the thread of this name alone, as if it hung, until this program ends.
Prints "frozen TID", or exits with 77 where ptrace(2) is not allowed."""
import ctypes
import os
import sys

SEIZE, INTERRUPT, WALL = 0x4206, 0x4207, 0x40000000


def find(pid, name):
    for tid in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{tid}/comm", encoding="utf-8") as comm:
            if comm.read().strip() == name[:15]:
                return int(tid)
    sys.exit(f"{pid} has no thread {name}")


libc = ctypes.CDLL(None, use_errno=True)
thread = find(int(sys.argv[1]), sys.argv[2])
if libc.ptrace(SEIZE, thread, None, None) < 0:
    print(f"ptrace: {os.strerror(ctypes.get_errno())}")
    sys.exit(77)
libc.ptrace(INTERRUPT, thread, None, None)
os.waitpid(thread, WALL)
print(f"frozen {thread}", flush=True)
# A thread that is killed has to be taken note of, or its process does not end.
os.waitpid(thread, WALL)
