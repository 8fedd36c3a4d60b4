"""What the case commands do, and how they show it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlmodel import Session

from cli import composition, printing
from cli.composition import Program
from cli.language import LANGUAGE, t
from core import clock, municipalities
from core.errors import BrugError, NotFound
from core.references import number_of, reference
from referrals import answering, consent, facts, moving, opening, participants, routes, undoing
from referrals.consent import Agreement
from referrals.doubles import Person
from referrals.facts import Needs
from referrals.moving import Answers, Outcome
from referrals.participants import Newcomer
from referrals.phones import read_email, read_phones
from storage.queries import cases, follow_ups, pilots, referrals, staff
from storage.tables import FollowUp
from workflows.definition import Definition


def open_one(
    program: Program,
    *,
    route: str,
    first_name: str | None,
    phone: str | None,
    email: str | None,
    channel: str,
    municipality: str | None,
    pilot: str | None,
    agrees: bool,
    note: str | None,
    by: str | None,
) -> dict[str, Any]:
    """Open a case for somebody new; returns its reference, number and stage."""
    person = Person(
        first_name=first_name or None,
        phone=next(iter(read_phones(phone)), None) if phone else None,
        email=read_email(email) if email else None,
    )
    now = program.now
    with program.writing() as session:
        library = program.library(session)
        assert library.id is not None
        published = routes.newest(session, route)
        who = _colleague(session, library.id, by)
        code = _municipality(municipality) or library.municipality_code
        [registered] = participants.register(session, library.id, [Newcomer(person, code)], now=now)
        today = clock.local_day(now, library.zone)
        if agrees:
            agreement = Agreement(given_on=today, explained_by=who)
            consent.note_consent(session, library.id, [(registered.id, agreement)], now=now)
        new = opening.NewCase(
            registered, channel=_channel(channel), owner_id=who, municipality_code=code,
            pilot_id=_pilot(session, library.id, pilot), reachable=bool(phone or email), note=note,
        )  # fmt: skip
        [case] = opening.open_cases(
            session, library.id, published, [new], by=who, now=now,
            due_hour=program.settings.due_hour,
        )  # fmt: skip
        stage = published.definition.start[0]
    return {"reference": reference(case), "route": route, "stage": stage, "version": 1}


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
        row = _case(program, session, text)
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
) -> Outcome:
    """Move cases of the library; others are not found."""
    with program.writing() as session:
        library = program.library(session)
        assert library.id is not None
        rows = [_case(program, session, text) for text in dict.fromkeys(texts)]
        answers = Answers(
            note=note, reason=reason, date=composition.day(day, "--date"), course=course,
            provider=_provider(session, library.id, provider),
        )  # fmt: skip
        who = _colleague(session, library.id, by)
        if agrees:
            today = clock.local_day(program.now, library.zone)
            agreement = Agreement(given_on=today, explained_by=who)
            people = {row.participant_id: agreement for row in rows}
            consent.note_consent(session, library.id, people.items(), now=program.now)
        return moving.move_cases(
            session, {row.id: version for row in rows}, name, by=who, now=program.now,
            answers=answers, due_hour=program.settings.due_hour,
        )  # fmt: skip


def answer(
    program: Program, text: str, given: str, *, reason: str | None, note: str | None, by: str | None
) -> Outcome:
    """Note an answer to the open referral of a case, and make the step that it causes."""
    with program.writing() as session:
        row = _case(program, session, text)
        who = _colleague(session, row.organisation_id, by)
        return answering.answer(
            session, row.id, given, by=who, now=program.now, reason=reason, note=note,
            due_hour=program.settings.due_hour,
        )  # fmt: skip


def undo(program: Program, text: str, *, by: str | None) -> dict[str, Any]:
    """Undo the last step; returns the reference, the stage, and what stays."""
    with program.writing() as session:
        row = _case(program, session, text)
        undone = undoing.undo(
            session, row.id, by=_colleague(session, row.organisation_id, by), now=program.now,
            due_hour=program.settings.due_hour,
        )  # fmt: skip
    return {
        "reference": reference(row.id),
        "stage": undone.to_stage,
        "remains": list(undone.remains),
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


def _case(program: Program, session: Session, text: str) -> cases.Standing:
    """The case of this library with this reference; another library's is as unknown as none."""
    rows = cases.standing(session, [number_of(text)])
    if not rows or rows[0].organisation_id != program.library(session).id:
        raise NotFound(text, remedy="Look for it with: brug case list")
    return rows[0]


def _colleague(session: Session, organisation_id: int, email: str | None) -> int | None:
    if email is None:
        return None
    found = staff.colleague(session, organisation_id, email)
    if found is None:
        raise NotFound(email, remedy="Nobody active at this library has this e-mail address.")
    return found.id


def _provider(session: Session, organisation_id: int, name: str | None) -> int | None:
    if name is None:
        return None
    found = referrals.partner(session, organisation_id, name)
    if found is None:
        names = [p.name for p in referrals.partners(session, organisation_id)]
        raise NotFound(name, remedy=f"Choose one of: {', '.join(names[:20])}." if names else "")
    return found.id


def _municipality(text: str | None) -> str | None:
    if text is None:
        return None
    found = municipalities.find(text)
    if found is None:
        raise NotFound(text, remedy="Write the name of a municipality, or its code (GM0363).")
    return found.code


def _pilot(session: Session, organisation_id: int, name: str | None) -> int | None:
    if name is None:
        return None
    found = pilots.pilot(session, name)
    if found is None or found.id is None:
        raise NotFound(name, remedy=f"Choose one of: {', '.join(pilots.names(session).values())}.")
    if not pilots.takes_part(session, organisation_id, found.id):
        raise NotFound(name, remedy="This library does not take part in this pilot.")
    return found.id


def _channel(text: str) -> str:
    from core.errors import FaultyValue
    from storage.tables.partner import CHANNELS

    if text not in CHANNELS:
        raise FaultyValue(text, remedy=f"Choose one of: {', '.join(CHANNELS)}.")
    return text


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
