"""Reads what was filled in: every field by name, with everything that is wrong at once."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from core.errors import Fault, FaultyValue
from core.words import Told
from referrals import bsn, names
from web import access, security
from web.access import Holder

#: fields that a form may have; a list has a box to tick in each of its lines
_MOST_FIELDS = 400
#: signs of a name, a title, an address
LONGEST_LINE = 120
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
#: what is left in a form besides what people fill in
OURS = ("form", "key", "back")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DUTCH = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
#: what nobody may find again, not even as a hash that is made fast
SECRETS = ("password", "present", "code")
#: characters that no page may hold, and that nobody types: all controls but tab and line ends
_CONTROLS = dict.fromkeys({*range(32), 127} - {9, 10, 13})
ONE_CLICK = "List-Unsubscribe"


class NotFilledIn(Exception):
    """Fields of a form must be filled in differently; carries the form."""

    def __init__(self, sent: "Sent"):
        self.sent = sent
        super().__init__()


@dataclass
class Sent:
    """A form that was sent."""

    fields: Mapping[str, str]
    #: the name of a field → what is wrong with it
    faults: dict[str, Fault] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What tells this form from every other; raises `FaultyValue` without one."""
        key = self.fields.get("key", "")
        if not _KEY.fullmatch(key):
            raise HTTPException(400)
        return key

    @property
    def fingerprint(self) -> str:
        """What was filled in, as a SHA-256; of what is secret nothing is kept."""
        left = (*OURS, *SECRETS)
        filled = {name: value for name, value in self.fields.items() if name not in left}
        return hashlib.sha256(json.dumps(filled, sort_keys=True).encode()).hexdigest()

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    def many(self, name: str) -> list[str]:
        """What was ticked, or filled in more than once; no value of these holds a space."""
        return self[name].split()

    def line(self, name: str, longest: int = LONGEST_LINE, *, needed: bool = False) -> str:
        """A text of one line, cleaned; too long, with a BSN in it, or missing is a fault."""
        cleaned = self._cleaned(name, longest, lines=False)
        if needed and not cleaned and name not in self.faults:
            self.refuse(name, "This has not been filled in.", "Fill it in.")
        return cleaned

    def number(self, name: str, first: int, last: int) -> int | None:
        """A whole number from `first` to `last`, or none when nothing is filled in."""
        typed = self[name].strip()
        if not typed:
            return None
        if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
            self.refuse(name, "This is no number.", "Write digits only.")
            return None
        if not first <= int(typed) <= last:
            remedy = Told("Write a number from {first} to {last}.", first=first, last=last)
            self.refuse(name, "This number is too small or too large.", remedy)
            return None
        return int(typed)

    def text(self, name: str, longest: int = names.LONGEST_NOTES) -> str:
        """A text of several lines, cleaned; too long or with a BSN in it is a fault."""
        return self._cleaned(name, longest, lines=True)

    def _cleaned(self, name: str, longest: int, *, lines: bool) -> str:
        try:
            cleaned = names.read_text(self[name], name, longest=longest, lines=lines)
            bsn.refuse(cleaned, name)
        except FaultyValue as error:
            self.refused(name, error)
            return ""
        return cleaned

    def one_of(self, name: str, choices: Collection[str]) -> str:
        """One of these words; nothing chosen, or something else, is a fault."""
        if self[name] in choices:
            return self[name]
        return self.refuse(name, "Nothing is chosen here.", "Choose one of the answers.")

    def day(self, name: str, first: date, last: date) -> date | None:
        """A day from `first` to `last`, as ``2018-04-03`` or ``3-4-2018``."""
        typed = self[name].strip()
        day = _day(typed)
        if not typed:
            self.refuse(name, "No day is filled in.", "Choose a day.")
        elif day is None:
            self.refuse(name, "This day does not exist.", "Write the day as 3-4-2018.")
        elif day < first:
            self.refuse(name, "This day is too early.", "Choose a day after today.")
        elif day > last:
            self.refuse(name, "This day is too far away.", "Choose an earlier day.")
        else:
            return day
        return None

    def refuse(self, name: str, why: str, remedy: str) -> str:
        """Something is wrong with a field; the first thing counts."""
        self.faults.setdefault(name, Fault(name, Told(why), Told(remedy)))
        return ""

    def refused(self, name: str, error: FaultyValue) -> None:
        """What the rooms below say about a field."""
        told = error.faults[0] if error.faults else Fault(name, error.sentence, error.remedy)
        self.faults.setdefault(name, Fault(name, told.why, told.remedy))

    def check(self) -> None:
        """Raises `NotFilledIn` with everything that is wrong."""
        if self.faults:
            raise NotFilledIn(self)


async def sent(
    request: Request, holder: Annotated[Holder | None, Depends(access.admit)]
) -> Sent | None:
    """The form of a request, when it has one and when it may be believed.

    Asked for every request: no page has to think of it.
    """
    if request.method != "POST":
        return None
    form = Sent(await fields_of(request))
    if access.rule_of(request).own_form or ONE_CLICK not in form.fields:
        site = access.house(request).site
        subject = holder.form_subject if holder else ""
        if not security.comes_from_us(request, form["form"], subject, site):
            raise HTTPException(403)
    return form


async def fields_of(request: Request) -> dict[str, str]:
    """Each field; of one that comes more often, such as boxes to tick, all values together."""
    form = await request.form(
        max_files=0, max_fields=_MOST_FIELDS, max_part_size=security.LARGEST_FORM
    )
    found: dict[str, str] = {}
    for name, value in form.multi_items():
        if not isinstance(value, str):
            raise HTTPException(400)
        value = value.translate(_CONTROLS)
        found[name] = f"{found[name]} {value}" if name in found else value
    return found


def _day(typed: str) -> date | None:
    iso, dutch = _ISO.fullmatch(typed), _DUTCH.fullmatch(typed)
    parts = iso.groups() if iso else tuple(reversed(dutch.groups())) if dutch else None
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def filled(form: Annotated[Sent | None, Depends(sent)]) -> Sent:
    """The form of a page that only takes forms."""
    if form is None:
        raise HTTPException(400)
    return form


Filled = Annotated[Sent, Depends(filled)]
