"""What happened around a case, newest first: steps, remarks, mails, follow-ups, changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from core.words import Told
from notifications import kinds
from storage.queries.case_pages import Task
from storage.queries.cases import Entry
from storage.queries.timelines import Noted, Written
from web.pages import path_views
from web.pages.case_scene import Scene
from web.pages.case_words import Words
from workflows.lifecycles import CALLED

#: what can be chosen to see alone → its title
KINDS: Mapping[str, str] = {
    "moves": Told("Steps"),
    "notes": Told("Remarks"),
    "tasks": Told("Follow-ups"),
    "mails": Told("Mails"),
    "changes": Told("Changes"),
}
#: lines, and signs of text, that a page shows at once
MOST, MOST_SIGNS = 25, 7000
ARROW = "{before} → {after}"


@dataclass(frozen=True)
class Item:
    """Something that happened."""

    at: datetime
    kind: str
    #: the name of its icon
    sign: str
    title: str
    who: str = ""
    #: old → new
    change: str = ""
    text: str = ""
    #: it was undone since
    void: bool = False
    clock: str = ""


@dataclass(frozen=True)
class Timeline:
    """A part of what happened, by day."""

    days: Sequence[tuple[str, Sequence[Item]]]
    #: (kind, title, how many), for those that there are any of
    kinds: Sequence[tuple[str, str, int]]
    kind: str
    total: int
    #: how many lines come before those on the page, and after them
    newer: int
    older: int
    #: from which line the page before this one starts
    before: int
    after: int


@dataclass(frozen=True)
class Happened:
    """All that is known of what happened."""

    history: Sequence[Entry]
    tasks: Sequence[Task]
    written: Sequence[Written]
    noted: Sequence[Noted]


def timeline(
    words: Words, there: Scene, happened: Happened, kind: str = "", start: int = 0
) -> Timeline:
    """What a page shows of it: of one kind or all, from a line on."""
    every = sorted(_items(words, there, happened), key=lambda item: item.at, reverse=True)
    counted = {name: sum(each.kind == name for each in every) for name in KINDS}
    kind = kind if counted.get(kind) else ""
    chosen = [each for each in every if kind in ("", each.kind)]
    start = start if 0 <= start < len(chosen) else 0
    shown = [
        replace(item, clock=f"{words.local(item.at):%H:%M}") for item in _fitting(chosen[start:])
    ]
    days = [
        (words.day(day), list(items))
        for day, items in groupby(shown, key=lambda item: words.local(item.at).date())
    ]
    return Timeline(
        days=days,
        kinds=[
            (name, words.say(KINDS[name]), number) for name, number in counted.items() if number
        ],
        kind=kind,
        total=len(every),
        newer=start,
        older=len(chosen) - start - len(shown),
        before=max(0, start - MOST),
        after=start + len(shown),
    )


def _fitting(items: Sequence[Item]) -> list[Item]:
    """As many lines as make a page: long remarks make it shorter."""
    found: list[Item] = []
    signs = 0
    for item in items[:MOST]:
        signs += len(item.text)
        if found and signs > MOST_SIGNS:
            break
        found.append(item)
    return found


def _items(words: Words, there: Scene, happened: Happened) -> Iterator[Item]:
    # what happened at one moment stands in this order, the step that caused the rest below it
    yield from _noted(words, there, happened)
    yield from _written(words, happened.written)
    yield from _answers(words, there)
    yield from _steps(words, there, reversed(happened.history))
    yield from _consents(words, there)


def _steps(words: Words, there: Scene, history: Iterable[Entry]) -> Iterator[Item]:
    for each in history:
        title, sign = _step_title(words, there, each)
        past = each.kind == "history"
        at = each.at if past else each.recorded_at
        parts = [each.note or ""]
        reason = there.definition.reasons.get(each.reason or "")
        if each.reason:
            why = reason[words.member.language] if reason else each.reason
            parts.insert(0, words.say("Reason: {reason}.", reason=why))
        if not past and each.kind not in ("undo", "migrate") and each.day != words.local(at).date():
            parts.insert(0, words.say("This was on {day}.", day=words.day(each.day)))
        yield Item(
            at, "moves", sign, title, words.name(each.by_staff_id, words.say("Brug")),
            change=_change(words, there, each), text=" ".join(part for part in parts if part),
            void=each.voided_by is not None,
        )  # fmt: skip


def _step_title(words: Words, there: Scene, each: Entry) -> tuple[str, str]:
    move = there.definition.moves.get(each.move or "")
    title = move.title[words.member.language] if move else each.move or ""
    if each.kind == "open":
        return words.say("Case opened"), "plus"
    if each.kind == "undo" and each.move is None:
        return words.say("Went back to the version before"), "route"
    if each.kind == "undo":
        return words.say("Step undone: {move}", move=title), "undo"
    if each.kind == "history":
        return words.say("Taken over from a file"), "list"
    if each.kind == "migrate":
        return words.say("Went over to another version of the route"), "route"
    return title, "next"


def stage_title(words: Words, there: Scene, name: str | None) -> str:
    """What a stage is called, also one that this version of the route has no more."""
    stage = there.definition.stages.get(name or "")
    return stage.title[words.member.language] if stage else name or ""


def _change(words: Words, there: Scene, each: Entry) -> str:
    after = stage_title(words, there, each.to_stage)
    if each.from_stage is None or each.from_stage == each.to_stage:
        return after
    return ARROW.format(before=stage_title(words, there, each.from_stage), after=after)


def _written(words: Words, rows: Iterable[Written]) -> Iterator[Item]:
    for each in rows:
        if each.kind == "note":
            who = words.name(each.by_staff_id)
            yield Item(each.at, "notes", "note", words.say("Remark"), who, text=each.text or "")
            continue
        title = words.say("Mail: {kind}", kind=kinds.CALLED.get(each.kind, each.kind))
        to = words.say("to {name}", name=each.receiver) if each.receiver else ""
        state = words.say(CALLED[each.state or "pending"])
        yield Item(each.sent_at or each.at, "mails", "mail", title, to, change=state)


def _answers(words: Words, there: Scene) -> Iterator[Item]:
    for row, answers in there.sent.items():
        for each in answers:
            before, after = words.say(CALLED[each.from_state]), words.say(CALLED[each.to_state])
            yield Item(
                each.at, "changes", "book",
                words.say("Referral to {provider}", provider=row.provider),
                words.name(each.by_staff_id, row.provider),
                change=ARROW.format(before=before, after=after), text=each.note or "",
                void=each.taken_back_at is not None,
            )  # fmt: skip


def _consents(words: Words, there: Scene) -> Iterator[Item]:
    for each in there.agreed:
        yield Item(
            each.created_at, "changes", "check", words.say("Consent noted"),
            words.name(each.explained_by),
        )  # fmt: skip


#: what the journal says of a follow-up → its title
_TASKS = {
    "follow_up.planned": Told("Planned: {what}"),
    "follow_up.done": Told("Done: {what}"),
    "follow_up.missed": Told("Not reached: {what}"),
    "follow_up.put_off": Told("Put off: {what}"),
    "follow_up.handed_over": Told("Handed over: {what}"),
    "follow_up.undone": Told("Taken back: {what}"),
    "follow_up.dropped": Told("Not needed after all: {what}"),
}
_CHANGES = {
    "case.owner": Told("Another owner"),
    "case.appointment": Told("Another appointment"),
    "case.replanned": Told("Follow-ups planned anew for another day"),
    "case.note_removed": Told("A remark was taken back"),
    "consent.withdrawn": Told("Consent withdrawn"),
    "consent.taken_back": Told("A consent that was noted was taken back"),
    "consent.restored": Told("A withdrawal was taken back"),
    "participant.changed": Told("Details of the participant changed"),
    "participant.merged": Told("Two participants became one"),
    "participant.unmerged": Told("Two participants became separate again"),
}


def _noted(words: Words, there: Scene, happened: Happened) -> Iterator[Item]:
    tasks = {task.id: task for task in happened.tasks}
    for line in happened.noted:
        who = words.name(line.by_staff_id, words.say("Brug"))
        if line.what in _TASKS and line.subject_id in tasks:
            task = tasks[line.subject_id]
            what = path_views.what_to_do(words, there.definition, task)
            outcome = task.outcome if line.what == "follow_up.done" else None
            yield Item(
                line.at, "tasks", "clock", words.say(_TASKS[line.what], what=what), who,
                change=_old_and_new(words, line), text=outcome or "",
            )  # fmt: skip
        elif line.what in _CHANGES:
            sign = "check" if line.subject == "participant" else "flag"
            yield Item(
                line.at, "changes", sign, words.say(_CHANGES[line.what]), who,
                change=_old_and_new(words, line),
            )  # fmt: skip


def _old_and_new(words: Words, line: Noted) -> str:
    """The old and the new value that a line keeps, in words."""
    detail = line.detail
    if "due_on" in detail:
        before, after = (words.day(date.fromisoformat(day)) for day in detail["due_on"])
    elif "assignee_id" in detail:
        before, after = (
            words.name(number, words.say("nobody")) for number in detail["assignee_id"]
        )
    elif line.what == "case.owner":
        before, after = (words.name(detail[key], words.say("nobody")) for key in ("from", "to"))
    elif line.what == "case.appointment":
        before, after = (_day(words, detail[key]) for key in ("from", "to"))
    else:
        return ""
    return ARROW.format(before=before, after=after)


def _day(words: Words, written: str | None) -> str:
    return words.day(date.fromisoformat(written)) if written else words.say("none")


def changes_since(words: Words, there: Scene, lines: Iterable[Noted]) -> list[Item]:
    """What others did with a case, from the journal of the case alone, oldest first."""
    found = []
    for line in lines:
        if line.what in ("case.moved", "case.undone"):
            before = stage_title(words, there, line.detail.get("from"))
            after = stage_title(words, there, line.detail.get("to"))
            title = words.say("Step made" if line.what == "case.moved" else "Step undone")
            change = ARROW.format(before=before, after=after)
        else:
            title = words.say(_CHANGES.get(line.what, Told("Something was changed")))
            change = _old_and_new(words, line)
        who = words.name(line.by_staff_id, words.say("Brug"))
        moment = words.local(line.at)
        clock = f"{words.day(moment.date())}, {moment:%H:%M}"
        found.append(Item(line.at, "moves", "next", title, who, change=change, clock=clock))
    return found
