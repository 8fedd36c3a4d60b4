"""How cases are listed and shown, for people and for programs."""

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlmodel import Session

from cli import printing
from cli.case_finding import found_case
from cli.composition import Program
from cli.language import LANGUAGE, t
from core import clock
from core.errors import BrugError
from core.references import number_of, reference
from referrals import facts, routes
from referrals.facts import Needs
from referrals.moving import Outcome
from storage.queries import cases, follow_ups, referrals, staff
from storage.tables import FollowUp
from workflows.definition import Definition


def listed(
    program: Program, filters: dict[str, Any], *, limit: int, after: str | None
) -> list[dict[str, Any]]:
    """Cases with reference, first name, route, stage and its title, day, way in and owner."""
    with program.reading() as session:
        library = program.library(session)
        assert library.id is not None
        rows = cases.listed(
            session, organisation_id=library.id, filters=filters, limit=limit,
            after=number_of(after) if after else 0,
        )  # fmt: skip
        titles = _titles(session, {row.route for row in rows})
    return [
        {
            "reference": reference(row.id),
            "first_name": row.first_name,
            "route": row.route,
            "stage": row.stage,
            "title": titles.get((row.route, row.stage), row.stage),
            "since": row.stage_day.isoformat(),
            "channel": row.channel,
            "owner": row.owner,
            "closed": row.closed,
        }
        for row in rows
    ]


def shown(program: Program, text: str) -> dict[str, Any]:
    """A case with its history, follow-ups, referrals and the steps that are possible or why not."""
    with program.reading() as session:
        row = found_case(program, session, text)
        published = routes.pinned(session, row.workflow_version_id)
        today = clock.local_day(program.now, row.zone)
        known = facts.of_cases(session, [row], Needs(), today)[row.id]
        names = staff.names_of(session, row.organisation_id)
        return {
            "reference": reference(row.id),
            "route": published.name,
            "route_version": published.number,
            "stage": row.stage,
            "title": published.definition.stages[row.stage].title[LANGUAGE],
            "since": row.stage_day.isoformat(),
            "version": row.version,
            "owner": names.get(row.owner_id or 0),
            "closed": row.closed_at is not None,
            "history": [_entry(each, names) for each in cases.history(session, row.id)],
            "moves": [
                {
                    "move": name,
                    "title": published.definition.moves[name].title[LANGUAGE],
                    "to": published.definition.moves[name].to,
                    "asks": published.definition.moves[name].asks,
                    "why_not": [t(fault.why) for fault in faults],
                }
                for name, faults in published.route.options(row.stage, known).items()
            ],
            "follow_ups": [
                _follow_up(each, published.definition)
                for each in follow_ups.of_case(session, row.id)
            ],
            "referrals": [
                {"id": each.id, "state": each.state, "course": each.course_id}
                for each in referrals.of_case(session, row.id)
            ],
            "linked": [reference(number) for number in cases.linked_from(session, row.id)],
        }


def print_case(case: dict[str, Any]) -> None:
    """A case for people."""
    printing.say("{reference}: {title}, since {since} ({route}).", **case)
    printing.say("History")
    printing.table(
        ("Day", "Step", "Stage", "By", "Note"),
        (
            (
                e["day"],
                e["move"] or "",
                e["stage"] + (" ✗" if e["undone"] else ""),
                e["by"],
                e["note"],
            )
            for e in case["history"]
        ),
    )
    waiting = [each for each in case["follow_ups"] if each["state"] == "open"]
    if waiting:
        printing.say("To do")
        printing.table(("Day", "What", "Who"), ((f["due"], f["what"], f["who"]) for f in waiting))
    printing.say("Possible steps")
    printing.table(
        ("Step", "Title", "To", "Why not"),
        ((m["move"], m["title"], m["to"], " ".join(m["why_not"])) for m in case["moves"]),
    )


def print_outcome(outcome: Outcome) -> None:
    """What moved, and for the rest every reason why not."""
    for each in outcome.moved:
        printing.say(
            "{reference} is now at: {stage}.", reference=each.reference, stage=each.to_stage
        )
        if each.opened:
            printing.say("A linked case was opened: {linked}.", linked=reference(each.opened))
    for refusal in outcome.refused.values():
        printing.error(refusal)


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """What moved and what did not, for programs."""
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
            for each in outcome.moved
        ],
        "refused": [
            {"reference": reference(number), **_refusal_json(error)}
            for number, error in outcome.refused.items()
        ],
    }


def _refusal_json(error: BrugError) -> dict[str, Any]:
    found = printing.error_json(error)
    change = getattr(error, "change", None)
    return {**found, "change": asdict(change)} if change else found


def _titles(session: Session, names: set[str]) -> dict[tuple[str, str], str]:
    return {
        (name, stage.name): stage.title[LANGUAGE]
        for name in names
        for stage in routes.newest(session, name).definition.stages.values()
    }


def _entry(entry: cases.Entry, names: dict[int, str]) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "move": entry.move,
        "stage": entry.to_stage,
        "day": entry.day.isoformat() if entry.precision != "unknown" else None,
        "precision": entry.precision,
        "by": names.get(entry.by_staff_id or 0),
        "reason": entry.reason,
        "note": entry.note,
        "undone": entry.voided_by is not None,
    }


def _follow_up(row: FollowUp, definition: Definition) -> dict[str, Any]:
    rule = definition.follow_ups.get(row.rule or "")
    due: date = row.due_on
    return {
        "id": row.id,
        "rule": row.rule,
        "what": row.what or (rule.do[LANGUAGE] if rule else row.rule),
        "who": row.receiver,
        "due": due.isoformat(),
        "state": row.state,
    }
