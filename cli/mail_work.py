"""What `brug mail list`, `show`, `retry` and `budget` do, and how they show mails."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any

from cli import printing, titles
from cli.composition import Program
from cli.language import t
from core import clock
from core.errors import FaultyValue, NotFound
from core.references import reference
from core.words import Told
from notifications import outbox
from storage.queries import messages
from storage.queries.messages import Listed
from storage.tables.message import MESSAGE_KINDS
from workflows.lifecycles import MESSAGE

_HEADINGS = {
    "number": "No.",
    "kind": "Kind",
    "state": "State",
    "receiver": "Meant for",
    "address": "Address",
    "case": "Case",
    "attempts": "Tries",
    "next": "Next try",
    "queued": "Planned",
    "sent": "Sent",
    "fault": "What went wrong",
    "error": "In full",
    "message_id": "Message-ID",
}
#: states of what needs somebody's eyes
TROUBLE = ("failed", "uncertain")


def listed(
    program: Program, state: str | None, kind: str | None, limit: int
) -> list[dict[str, Any]]:
    """The newest mails; ``trouble`` stands for the states that somebody must look at."""
    states: Sequence[str] = TROUBLE if state == "trouble" else [state] if state else []
    _known(states, MESSAGE.states)
    _known([kind] if kind else [], MESSAGE_KINDS)
    with program.reading() as session:
        library = program.library(session)
        rows = messages.listed(session, library.id or 0, states=states, kind=kind, limit=limit)
        return [_mail(row, library.zone) for row in rows]


def _known(words: Sequence[str], known: Sequence[str]) -> None:
    for word in words:
        if word not in known:
            raise FaultyValue(word, remedy=Told("Choose one of: {names}.", names=", ".join(known)))


def shown(program: Program, number: int) -> dict[str, Any]:
    """One mail; raises `NotFound`."""
    with program.reading() as session:
        library = program.library(session)
        row = messages.one(session, library.id or 0, number)
        if row is None:
            raise NotFound(str(number), remedy="Run: brug mail list")
        return _mail(row, library.zone)


def retry(program: Program, numbers: Sequence[int]) -> int:
    """Try these mails again, or all that failed; returns how many."""
    with program.writing() as session:
        library = program.library(session).id or 0
        wanted = numbers or [
            row.id
            for row in messages.listed(
                session, library, states=("failed",), kind=None, limit=10_000
            )
        ]
        for number in wanted:
            if messages.one(session, library, number) is None:
                raise NotFound(str(number), remedy="Run: brug mail list")
            outbox.retry(session, number, program.now)
    return len(wanted)


def budget(program: Program, days: int) -> list[dict[str, Any]]:
    """How many mails a day each person got in the last days: usually, at most, and when."""
    since = program.now - timedelta(days=days)
    with program.reading() as session:
        library = program.library(session)
        found: dict[tuple[str, str], dict[date, int]] = defaultdict(dict)
        for name, email, day, mails in messages.per_person(session, library.id or 0, since):
            found[(name, email)][day] = mails
    return [
        {
            "name": name,
            "email": email,
            "mails": sum(per_day.values()),
            "days": len(per_day),
            "median": median(per_day.values()),
            "worst": max(per_day.values()),
            "worst_day": str(max(per_day, key=lambda day: per_day[day])),
        }
        for (name, email), per_day in found.items()
    ]


def show_list(mails: Sequence[dict[str, Any]]) -> None:
    """Mails as a table."""
    printing.table(
        ("No.", "Kind", "Meant for", "State", "When", "What went wrong"),
        (
            (
                each["number"], titles.mail(each["kind"]), each["receiver"] or each["address"],
                titles.called(each["state"]), each["sent"] or each["next"], _wrong(each),
            )
            for each in mails
        ),
    )  # fmt: skip


def show_budget(people: Sequence[dict[str, Any]]) -> None:
    """How many mails a day each person got, as a table."""
    printing.table(
        ("Who", "Mails", "On days", "Usually a day", "Worst day", "On"),
        (
            (
                each["name"], each["mails"], each["days"], f"{each['median']:g}", each["worst"],
                each["worst_day"],
            )
            for each in people
        ),
        right=(1, 2, 3, 4),
    )  # fmt: skip


def show_one(mail: dict[str, Any]) -> None:
    """A mail, line by line."""
    told = {
        **mail,
        "number": str(mail["number"]),
        "kind": titles.mail(mail["kind"]),
        "state": titles.called(mail["state"]),
        "fault": _wrong(mail),
        "error": t(mail["error"]) if mail["error"] else None,
    }
    printing.facts((_HEADINGS[name], value) for name, value in told.items() if value)


def _wrong(mail: dict[str, Any]) -> str:
    """What went wrong with a mail that did not go out, in a sentence."""
    return titles.fault(mail["fault"]) if mail["fault"] and not mail["sent"] else ""


def _mail(row: Listed, zone: str) -> dict[str, Any]:
    return {
        "number": row.id,
        "kind": row.kind,
        "state": row.state,
        "receiver": row.receiver,
        "address": row.address,
        "case": reference(row.case_id) if row.case_id else None,
        "attempts": row.attempts,
        "next": None if row.sent_at else clock.local_time(row.next_at, zone),
        "queued": clock.local_time(row.created_at, zone),
        "sent": clock.local_time(row.sent_at, zone) if row.sent_at else None,
        "fault": row.fault,
        "error": row.error,
        "message_id": row.message_id,
    }
