"""`reach_standard`: the standard questions of reach, beside counting the entries themselves."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from statistics import median
from time import perf_counter
from typing import Literal

from sqlalchemy import Engine

from benchmarks.databases import Bench
from benchmarks.measuring import Row
from cli.demo import fill
from core import clock
from referrals.reach import settling
from referrals.reach.counting import SPLITS, Question, count, recount
from storage.engine import reading, transaction

KINDS: tuple[Literal["stage", "level"], ...] = ("stage", "level")
#: people up to which the entries are counted more than once for each question
_SMALL = 20_000
SEED = 1


@dataclass(frozen=True)
class Timed:
    """A question and how many seconds each way of answering it took."""

    question: Question
    ours: float
    plain: float

    @property
    def whole_months(self) -> bool:
        """Whether the period begins and ends with a month, or is all of time."""
        return self.question.first is None or self.question.first.day == 1


def on_sqlite(bench: Bench) -> list[Row]:
    """On SQLite."""
    return _rows(bench, "sqlite", "")


def on_postgresql(bench: Bench) -> list[Row]:
    """On PostgreSQL."""
    return _rows(bench, "postgresql", "_postgresql")


def _rows(bench: Bench, kind: str, ending: str) -> list[Row]:
    now = clock.now()
    engine = bench.empty(kind)
    fill(engine, people=bench.people, seed=SEED, now=now)
    with transaction(engine) as session:
        settling.settle(session)
    times = ask(engine, questions(now), plain_rounds=3 if bench.people <= _SMALL else 1)
    whole = [each for each in times if each.whole_months]
    odd = [each for each in times if not each.whole_months]
    return [
        _row(f"reach_standard{ending}", times, "all questions", bench.people),
        _row(f"reach_whole_months{ending}", whole, "all time and a year", bench.people),
        _row(f"reach_odd_period{ending}", odd, "from the 10th to the 20th", bench.people),
    ]


def _row(name: str, times: list[Timed], which: str, people: int) -> Row:
    ours = len(times) / sum(each.ours for each in times)
    plain = len(times) / sum(each.plain for each in times)
    slowest = max(times, key=lambda each: each.ours)
    note = f"{people:,} people; slowest {slowest.ours * 1000:.1f} ms ({_words(slowest.question)})"
    limit = f"COUNT(DISTINCT …) over the entries; {which}"
    return Row(name, ours, plain, unit="questions", limit=limit, target=50, note=note)


def _words(question: Question) -> str:
    words = [f"by {question.by}"]
    words += [f"× {question.split}"] if question.split else []
    words += [f"of {question.route}"] if question.route else []
    words += [f"{question.first} – {question.last}"] if question.first else []
    return " ".join(words)


def questions(now: datetime) -> list[Question]:
    """Stage or level × each split or none × a route or all × all time, a year, an odd period."""
    year = now.year - 1
    periods = [
        (None, None),
        (date(year, 1, 1), date(year, 12, 31)),
        (date(year, 3, 10), date(year, 9, 20)),
    ]
    return [
        Question(by=by, split=split, route=route, first=first, last=last)
        for by, split, route, (first, last) in product(
            KINDS, (None, *SPLITS), (None, "open-door"), periods
        )
    ]


def ask(engine: Engine, asked: list[Question], *, plain_rounds: int) -> list[Timed]:
    """Ask each question both ways in turn, and see that the answers are the same."""
    times = []
    with reading(engine) as session:
        count(session, asked[0])
        for question in asked:
            ours, plain = [], []
            for turn in range(max(3, plain_rounds)):
                start = perf_counter()
                answer = count(session, question)
                ours.append(perf_counter() - start)
                if turn < plain_rounds:
                    start = perf_counter()
                    counted = recount(session, question)
                    plain.append(perf_counter() - start)
                    assert set(answer.rows) == set(counted.rows), question
            times.append(Timed(question, median(ours), median(plain)))
    return times
