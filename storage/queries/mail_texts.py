"""Questions about the texts in mails that libraries wrote themselves."""

from datetime import datetime

from sqlalchemy import Table, bindparam, delete, select
from sqlmodel import Session

from storage.dialects import insert_once
from storage.tables import MailText

TEXTS: Table = MailText.__table__  # type: ignore[attr-defined]
_OF_LIBRARY = select(TEXTS.c.name, TEXTS.c.language, TEXTS.c.text).where(
    TEXTS.c.organisation_id == bindparam("library")
)
_ONE = tuple(
    column == bindparam(f"the_{column.name}")
    for column in (TEXTS.c.organisation_id, TEXTS.c.name, TEXTS.c.language)
)
_DROP = delete(TEXTS).where(*_ONE)
_CHANGE = (
    TEXTS.update().where(*_ONE).values(text=bindparam("new_text"), changed_at=bindparam("now"))
)


def of_library(session: Session, organisation_id: int) -> dict[tuple[str, str], str]:
    """(name, language) → what the library wrote."""
    rows = session.connection().execute(_OF_LIBRARY, {"library": organisation_id})
    return {(name, language): text for name, language, text in rows}


def keep(
    session: Session, organisation_id: int, name: str, language: str, text: str, now: datetime
) -> None:
    """Keep a text in place of an earlier one."""
    fresh = {"organisation_id": organisation_id, "name": name, "language": language}
    insert_once(session, TEXTS, {**fresh, "text": text, "changed_at": now})
    key = _key(organisation_id, name, language)
    session.connection().execute(_CHANGE, {**key, "new_text": text, "now": now})


def drop(session: Session, organisation_id: int, name: str, language: str) -> None:
    """Forget what a library wrote: the default holds again."""
    session.connection().execute(_DROP, _key(organisation_id, name, language))


def _key(organisation_id: int, name: str, language: str) -> dict[str, object]:
    return {
        "the_organisation_id": organisation_id, "the_name": name, "the_language": language,
    }  # fmt: skip
