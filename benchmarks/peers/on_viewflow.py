"""django-viewflow: a move is one task completed in one transaction, the next task made in it.

SQLite in a file, write-ahead log, ``synchronous=FULL``, transactions begun as a writer: as ours.
A task completed by a call (`Handle`) is the shortest way viewflow has; nothing else is written.
"""

import sys
from itertools import islice

import django
from django.conf import settings
from django.core.management import call_command


def prepare(folder: str) -> None:
    """Configure Django on a database in the folder, and make its tables."""
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": f"{folder}/viewflow.sqlite",
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
                },
            }
        },
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "viewflow",
            "viewflow.workflow",
            "benchmarks.peers",
        ],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        DEBUG=False,
    )
    django.setup()
    call_command("migrate", verbosity=0)


def main() -> None:
    """Take turns: in each, the next processes make four moves each."""
    folder, cases, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    prepare(folder)
    from viewflow.workflow.models import Task

    from benchmarks.peers.flows import OpenDoor
    from benchmarks.peers.turns import take_turns

    processes = iter([OpenDoor.contact.run().pk for _ in range(cases * rounds)])

    def walk() -> int:
        for process in islice(processes, cases):
            for _ in range(4):
                task = Task.objects.get(process_id=process, finished__isnull=True)
                task.flow_task.run(task)
        return 4 * cases

    take_turns(walk)


if __name__ == "__main__":
    main()
