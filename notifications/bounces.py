"""What becomes of a mail that came back: it failed after all, and its address must be mended.

Reports come from a maildir, where the mail server puts them, or one by one through a pipe.
"""

import logging
from collections import Counter
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from core.errors import NotFound
from notifications import reports, undelivered
from notifications.outbox import after
from notifications.reports import LARGEST, Report
from storage.engine import transaction
from storage.queries import outbox, refused_addresses

log = logging.getLogger("brug.mail")
#: files that are looked at in one go
_MOST = 500
#: a mail that waits for another try may have arrived at the first
_GONE = ("sent", "uncertain", "pending")


def read_folder(engine: Engine, folder: Path, now: datetime) -> Counter[str]:
    """Take in every report in ``folder/new``; returns how many ended how, as `take_in` says it.

    All mails move to ``folder/cur``, reports that were taken in as seen, others as unseen: nothing
    is thrown away. Raises `NotFound` when this is no maildir.
    """
    new, seen = folder / "new", folder / "cur"
    if not new.is_dir() or not seen.is_dir():
        raise NotFound(str(folder), remedy="Give BRUG_BOUNCE_FOLDER the path of a maildir.")
    counts: Counter[str] = Counter()
    for path in sorted(new.iterdir())[:_MOST]:
        if path.is_symlink() or not path.is_file():
            continue
        try:
            # larger than any report: the first piece is enough to see that
            with path.open("rb") as file:
                outcome = take_in(engine, file.read(LARGEST + 1), now)
            if outcome == "busy":
                continue
            counts[outcome] += 1
            path.rename(seen / f"{path.name}:2,{'' if outcome == 'other' else 'S'}")
        except FileNotFoundError:
            # another worker was first
            continue
    if counts:
        log.info("mails that came back: %s", dict(counts))
    return counts


def take_in(engine: Engine, source: bytes, now: datetime) -> str:
    """Take in one mail that came back.

    Returns ``failed``, ``delayed``, ``known`` (it had failed already), ``busy`` (a worker has the
    mail in hands: ask again) or ``other`` (no report, or not about a mail of ours).
    """
    report = reports.read(source)
    if report is None:
        return "other"
    with transaction(engine) as session:
        return _note(session, report, now)


def _note(session: Session, report: Report, now: datetime) -> str:
    mail = outbox.by_key(session, report.key) if report.key else None
    if mail is None and report.message_id:
        mail = outbox.by_message_id(session, report.message_id)
    if mail is None:
        return "other"
    if mail.state in ("claimed", "data_started"):
        return "busy"
    if mail.state not in _GONE:
        return "known"
    if not report.final:
        outbox.write(session, mail.id, ("sent",), fault="delayed", error=report.reason)
        return "delayed"
    outbox.write(
        session, mail.id, (mail.state,), state=after(mail.state, "bounce"), fault="bounced",
        error=report.reason,
    )  # fmt: skip
    if report.bad_address and mail.address:
        refused_addresses.mark(
            session, mail.organisation_id, mail.address, reason=report.reason,
            message_id=mail.id, now=now,
        )  # fmt: skip
    undelivered.tell(session, mail, known=False, now=now)
    return "failed"
