"""What every mail of an installation has in common: its sender and where its pages are."""

from dataclasses import dataclass

from notifications.letter import Address


@dataclass(frozen=True)
class Desk:
    """Handed to whatever writes mails."""

    #: what links begin with, such as ``https://brug.example``
    base_url: str
    sender: Address
