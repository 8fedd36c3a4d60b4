"""Recounts everything from the entries, by another road than the summary, and compares."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session

from referrals.reach import settling
from referrals.reach.counting import SPLITS, Question, Row, count, recount


@dataclass(frozen=True)
class Difference:
    """A row that the summary and the entries count differently."""

    question: Question
    #: what the summary says, if it has the row
    summed: Row | None
    #: what the entries say, if they have the row
    counted: Row | None


def verify(session: Session) -> Iterator[tuple[Question, list[Difference]]]:
    """Each standard question with the rows that differ: none, when all is well."""
    settling.settle(session)
    by: tuple[Literal["stage", "level"], ...] = ("stage", "level")
    for kind in by:
        for split in (None, *SPLITS):
            question = Question(by=kind, split=split)
            yield question, compare(session, question)


def compare(session: Session, question: Question) -> list[Difference]:
    """The rows of a question that differ between the summary and the entries."""
    summed = {(row.reached, row.part): row for row in count(session, question).rows}
    counted = {(row.reached, row.part): row for row in recount(session, question).rows}
    return [
        Difference(question, summed.get(key), counted.get(key))
        for key in sorted(summed.keys() | counted.keys())
        if summed.get(key) != counted.get(key)
    ]
