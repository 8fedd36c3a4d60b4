"""What `case move` and `case answer` do, and how they show what became of each case."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlmodel import Session

from cli import composition, printing, titles
from cli.case_finding import colleague, course_id, found_case, found_cases, provider_id
from cli.case_work import note_agreement
from cli.composition import Program
from cli.language import LANGUAGE
from core.errors import BrugError, NotFound
from core.references import reference
from referrals import answering, moving, routes
from referrals.moves import Answers, Outcome
from storage.queries import referrals
from storage.queries.cases import Standing


@dataclass(frozen=True)
class Moves:
    """What became of the cases that were named."""

    outcome: Outcome
    #: case → the title of the stage it got to, as its own version of the route has it
    titles: Mapping[int, str]
    #: what was typed → why it is no case of this library
    unknown: Mapping[str, BrugError] = field(default_factory=dict)
    #: the title of the stage where a case stays that did not move
    stays: str = ""

    @property
    def all_done(self) -> bool:
        """Whether nothing was refused."""
        return not self.outcome.refused and not self.unknown


def move(
    program: Program,
    texts: Sequence[str],
    name: str,
    *,
    note: str | None,
    reason: str | None,
    day: str | None,
    provider: str | None,
    course: int | None,
    agrees: bool,
    version: int | None,
    by: str | None,
) -> Moves:
    """Move cases of the library; a reference that is none of its cases does not stop the rest."""
    now = program.now
    with program.writing() as session:
        library = program.library(session)
        assert library.id is not None
        rows, unknown = found_cases(session, library.id, texts)
        answers = Answers(
            note=note, reason=reason, date=composition.day(day, "--date"),
            course=course_id(session, library.id, course),
            provider=provider_id(session, library.id, provider),
        )  # fmt: skip
        who = colleague(session, library.id, by)
        if agrees:
            people = {row.participant_id for row in rows}
            note_agreement(session, library, people, who, now)
        outcome = moving.move_cases(
            session, {row.id: version for row in rows}, name, by=who, now=now,
            answers=answers, due_hour=program.settings.due_hour,
        )  # fmt: skip
        return Moves(outcome, _titles(session, rows, outcome), unknown)


def answer(
    program: Program,
    text: str,
    given: str,
    *,
    provider: str | None,
    reason: str | None,
    note: str | None,
    by: str | None,
) -> Moves:
    """Note an answer to the open referral of a case, and make the step that it causes."""
    with program.writing() as session:
        row = found_case(program, session, text)
        who = colleague(session, row.organisation_id, by)
        outcome = answering.answer(
            session, row.id, given, by=who, now=program.now, reason=reason, note=note,
            referral_id=_referral_to(session, row, provider), due_hour=program.settings.due_hour,
        )  # fmt: skip
        stays = titles.stage(routes.pinned(session, row.workflow_version_id).definition, row.stage)
        return Moves(outcome, _titles(session, [row], outcome), stays=stays)


def _referral_to(session: Session, row: Standing, provider: str | None) -> int | None:
    """The newest referral of the case to a provider; raises `NotFound` when there is none."""
    if provider is None:
        return None
    number = provider_id(session, row.organisation_id, provider)
    found = [each.id for each in referrals.of_case(session, row.id) if each.provider_id == number]
    if not found:
        raise NotFound(provider, remedy="This case has no referral to this provider.")
    return found[-1]


def show_answer(given: str, moves: Moves) -> None:
    """That an answer was noted, and what became of the case."""
    printing.say("Noted: {answer}.", answer=titles.called(given))
    if moves.all_done and not moves.outcome.moved:
        printing.say("The case stays at: {stage}.", stage=moves.stays)
    show(moves)


def show(moves: Moves) -> None:
    """What moved, and for the rest every reason why not."""
    for each in moves.outcome.moved:
        title = moves.titles[each.case_id]
        printing.say("{reference} is now at: {stage}.", reference=each.reference, stage=title)
        if each.opened:
            printing.say("A linked case was opened: {linked}.", linked=reference(each.opened))
    for refusal in (*moves.outcome.refused.values(), *moves.unknown.values()):
        printing.error(refusal)


def as_json(moves: Moves) -> dict[str, Any]:
    """What moved and what did not, for programs; an unknown reference as it was typed."""
    refused = {reference(number): error for number, error in moves.outcome.refused.items()}
    return {
        "moved": [
            {
                "reference": each.reference,
                "from": each.from_stage,
                "to": each.to_stage,
                "opened": reference(each.opened) if each.opened else None,
                "follow_ups": [
                    {"rule": p.rule, "due": p.due_on.isoformat(), "receiver": p.receiver}
                    for p in each.planned
                ],
            }
            for each in moves.outcome.moved
        ],
        "refused": [
            {"reference": named, **_refusal_json(error)}
            for named, error in (*refused.items(), *moves.unknown.items())
        ],
    }


def _refusal_json(error: BrugError) -> dict[str, Any]:
    found = printing.error_json(error)
    change = getattr(error, "change", None)
    return {**found, "change": asdict(change)} if change else found


def _titles(session: Session, rows: Sequence[Standing], outcome: Outcome) -> dict[int, str]:
    version = {row.id: row.workflow_version_id for row in rows}
    return {
        each.case_id: routes.pinned(session, version[each.case_id])
        .definition.stages[each.to_stage]
        .title[LANGUAGE]
        for each in outcome.moved
    }
