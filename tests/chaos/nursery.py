"""A process that has everything loaded and forks workers, so that 500 of them cost no minutes.

A line with an order comes in, the number of the new process goes out.
"""

import json
import os
import signal
import sys

from tests.chaos.worker import Order, work


def main() -> None:
    """Fork a worker for every line."""
    # nobody waits for the dead
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        number = os.fork()
        if number == 0:
            sys.stdin.close()
            try:
                work(Order(**json.loads(line)))
            finally:
                os._exit(0)
        print(number, flush=True)


if __name__ == "__main__":
    main()
