"""What `brug reach` does, and how it shows it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cli import composition, printing
from cli.composition import Program
from cli.language import LANGUAGE, t
from core import municipalities
from core.errors import Misused
from referrals import routes
from referrals.reach import counting, settling, verifying
from referrals.reach.counting import SPLITS, Answer, Question, Row

#: characters of the longest bar
_BAR = 40


def question(
    by: Sequence[str],
    route: str | None,
    first: str | None,
    last: str | None,
    as_known_on: str | None,
) -> Question:
    """The question that options ask; raises `Misused` for words that are none."""
    kinds = [word for word in by if word in ("stage", "level")]
    splits = [split for split in SPLITS if split in by]
    if len(kinds) > 1 or len(splits) > 1 or len(kinds) + len(splits) < len(by):
        remedy = t("Choose stage or level, and at most one of: {names}.", names=", ".join(SPLITS))
        raise Misused(f"--by {' '.join(by)}", remedy=remedy)
    return Question(
        by="level" if kinds == ["level"] else "stage",
        split=splits[0] if splits else None,
        route=route,
        first=composition.day(first, "--from"),
        last=composition.day(last, "--to"),
        as_known_on=composition.day(as_known_on, "--as-known-on"),
    )


def answer(program: Program, question: Question, library: str | None, *, as_json: bool) -> None:
    """Answer and print; without the short name of a library all of them are counted."""
    with program.writing() as session:
        if library is not None:
            question = replace(question, library=program.named(session, library).id)
        if question.route:
            routes.newest(session, question.route)
        found = counting.count(session, question, zone=program.settings.zone)
        titles = routes.stage_titles(session, question.route, LANGUAGE)
        libraries = len(program.libraries(session))
    if as_json:
        printing.as_json(answer_json(found))
        return
    split = _HEADINGS.get(question.split or "", "")
    headings = ["Stage" if question.by == "stage" else "Level", *([split] if split else [])]
    rows = [
        (
            _title(question, row, titles), *([_part(question, row)] if split else []),
            row.people, row.participations,
        )
        for row in found.rows
    ]  # fmt: skip
    if libraries > 1 and question.library is None:
        printing.say("All {number} libraries in this database are counted.", number=libraries)
    right = (len(headings), len(headings) + 1)
    printing.table((*headings, "People", "Participations"), rows, right=right)
    printing.say("")
    printing.say(counting.DEFINITION, kind=t(question.by))


_HEADINGS = {
    "route": "Route",
    "library": "Library",
    "pilot": "Pilot",
    "channel": "Way in",
    "municipality": "Municipality",
    "month": "Month",
}


def answer_json(found: Answer) -> dict[str, Any]:
    """An answer for programs; the part of a split goes by the name of the split."""
    asked = found.question
    return {
        "definition": t(counting.DEFINITION, kind=t(asked.by)),
        "by": asked.by,
        "split": asked.split,
        "route": asked.route,
        "library": asked.library,
        "from": asked.first,
        "to": asked.last,
        "as_known_on": asked.as_known_on,
        "rows": [
            {
                asked.by: row.reached,
                **({asked.split: row.part or None} if asked.split else {}),
                "people": row.people,
                "participations": row.participations,
            }
            for row in found.rows
        ],
    }


def verify(program: Program, *, mend: bool, as_json: bool) -> bool:
    """Recount and compare; returns whether all is equal (after mending, if asked)."""
    with program.writing() as session:
        if mend:
            settling.rebuild(session)
        results = list(verifying.verify(session))
    if as_json:
        printing.as_json(
            [
                {
                    "by": asked.by,
                    "split": asked.split,
                    "differences": [
                        {"summed": _row(d.summed), "counted": _row(d.counted)} for d in found
                    ],
                }
                for asked, found in results
            ]
        )
    else:
        rows = (
            (t(asked.by), t(_HEADINGS.get(asked.split or "", "")), len(found))
            for asked, found in results
        )
        printing.table(("Counted by", "Split by", "Differences"), rows, right=(2,))
        if any(found for _, found in results):
            printing.say("The summary differs from the entries. Run: brug reach --verify --mend")
        else:
            printing.say("The summary equals the entries.")
    return not any(found for _, found in results)


def print_picture(program: Program) -> None:
    """The reach per level as bars, for people."""
    with program.writing() as session:
        found = counting.count(session, Question(by="level"))
    most = max((row.people for row in found.rows), default=1)
    for row in found.rows:
        bar = "█" * max(1, round(_BAR * row.people / most))
        title = t(row.reached)
        printing.OUT.print(f"{title:<22} {printing.number(row.people):>9}  {bar}", markup=False)
    printing.say("People: each counted once per level. Invented figures.")


def _row(row: Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "reached": row.reached,
        "part": row.part,
        "people": row.people,
        "participations": row.participations,
    }


def _title(question: Question, row: Row, titles: dict[str, str]) -> str:
    return t(row.reached) if question.by == "level" else titles.get(row.reached, row.reached)


def _part(question: Question, row: Row) -> str:
    if not row.part:
        return t("none")
    if question.split == "municipality":
        return municipalities.name_of(row.part)
    if question.split == "channel":
        return t(row.part)
    return row.part
