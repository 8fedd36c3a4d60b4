"""Days and people as the page of a case writes them, in the language of who reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from core import clock
from core.words import Told, day_in_words, say, short_day_in
from storage.queries.case_pages import Colleague
from web.members import Member


@dataclass(frozen=True)
class Words:
    """Puts what is known of a case into words."""

    member: Member
    colleagues: Mapping[int, Colleague]

    @cached_property
    def today(self) -> date:
        """The present local day of the library."""
        return self.member.today

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of the library."""
        return ZoneInfo(self.member.zone)

    def say(self, sentence: str, **values: object) -> str:
        """A sentence of ours."""
        return say(self.member.language, sentence, **values)

    def day(self, day: date) -> str:
        """A day in short, such as "di 3 apr"; with its year when that is another."""
        return short_day_in(self.member.language, day, year=day.year != self.today.year)

    def long_day(self, day: date) -> str:
        """A day written out."""
        return day_in_words(self.member.language, day)

    def local(self, moment: datetime) -> datetime:
        """A moment by the clock of the library."""
        return moment.astimezone(self.zone)

    def day_of(self, moment: datetime | None) -> str:
        """The local day of a moment in short; empty without one."""
        return self.day(clock.local_day(moment, self.member.zone)) if moment else ""

    def name(self, number: int | None, nobody: str = "") -> str:
        """Who this is."""
        if number is None:
            return nobody
        found = self.colleagues.get(number)
        return found.name if found else nobody

    def workdays(self, number: int) -> str:
        """A number of workdays."""
        one = Told("{number} workday", number=number)
        return self.say(one if number == 1 else Told("{number} workdays", number=number))
