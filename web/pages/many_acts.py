"""What can be done with many cases: a move, a follow-up, another owner, a mail to the owners."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session

from core.words import Told, say
from referrals import bulk, moving
from storage.queries import staff
from storage.queries.staff import Person
from web.forms import Sent
from web.members import Member
from web.pages import many_views
from web.pages.many_views import Came, Selection
from web.site import House

#: signs of what must be done
LONGEST_WHAT = 200
Act = Callable[[Session], Came]


def doing(
    session: Session, member: Member, house: House, sent: Sent, there: Selection
) -> Act | None:
    """What is to be done, or nothing when something is missing, with the faults in the form."""
    known = {"move": _moving, "follow_up": _planning, "owner": _giving, "mail": _mailing}
    return known.get(sent["what"], _nothing)(session, member, house, sent, there)


def _nothing(_s: Session, _m: Member, _h: House, sent: Sent, _t: Selection) -> Act | None:
    sent.one_of("what", many_views.WHATS)
    return None


def _moving(
    session: Session, member: Member, house: House, sent: Sent, there: Selection
) -> Act | None:
    found = there.move(sent["step"])
    if found is None:
        sent.refuse("step", "Nothing is chosen here.", "Choose one of the answers.")
        return None
    move, definition = found
    fields = many_views.asked(session, member, move, definition)
    given = many_views.answers(session, member, sent, fields)
    seen = {each.id: each.version for each in there.cases}

    def act(session: Session) -> Came:
        outcome = moving.move_cases(
            session, seen, move.name, by=member.by, now=member.now, answers=given,
            due_hour=house.site.due_hour,
        )  # fmt: skip
        ids = [each.case_id for each in outcome.moved]
        kept = {
            "did": "many.moved", "cases": ids, "move": move.name, "at": member.now.isoformat(),
            "version": there.cases[0].workflow_version_id, "title": move.title[member.language],
            "referrals": len(ids) if given.provider else 0,
        }  # fmt: skip
        return Came(kept, len(ids), _paths(member, there, outcome), outcome.refused)

    return act


def _paths(member: Member, there: Selection, outcome: moving.Outcome) -> list[str]:
    """From which stage to which, and how many."""
    language = member.language
    titles = {
        stage.name: stage.title[language]
        for definition in there.definitions.values()
        for stage in definition.stages.values()
    }
    counts: dict[tuple[str, str], int] = {}
    for each in outcome.moved:
        pair = (titles[each.from_stage], titles[each.to_stage])
        counts[pair] = counts.get(pair, 0) + 1
    return [
        say(language, "{number} from {before} to {after}", number=number, before=a, after=b)
        for (a, b), number in sorted(counts.items(), key=lambda each: -each[1])
    ]


def _planning(
    session: Session, member: Member, house: House, sent: Sent, there: Selection
) -> Act | None:
    what = sent.line("task", LONGEST_WHAT, needed=True)
    day = sent.day("day", member.today, member.today + many_views.FURTHEST)
    who = None if sent["who"] in ("", "owner") else _colleague(session, member, sent, "who")

    def act(session: Session) -> Came:
        assert day is not None
        numbers = bulk.plan(
            session, there.ids, what, day, assignee_id=who, by=member.by, now=member.now,
            due_hour=house.site.due_hour,
        )  # fmt: skip
        kept = {
            "did": "many.planned", "tasks": numbers, "planned_for": there.ids,
            "day": day.isoformat(),
        }  # fmt: skip
        told = Told("{number} get this follow-up", number=len(numbers))
        return Came(kept, len(numbers), [say(member.language, told)])

    return None if sent.faults else act


def _giving(
    session: Session, member: Member, _house: House, sent: Sent, there: Selection
) -> Act | None:
    nobody = sent["owner"] == "nobody"
    owner = None if nobody else _colleague(session, member, sent, "owner")
    names = {each.id: each.name for each in staff.everybody(session, member.organisation_id)}

    def act(session: Session) -> Came:
        before = bulk.change_owner(session, there.ids, owner, by=member.by, now=member.now)
        kept = {
            "did": "many.given", "before": [[who, ids] for who, ids in before.items()],
            "owner": owner,
        }  # fmt: skip
        return Came(kept, sum(map(len, before.values())), _owners(member, names, before, owner))

    return None if sent.faults else act


def _mailing(
    session: Session, member: Member, _house: House, _sent: Sent, there: Selection
) -> Act | None:
    names = {each.id: each.name for each in staff.everybody(session, member.organisation_id)}
    language = member.language

    def act(session: Session) -> Came:
        theirs = bulk.ask_owners(session, there.ids, by=member.by, now=member.now)
        silent = len(there.cases) - sum(map(len, theirs.values()))
        changes = [
            say(language, Told("{name}: {number} cases", name=names[owner], number=len(numbers)))
            for owner, numbers in theirs.items()
        ]
        if silent:
            told = Told("{number} cases are yours or nobody's: nobody is mailed", number=silent)
            changes.append(say(language, told))
        kept = {"did": "many.mailed", "owners": len(theirs), "at": member.now.isoformat()}
        return Came(kept, len(theirs), changes)

    return act


def _owners(
    member: Member,
    names: Mapping[int, str],
    before: Mapping[int | None, Sequence[int]],
    owner: int | None,
) -> list[str]:
    nobody = say(member.language, "nobody")
    after = names.get(owner or 0, nobody)
    return [
        say(
            member.language, "{number} from {before} to {after}", number=len(ids),
            before=names.get(who or 0, nobody), after=after,
        )
        for who, ids in before.items()
    ]  # fmt: skip


def colleagues(session: Session, member: Member) -> list[Person]:
    """Everybody to whom something can be given, by name."""
    people = staff.everybody(session, member.organisation_id)
    return [each for each in people if each.active and each.role != "national_office"]


def _colleague(session: Session, member: Member, sent: Sent, name: str) -> int | None:
    there = {str(each.id): each.id for each in colleagues(session, member)}
    return there.get(sent.one_of(name, there))
