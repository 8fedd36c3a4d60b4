"""The summary itself: what one person adds to it, and that all of it can be taken away again."""

from collections import defaultdict
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from referrals.reach.cells import EVER, Cell, Mark, Summary, cube, month_of
from referrals.reach.ways import Way

WAYS = {
    1: Way(1, "parents", 1, pilot_id=7, channel="school", municipality_code="GM0363"),
    2: Way(1, "parents", 1, channel="self"),
    3: Way(1, "open-door", 1, pilot_id=7, channel="school"),
}
MARCH, APRIL = month_of(date(2018, 3, 9)), month_of(date(2018, 4, 1))

marks = st.builds(
    Mark,
    person_key=st.just(1),
    case_key=st.integers(1, 3),
    way_id=st.sampled_from(sorted(WAYS)),
    stage=st.sampled_from(["contact", "intake", "stopped"]),
    level=st.sampled_from([0, 4, None]),
    day=st.dates(date(2017, 11, 1), date(2018, 4, 30)),
)


def _mark(stage: str, day: date, *, case: int = 1, way: int = 1, level: int | None = 0) -> Mark:
    return Mark(1, case, way, stage, level, day)


def _cells(summary: Summary) -> dict[Cell, tuple[int, int]]:
    """The cells with (people, cases)."""
    rows = [tuple(row) for row in summary.rows()]
    assert rows == sorted(rows)
    return {Cell._make(row[:6]): (int(row[6]), int(row[7])) for row in rows}


def test_months_are_counted_on_through_the_years() -> None:
    assert month_of(date(2018, 1, 31)) - month_of(date(2017, 12, 1)) == 1


def test_a_cube_goes_by_what_it_is_split_by() -> None:
    assert cube("stage", "", routed=False) == "stage"
    assert cube("level", "pilot", routed=True) == "level/route/pilot"


def test_somebody_counts_in_a_month_and_once_in_all_of_time() -> None:
    summary = Summary(WAYS)
    summary.add([_mark("contact", date(2018, 3, 9)), _mark("contact", date(2018, 3, 20))])
    cells = _cells(summary)
    stage = {cell: n for cell, n in cells.items() if cell.cube == "stage"}
    assert stage == {
        Cell("stage", "", EVER, EVER, "contact", ""): (1, 1),
        Cell("stage", "", MARCH, EVER, "contact", ""): (1, 1),
    }
    assert cells[Cell("stage/route/pilot", "parents", MARCH, EVER, "contact", "7")] == (1, 1)


def test_a_second_month_remembers_the_first() -> None:
    summary = Summary(WAYS)
    summary.add([_mark("contact", date(2018, 4, 2)), _mark("contact", date(2018, 3, 9))])
    stage = {cell for cell in _cells(summary) if cell.cube == "stage"}
    assert {(cell.month, cell.previous) for cell in stage} == {
        (EVER, EVER), (MARCH, EVER), (APRIL, MARCH),
    }  # fmt: skip


def test_a_stage_beside_the_path_is_in_no_level_cube() -> None:
    summary = Summary(WAYS)
    summary.add([_mark("stopped", date(2018, 3, 9), level=None)])
    assert not any(cell.cube.startswith("level") for cell in _cells(summary))


def test_two_cases_of_one_person_are_one_person_wherever_they_fall_together() -> None:
    summary = Summary(WAYS)
    summary.add([_mark("contact", date(2018, 3, 9), case=1, way=1),
                 _mark("contact", date(2018, 3, 9), case=2, way=3)])  # fmt: skip
    cells = _cells(summary)
    assert cells[Cell("stage", "", MARCH, EVER, "contact", "")] == (1, 2)
    assert cells[Cell("stage/pilot", "", MARCH, EVER, "contact", "7")] == (1, 2)
    assert cells[Cell("stage/route", "parents", MARCH, EVER, "contact", "")] == (1, 1)
    assert cells[Cell("stage/route", "open-door", MARCH, EVER, "contact", "")] == (1, 1)


@given(st.lists(marks, min_size=1, max_size=8))
def test_what_was_added_can_be_taken_away(some: list[Mark]) -> None:
    summary = Summary(WAYS)
    summary.add(some)
    assert summary.rows()
    summary.add(some, -1)
    assert summary.rows() == []


@given(st.lists(marks, min_size=1, max_size=8))
def test_in_every_cube_a_person_counts_once_in_all_of_time(some: list[Mark]) -> None:
    summary = Summary(WAYS)
    summary.add(some)
    people: defaultdict[tuple[str, str, str, str], int] = defaultdict(int)
    for cell, (counted, cases) in _cells(summary).items():
        if cell.month == EVER:
            people[cell.cube, cell.route, cell.reached, cell.part] += counted
            assert 1 <= cases <= len({mark.case_key for mark in some})
    assert set(people.values()) == {1}


@given(st.lists(marks, min_size=1, max_size=6))
def test_many_alike_add_up_to_as_many_times_one(some: list[Mark]) -> None:
    one, many = Summary(WAYS), Summary(WAYS)
    one.add(some)
    for _ in range(5):
        many.add(some)
    five = {cell: (people * 5, cases * 5) for cell, (people, cases) in _cells(one).items()}
    assert _cells(many) == five
