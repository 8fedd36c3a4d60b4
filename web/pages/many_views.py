"""What becomes of many cases at once, before it happens: changes, mails, and which cannot."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from sqlmodel import Session

from core.errors import Fault, Refused
from core.references import number_of, reference
from core.words import Told, say
from notifications.kinds import CALLED
from referrals import bulk, routes
from referrals.moves import Answers
from storage.queries import boards, bulk_changes, selections
from storage.queries.selections import Chosen
from web import filters
from web.forms import Sent
from web.members import Member
from web.pages import move_forms
from workflows.definition import Definition, Move

#: what can be done with many
WHATS = {
    "move": Told("Make a move"),
    "follow_up": Told("Plan a follow-up"),
    "owner": Told("Change the owner"),
    "mail": Told("Mail the owners"),
}
#: cases that are named for a reason; the others are counted
NAMED = 12
FURTHEST = timedelta(days=365)


@dataclass(frozen=True)
class Selection:
    """The cases that somebody chose, as they are now."""

    cases: Sequence[Chosen]
    #: version of a route → what it declares
    definitions: Mapping[int, Definition]

    @property
    def seen(self) -> str:
        """A fingerprint of what was seen: it is another once any of them changed."""
        text = ",".join(f"{each.id}:{each.version}" for each in self.cases)
        return sha256(text.encode()).hexdigest()[:32]

    @property
    def ids(self) -> list[int]:
        """Their numbers."""
        return [each.id for each in self.cases]

    def moves(self, language: str) -> list[tuple[str, str, int]]:
        """(name, title, how many of them stand where it starts), the most first."""
        there: Counter[str] = Counter()
        titles: dict[str, str] = {}
        at = Counter((each.workflow_version_id, each.stage) for each in self.cases)
        for (version, stage), cases in at.items():
            for move in self.definitions[version].moves_from.get(stage, ()):
                there[move.name] += cases
                titles.setdefault(move.name, move.title[language])
        return [(name, titles[name], cases) for name, cases in there.most_common()]

    def move(self, name: str) -> tuple[Move, Definition] | None:
        """A move as the first version knows it that does."""
        for definition in self.definitions.values():
            if name in definition.moves:
                return definition.moves[name], definition
        return None


def selected(session: Session, member: Member, sent: Sent) -> Selection:
    """The ticked cases, or all that the filters of the list leave."""
    if sent["all"] == "yes":
        versions = boards.versions(session)
        cases = filters.wanted(filters.parsed(sent["query"]), member, versions)
    else:
        numbers = [_number(text) for text in sent.many("cases")]
        cases = selections.wanted(
            member.organisation_id, member.sees, "numbers",
            numbers=[number for number in numbers if number],
        )  # fmt: skip
    found = selections.chosen(session, cases, bulk.MOST)
    return Selection(
        found,
        {
            number: routes.pinned(session, number).definition
            for number in sorted({each.workflow_version_id for each in found}, reverse=True)
        },
    )


def _number(text: str) -> int | None:
    try:
        return number_of(text.partition(":")[0])
    except Refused:
        return None


@dataclass(frozen=True)
class Asked:
    """What a move of many asks, as the fields of a form want it (`case/move_form.html`)."""

    asks: Mapping[str, bool]
    appointment: bool
    reasons: Mapping[str, str]
    places: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    first_day: date
    last_day: date
    #: consent is asked of a person, never of many at once
    wants_consent: bool = False


def asked(session: Session, member: Member, move: Move, definition: Definition) -> Asked:
    """What must be filled in before it can be seen what the move does."""
    asks = move_forms.asks(move, definition)
    return Asked(
        asks,
        definition.counts_from(move.to, "appointment"),
        {code: titles[member.language] for code, titles in definition.reasons.items()},
        move_forms.places_of(session, member) if move_forms.PLACE in asks else (),
        member.today - FURTHEST,
        member.today + FURTHEST,
    )


def answers(session: Session, member: Member, sent: Sent, fields: Asked) -> Answers:
    """What was filled in for all of them; what is wrong or missing is a fault of the form."""
    asks = fields.asks
    note = sent.text("note") if "note" in asks else ""
    if asks.get("note") and not note:
        sent.refuse("note", "This has not been filled in.", "Fill it in.")
    reason = None
    if "reason" in asks and (asks["reason"] or sent["reason"]):
        reason = sent.one_of("reason", fields.reasons) or None
    day = None
    if "date" in asks and (asks["date"] or sent["date"].strip()):
        day = sent.day("date", fields.first_day, fields.last_day)
    place = move_forms.Place()
    if move_forms.PLACE in asks:
        place = move_forms.place_in(session, sent, member, asks[move_forms.PLACE])
    return Answers(
        note=note or None, reason=reason, date=day, provider=place.provider, course=place.course,
        warm_handover=sent["warm"] == "yes" and move_forms.PLACE in asks,
    )  # fmt: skip


@dataclass(frozen=True)
class Came:
    """What came of doing something with many cases, or would come of it."""

    #: what is kept of it, for telling and undoing
    outcome: dict[str, Any]
    done: int
    #: what changes, in sentences
    changes: Sequence[str] = ()
    refused: Mapping[int, Refused] = field(default_factory=dict)
    #: kind → mails that go out
    mails: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Preview:
    """What the page shows before anything is done."""

    done: int
    changes: Sequence[str]
    mails: Sequence[str]
    #: (why not and what to do, how many, the first of them by name)
    refused: Sequence[tuple[str, int, Sequence[str]]]


def counted(
    session: Session, member: Member, act: Callable[[Session], Came]
) -> tuple[Came, Mapping[str, int]]:
    """What came of it, with the mails that were queued for it."""
    before = bulk_changes.newest_mail(session)
    came = act(session)
    session.flush()
    return came, bulk_changes.mails_since(session, member.organisation_id, before, member.now)


def preview(member: Member, came: Came, mails: Mapping[str, int]) -> Preview:
    """The same in words."""
    language = member.language
    sentences = [f"{number} × {say(language, CALLED[kind])}" for kind, number in mails.items()]
    silent = came.outcome.get("referrals", 0) - mails.get("referral", 0)
    if silent > 0:
        why = Told("{number} referrals go without a mail: nobody at the provider gets mail.")
        sentences.append(say(language, why, number=silent))
    refused = _grouped(language, came.refused, came.outcome.get("move"))
    return Preview(came.done, came.changes, sentences, refused)


def _grouped(
    language: str, refused: Mapping[int, Refused], move: str | None
) -> list[tuple[str, int, Sequence[str]]]:
    found: dict[str, list[int]] = {}
    for number, why in refused.items():
        found.setdefault(_why(language, why, move), []).append(number)
    ordered = sorted(found.items(), key=lambda each: -len(each[1]))
    return [
        (why, len(numbers), [reference(number) for number in sorted(numbers)[:NAMED]])
        for why, numbers in ordered
    ]


def _why(language: str, refused: Refused, move: str | None) -> str:
    faults = refused.faults or (Fault(refused.thing, refused.sentence, refused.remedy),)
    parts = []
    for fault in faults:
        # which moves start there instead stands in every page of a case, by title
        parts += [fault.why, "" if fault.thing == move else fault.remedy]
    return " ".join(say(language, part) for part in parts if part)
