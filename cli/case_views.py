"""How cases are listed and shown, for people and for programs."""

import shlex
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from cli import printing, titles
from cli.case_finding import check_filters, found_case
from cli.composition import Program
from cli.language import LANGUAGE, t
from core import clock
from core.errors import Fault
from core.references import number_of, reference
from referrals import facts, routes
from referrals.facts import Needs
from storage.queries import case_lists, cases, follow_ups, referrals, staff
from storage.tables import FollowUp, Referral
from workflows.definition import Definition


def listed(
    program: Program, filters: dict[str, Any], *, limit: int, after: str | None
) -> list[dict[str, Any]]:
    """Cases with reference, first name, route, stage and its title, day, way in and owner."""
    with program.reading() as session:
        library = program.library(session)
        assert library.id is not None
        check_filters(session, library.id, filters)
        if filters.get("owner"):
            filters = {**filters, "owner": filters["owner"].lower()}
        rows = case_lists.listed(
            session, organisation_id=library.id, filters=filters, limit=limit,
            after=number_of(after) if after else 0,
        )  # fmt: skip
        versions = {
            each.id: routes.pinned(session, each.workflow_version_id).definition
            for each in cases.standing(session, [row.id for row in rows])
        }
    return [
        {
            "reference": reference(row.id),
            "first_name": row.first_name,
            "route": row.route,
            "route_title": versions[row.id].title[LANGUAGE],
            "stage": row.stage,
            "title": titles.stage(versions[row.id], row.stage),
            "since": row.stage_day.isoformat(),
            "channel": row.channel,
            "owner": row.owner,
            "closed": row.closed,
        }
        for row in rows
    ]


def rest_of_list(filters: Mapping[str, Any], limit: str | None, last: str) -> str:
    """The command that lists the cases after the last one that was shown."""
    words = ["brug", "case", "list"]
    for name in ("route", "stage", "owner"):
        words += [f"--{name}", filters[name]] if filters.get(name) else []
    words += ["--open"] if filters.get("open") else []
    words += ["--limit", limit] if limit else []
    return shlex.join([*words, "--after", last])


def shown(program: Program, text: str) -> dict[str, Any]:
    """A case with its history, follow-ups, referrals and the steps that are possible or why not."""
    with program.reading() as session:
        row = found_case(program, session, text)
        published = routes.pinned(session, row.workflow_version_id)
        today = clock.local_day(program.now, row.zone)
        known = facts.of_cases(session, [row], Needs(), today)[row.id]
        names = staff.names_of(session, row.organisation_id)
        sent = referrals.of_case(session, row.id)
        providers = referrals.partner_names(session, [each.provider_id for each in sent])
        return {
            "reference": reference(row.id),
            "route": published.name,
            "route_title": published.definition.title[LANGUAGE],
            "route_version": published.number,
            "stage": row.stage,
            "title": published.definition.stages[row.stage].title[LANGUAGE],
            "since": row.stage_day.isoformat(),
            "version": row.version,
            "owner": names.get(row.owner_id or 0),
            "closed": row.closed_at is not None,
            "history": [
                _entry(each, names, published.definition) for each in cases.history(session, row.id)
            ],
            "moves": [
                _option(published.definition, name, faults)
                for name, faults in published.route.options(row.stage, known).items()
            ],
            "follow_ups": [
                _follow_up(each, published.definition)
                for each in follow_ups.of_case(session, row.id)
            ],
            "referrals": [_referral(each, providers) for each in sent],
            "linked": [reference(number) for number in cases.linked_from(session, row.id)],
        }


def _option(definition: Definition, name: str, faults: tuple[Fault, ...]) -> dict[str, Any]:
    """A step that starts from where a case stands, and why it is off, if it is."""
    move = definition.moves[name]
    return {
        "move": name,
        "title": move.title[LANGUAGE],
        "to": move.to,
        "to_title": titles.stage(definition, move.to),
        "asks": move.asks,
        "why_not": [t(fault.why) for fault in faults],
    }


def print_library(program: Program) -> None:
    """Whose cases are listed, when the database holds more than one library."""
    with program.reading() as session:
        if len(program.libraries(session)) > 1:
            printing.say("Library: {name}.", name=program.library(session).name)


def print_case(case: dict[str, Any]) -> None:
    """A case for people."""
    printing.say("{reference}: {title}, since {since} ({route_title}).", **case)
    printing.say("History")
    printing.table(
        ("Day", "Step", "Stage", "By", "Note"),
        (
            (
                e["day"],
                e["title"],
                e["stage_title"] + (" ✗" if e["undone"] else ""),
                e["by"],
                e["note"],
            )
            for e in case["history"]
        ),
    )
    if case["referrals"]:
        printing.say("Referrals")
        printing.table(("Provider", "Sent", "Answer", "On", "Note"), _sent(case["referrals"]))
    waiting = [each for each in case["follow_ups"] if each["state"] == "open"]
    if waiting:
        printing.say("To do")
        printing.table(("Day", "What", "Who"), _due(waiting))
    printing.say("Possible steps")
    printing.table(
        ("Step", "Title", "To", "Why not"),
        ((m["move"], m["title"], m["to_title"], " ".join(m["why_not"])) for m in case["moves"]),
    )


def _sent(referrals: Iterable[dict[str, Any]]) -> Iterable[tuple[str | None, ...]]:
    return (
        (e["provider"], e["sent"], titles.called(e["state"]), e["answered"], e["note"])
        for e in referrals
    )


def _due(waiting: Iterable[dict[str, Any]]) -> Iterable[tuple[str, str, str]]:
    return ((each["due"], each["what"], titles.called(each["who"])) for each in waiting)


def _entry(entry: cases.Entry, names: dict[int, str], definition: Definition) -> dict[str, Any]:
    move = definition.moves.get(entry.move or "")
    step = move.title[LANGUAGE] if move else entry.move or ""
    kind = "" if entry.kind == "move" else titles.called(entry.kind)
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "move": entry.move,
        "title": ": ".join(part for part in (kind, step) if part),
        "stage": entry.to_stage,
        "stage_title": titles.stage(definition, entry.to_stage),
        "day": entry.day.isoformat() if entry.precision != "unknown" else None,
        "precision": entry.precision,
        "by": names.get(entry.by_staff_id or 0),
        "reason": entry.reason,
        "note": entry.note,
        "undone": entry.voided_by is not None,
    }


def _referral(row: Referral, providers: dict[int, str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "provider": providers.get(row.provider_id),
        "course": row.course_id,
        "state": row.state,
        "sent": row.sent_at.date().isoformat() if row.sent_at else None,
        "answered": row.answered_at.date().isoformat() if row.answered_at else None,
        "reason": row.reason,
        "note": row.note,
    }


def _follow_up(row: FollowUp, definition: Definition) -> dict[str, Any]:
    rule = definition.rule(row.rule)
    due: date = row.due_on
    return {
        "id": row.id,
        "rule": row.rule,
        "what": row.what or (rule.do[LANGUAGE] if rule else row.rule),
        "who": row.receiver,
        "due": due.isoformat(),
        "state": row.state,
    }
