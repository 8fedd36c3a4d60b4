"""Writes invented histories into the ledger, as hypothesis thinks of them, and asks everything."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice, product

from hypothesis import strategies as st
from sqlmodel import Session

from referrals.entering import REACH, REACH_COLUMNS
from referrals.reach import settling, ways
from referrals.reach.counting import SPLITS, Question, count, recount
from referrals.reach.ways import Way
from storage.dialects import append
from storage.queries import reach
from storage.tables import Pilot, ReachCell, ReachEntry
from storage.tables.reach import PENDING
from tests.builders import NOW, a_library
from tests.looking import rows_of
from workflows.definition import LEVELS

STAGES = {"contact": 0, "screened": 1, "intake": 4, "stopped": None, "een eigen fase": 4}
LIBRARIES = ("grootboek", "kasboek")
ROUTES = ("open-door", "parents", "discovered")
#: (pilot, way in, municipality) as ways combine them
PLACES = ((0, "self", ""), (1, "school", "GM0363"), (2, "self", "GM0363"), (1, "self", "GM0518"))
_DAYS = [date(2017, 12, 31), date(2018, 1, 1), date(2018, 1, 31), date(2018, 2, 1)]
_DAYS += [date(2018, 2, 14), date(2018, 3, 15), date(2018, 12, 31), date(2020, 2, 29)]


@dataclass(frozen=True)
class Step:
    """An entry to write; `voided_after` days it is voided, if at all."""

    person: int
    case: int
    route: str
    place: tuple[int, str, str]
    stage: str
    day: date
    #: days after `NOW` at which it is written
    recorded: int
    voided_after: int | None


steps = st.builds(
    Step,
    person=st.integers(1, 3),
    case=st.integers(1, 3),
    route=st.sampled_from(ROUTES),
    place=st.sampled_from(PLACES),
    stage=st.sampled_from(sorted(STAGES)),
    day=st.sampled_from(_DAYS),
    recorded=st.integers(0, 5),
    voided_after=st.none() | st.integers(0, 3),
)
histories = st.lists(steps, min_size=1, max_size=30)
#: enough for people to come back to a stage in other months, routes and places
long_histories = st.lists(steps, min_size=15, max_size=40)


class Ledger:
    """A ledger that is written step by step."""

    def __init__(self, session: Session):
        self.session = session
        #: the library of the first person, and that of the others
        self.libraries = (a_library(session, LIBRARIES[0]), a_library(session, LIBRARIES[1]))
        for number, name in ((1, "Katwijk"), (2, "Waterland")):
            session.add(Pilot(id=number, name=name, invented=True))
        session.flush()
        self._seq = 0

    def write(self, step: Step) -> None:
        """Add an entry, and void it when the step says so."""
        self._seq += 1
        pilot, channel, municipality = step.place
        way = Way(
            self.libraries[_library(step)], step.route, 1, pilot_id=pilot, channel=channel,
            municipality_code=municipality,
        )  # fmt: skip
        # the key of a case belongs to one person
        case = step.person * 100 + step.case
        recorded = NOW + timedelta(days=step.recorded)
        row = (
            step.person, case, self._seq, ways.number_of(self.session, way), step.stage,
            STAGES[step.stage], step.day, recorded, PENDING,
        )  # fmt: skip
        append(self.session, REACH, REACH_COLUMNS, [row])
        if step.voided_after is not None:
            # half of them are voided after they stand in the summary
            if self._seq % 2:
                settling.settle(self.session)
            self.void(self._seq, recorded + timedelta(days=step.voided_after))

    def void(self, seq: int, now: datetime) -> None:
        """Let an entry count no more."""
        [row] = rows_of(self.session, ReachEntry, seq=seq)
        if row.voided_at is None:
            reach.void(self.session, row.person_key, row.case_key, seq, now)

    def cells(self) -> list[dict[str, object]]:
        """The summary, without places that came down to nothing."""
        rows = rows_of(self.session, ReachCell)
        return [row.model_dump() for row in rows if row.people or row.cases]


def _library(step: Step) -> int:
    """A person belongs to one library."""
    return 0 if step.person == 1 else 1


def questions(library: int) -> Iterator[Question]:
    """Every standard question: all splits, routes, a library, whole months and days within."""
    periods = [
        (None, None),
        (date(2018, 1, 1), date(2018, 2, 28)),
        (date(2018, 2, 1), None),
        (None, date(2018, 1, 31)),
        (date(2018, 1, 31), date(2018, 2, 14)),
        (date(2018, 1, 2), date(2018, 3, 15)),
        (date(1, 1, 1), date.max),
    ]
    routes = (None, "parents", "unheard of")
    kinds = ("stage", "level")
    for kind, split, route, (first, last) in product(kinds, (None, *SPLITS), routes, periods):
        by = "level" if kind == "level" else "stage"
        question = Question(by=by, split=split, route=route, first=first, last=last)  # type: ignore[arg-type]
        yield question
        if route is None:
            yield replace(question, library=library)


def by_hand(ledger: list[Step], question: Question) -> set[tuple[str, str, int, int]]:
    """The answer counted in plain Python from the steps: (reached, part, people, cases)."""
    found: dict[tuple[str, str], tuple[set[int], set[tuple[int, int]]]] = {}
    pilots = {0: "", 1: "Katwijk", 2: "Waterland"}
    for step in ledger:
        reached = step.stage if question.by == "stage" else _level(step)
        parts = {
            None: "",
            "route": step.route,
            "pilot": pilots[step.place[0]],
            "channel": step.place[1],
            "municipality": step.place[2],
            "month": f"{step.day:%Y-%m}",
            "library": f"Bibliotheek {LIBRARIES[_library(step)]}",
        }
        inside = (question.first or date.min) <= step.day <= (question.last or date.max)
        routed = question.route in (None, step.route)
        routed &= question.library is None or _library(step) == 1
        if step.voided_after is None and inside and routed and reached:
            people, cases = found.setdefault((reached, parts[question.split]), (set(), set()))
            people.add(step.person)
            cases.add((step.person, step.case))
    return {(*key, len(people), len(cases)) for key, (people, cases) in found.items()}


def _level(step: Step) -> str:
    level = STAGES[step.stage]
    return "" if level is None else LEVELS[level]


def answer(session: Session, question: Question) -> list[tuple[str, str, int, int]]:
    """The rows of an answer, in its order."""
    rows = count(session, question).rows
    return [(row.reached, row.part, row.people, row.participations) for row in rows]


def assert_answers(session: Session, ledger: list[Step], library: int, part: int) -> None:
    """A third of all questions are answered as by hand and as by a recount, in the same order.

    `library`: the number of the second one; `part`: which third, from 0.
    """
    for question in islice(questions(library), part, None, 3):
        found = answer(session, question)
        assert set(found) == by_hand(ledger, question), question
        assert len(found) == len(set(found))
        assert count(session, question).rows == recount(session, question).rows, question
