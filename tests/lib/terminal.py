# Runs a program on a terminal and answers what it asks: terminal.py ANSWERS PROGRAM [ARGUMENT]..., where ANSWERS is
# JSON, a list of [PATTERN, ANSWER], taken in order. Prints JSON: the exit status, and all that stood on the terminal.
import json
import os
import pty
import re
import select
import signal
import sys
import time

answers = json.loads(sys.argv[1])
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
seen = ""
unread = ""
end = time.monotonic() + 120
while time.monotonic() < end:
    if not select.select([fd], [], [], 0.1)[0]:
        continue
    try:
        data = os.read(fd, 4096)
    except OSError:
        break
    if not data:
        break
    seen += data.decode()
    unread += data.decode()
    if answers and re.search(answers[0][0], unread):
        unread = ""
        os.write(fd, answers.pop(0)[1].encode())
else:
    os.kill(pid, signal.SIGKILL)
_, status = os.waitpid(pid, 0)
print(json.dumps({"status": os.waitstatus_to_exitcode(status), "seen": seen}))
