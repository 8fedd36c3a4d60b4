"""What tests of case pages share: cases in a town, and how many questions a page asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlmodel import Session

from core.references import reference
from referrals import moving
from referrals.moves import Answers
from storage.engine import transaction
from storage.prepared import Prepared
from storage.tables import Case, FollowUp, Note
from tests.looking import rows_of, the_case
from tests.web.pages import Page
from tests.web.town import Town, Visitor


def page_of(case: int) -> str:
    """The address of a case."""
    return f"/cases/{reference(case)}"


def wanted(town: Town, case: int, move: str) -> str:
    """What the button of a move sends, as things are."""
    with transaction(town.engine) as session:
        return f"{reference(case)}:{move}:{the_case(session, case).version}"


def stands(town: Town, case: int) -> Case:
    """A case as it is now."""
    with transaction(town.engine) as session:
        return the_case(session, case)


def moved(town: Town, case: int, move: str, by: int | None = None, **answers: Any) -> None:
    """A move that somebody else makes."""
    with transaction(town.engine) as session:
        moving.move_cases(
            session, [case], move, by=by or town.jan, now=town.now, answers=Answers(**answers)
        ).raise_refusal()


def tasks(town: Town, case: int, **values: object) -> list[FollowUp]:
    """The follow-ups of a case."""
    with transaction(town.engine) as session:
        return rows_of(session, FollowUp, case_id=case, **values)


def notes(town: Town, case: int) -> list[str]:
    """The remarks with a case."""
    with transaction(town.engine) as session:
        return [row.text for row in rows_of(session, Note, case_id=case)]


def undo(visitor: Visitor, page: Page) -> Page:
    """Press the button that takes back what was done."""
    [form] = [each for each in page.tree.iter("form") if each.attrib["action"] == "/undo"]
    fields = {
        each.attrib["name"]: each.attrib["value"]
        for each in form.iter("input")
        if "name" in each.attrib
    }
    reply = visitor.post("/undo", fields)
    return visitor.open(reply.headers["location"]) if reply.is_redirect else Page("/undo", reply)


def asked(_town: Town, visitor: Visitor, case: int, move: str) -> Page:
    """The page that asks one move."""
    return visitor.open(f"{page_of(case)}/moves/{move}")


def pressed(town: Town, visitor: Visitor, case: int, move: str, **fields: str) -> Page:
    """Press the button of a move on the board, which has nothing but the button."""
    page = visitor.open(page_of(case))
    path, hidden = page.form({"move": first_move(page)}, {})
    ours = {name: hidden[name] for name in ("form", "key")}
    reply = visitor.post(path, {**ours, "move": wanted(town, case, move), **fields})
    if reply.is_redirect:
        return visitor.open(reply.headers["location"])
    return Page(path, reply)


def first_move(page: Page) -> str:
    """The move of the first form on a page."""
    return next(
        each.attrib["value"] for each in page.tree.iter("input") if each.get("name") == "move"
    )


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The questions that are put to a database meanwhile, those that are made ready too."""
    asked: list[str] = []

    def hear(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    run = Prepared._run

    def ready(self: Prepared, session: Session, values: Any) -> Any:
        asked.append("prepared")
        return run(self, session, values)

    event.listen(engine, "before_cursor_execute", hear)
    Prepared._run = ready  # type: ignore[method-assign]
    try:
        yield asked
    finally:
        Prepared._run = run  # type: ignore[method-assign]
        event.remove(engine, "before_cursor_execute", hear)
