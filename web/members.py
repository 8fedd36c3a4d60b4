"""Somebody of the library who is signed in, and which cases are theirs to see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core import clock
from storage.tables import Organisation

ADMINISTRATORS = ("administrator",)
COORDINATORS = ("administrator", "coordinator")
#: who works with cases
DESK = (*COORDINATORS, "staff")
SIGNED_IN = (*DESK, "national_office")


@dataclass(frozen=True)
class Member:
    """A member of staff at the desk, let in by the visit that signing in began."""

    #: the hash of the visit: forms are tied to it
    visit: str
    staff_id: int
    name: str
    role: str
    language: str
    library: Organisation
    #: how this person likes the desk, such as the columns of a list
    choices: Mapping[str, Any]
    now: datetime
    #: whether somebody with this role may use a route, by its name
    allowed: Callable[[str, str], bool]

    @property
    def by(self) -> int:
        """Who acts, for the history of a case."""
        return self.staff_id

    @property
    def organisation_id(self) -> int:
        """The library whose rows this person works with; never another's."""
        return self.library.id or 0

    @property
    def zone(self) -> str:
        """The zone by which days and hours are shown."""
        return self.library.zone

    @property
    def today(self) -> date:
        """The present local day of the library."""
        return clock.local_day(self.now, self.zone)

    @property
    def actor(self) -> str:
        """Who sends a form, for doing it once."""
        return f"staff:{self.staff_id}"

    @property
    def form_subject(self) -> str:
        """What forms on this person's pages are tied to."""
        return self.visit

    @property
    def sees(self) -> int | None:
        """Whose cases are all that this person sees, besides nobody's; none: everybody's."""
        return None if self.role in COORDINATORS else self.staff_id

    @property
    def leads(self) -> bool:
        """Whether this person sees to the work of the whole library."""
        return self.role in COORDINATORS

    @property
    def keys(self) -> bool:
        """Whether single keys do something on this person's pages."""
        return bool(self.choices.get("keys", True))

    def may(self, route: str) -> bool:
        """Whether this person may use a route, by its name."""
        return self.allowed(route, self.role)
