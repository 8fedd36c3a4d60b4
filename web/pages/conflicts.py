"""Two people at one case: what this one saw, what is true now, and what happened in between."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from storage.queries import timelines as kept
from web.pages import timelines
from web.pages.case_scene import Scene
from web.pages.case_words import Words
from web.pages.timelines import Item

#: changes that are shown
MOST = 8


@dataclass(frozen=True)
class Conflict:
    """Both versions of a case."""

    #: the stage that was seen
    saw: str
    now: str
    #: whether the case stands somewhere else than was seen
    elsewhere: bool
    #: who did what since, the oldest first
    changes: Sequence[Item]
    #: the title of the move that was to be made
    move: str
    owner: str


def view(session: Session, words: Words, there: Scene, seen: int, move: str) -> Conflict:
    """What changed since a version of a case was seen.

    Every change of a case raises its version by one and leaves a line in the journal.
    """
    missed = max(0, min(MOST, there.head.version - seen))
    lines = kept.newest_changes(session, there.head.id, missed)[::-1] if missed else []
    before = next((line.detail["from"] for line in lines if _moves(line)), there.head.stage)
    step = there.definition.moves.get(move)
    return Conflict(
        saw=timelines.stage_title(words, there, before),
        now=timelines.stage_title(words, there, there.head.stage),
        elsewhere=before != there.head.stage,
        changes=timelines.changes_since(words, there, lines),
        move=step.title[words.member.language] if step else move,
        owner=words.name(there.head.owner_id, words.say("nobody yet")),
    )


def _moves(line: kept.Noted) -> bool:
    return line.what in ("case.moved", "case.undone") and bool(line.detail.get("from"))
