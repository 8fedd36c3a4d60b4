"""Draws from weighted chances, always by the same dice, so that a seed makes the same picture."""

from collections.abc import Mapping
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")

#: tickets in an urn: chances are rounded to this many parts
_TICKETS = 1000


class Urn(Generic[T]):
    """Tickets in proportion to their weights: one multiplication a draw, however many there are."""

    __slots__ = ("tickets",)

    def __init__(self, weights: Mapping[T, float], tickets: int = _TICKETS):
        total = sum(weights.values())
        self.tickets: list[T] = []
        reached = 0.0
        for ticket, weight in weights.items():
            reached += weight
            upto = round(reached / total * tickets)
            self.tickets.extend([ticket] * (upto - len(self.tickets)))

    def draw(self, dice: Random) -> T:
        """One ticket; it goes back."""
        tickets = self.tickets
        return tickets[int(dice.random() * len(tickets))]
