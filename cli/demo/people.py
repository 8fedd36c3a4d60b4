"""Invented people: a first name or none, a birth year or none, and a number that nobody has."""

from random import Random

from cli.demo.places import POSTCODES
from cli.demo.urns import Urn
from core.municipalities import Municipality
from referrals.doubles import Person
from referrals.participants import Newcomer

#: names of people who learnt Dutch later, and of people who grew up with it
_NT2 = (
    "Fatima", "Amina", "Mohammed", "Yusuf", "Zeynep", "Mehmet", "Elif", "Samira", "Rachid",
    "Naima", "Abdi", "Hodan", "Selam", "Yonas", "Miriam", "Hassan", "Rania", "Omar", "Layla",
    "Agnieszka", "Piotr", "Katarzyna", "Marek", "Ioana", "Andrei", "Svetlana", "Oksana", "Bogdan",
    "Maria", "Carlos", "Rosa", "Thi", "Linh", "Wei", "Mei", "Parwana", "Farhad", "Shirin", "Reza",
    "Blessing", "Emmanuel", "Grace", "Aissatou", "Mariam", "Ibrahim", "Nadia", "Karima", "Saida",
    "Gulsen", "Murat", "Adama", "Tigist", "Bilal", "Khadija", "Wahid", "Zahra", "Lucia", "Paulo",
)  # fmt: skip
_NT1 = (
    "Jan", "Piet", "Kees", "Henk", "Gerrit", "Willem", "Arie", "Dirk", "Cor", "Bert", "Ria",
    "Annie", "Truus", "Greet", "Corrie", "Wil", "Joke", "Anja", "Marjan", "Petra", "Monique",
    "Sandra", "Danny", "Kevin", "Wesley", "Patrick", "Johan", "Bea", "Hennie", "Sjaak", "Wim",
    "Nel", "Tiny", "Mien", "Klaas", "Sjoerd", "Tjitske", "Jelle", "Aukje", "Roel", "Miep",
    "Melissa", "Kimberley", "Romano", "Chantal", "Ronnie", "Gaby", "Dennis", "Bianca", "Sharon",
    "Winston", "Glenn", "Orlando", "Muriel", "Chandra", "Raymond",
)  # fmt: skip
_WISHES = (
    "Brieven van school lezen.",
    "Mijn kinderen helpen met huiswerk.",
    "Zelf mijn post doen.",
    "Werken met DigiD.",
    "Mailen met mijn kleinkinderen.",
    "Een formulier invullen.",
    "De theorie voor het rijbewijs halen.",
    "Beter praten op het werk.",
    "Een appje schrijven zonder fouten.",
    "Voorlezen aan mijn zoon.",
)
_MOMENTS = ("'s ochtends", "'s middags", "na vijf uur", "maandag", "niet op vrijdag")
#: 06-0 is not given out to anybody (Nummerplan telefoon- en ISDN-diensten: mobile is 06-1 to 06-5
#: and 06-8)
_NOBODYS_PHONES = "+3160"
_NUMBERS = 10_000_000
#: has no factor in common with the above, so that neighbours get far numbers and none comes twice
_APART = 7_368_787

#: route → the chance that Dutch is the mother tongue; about 80% in digital courses
_NT1_CHANCE = {
    "parents": 0.25,
    "employers": 0.35,
    "open-door": 0.35,
    "digital-to-language": 0.8,
    "language-to-digital": 0.5,
}


class People:
    """Makes people up, each with a number of their own."""

    def __init__(self, dice: Random, this_year: int):
        self._dice = dice
        self._count = 0
        self._born = {
            kind: Urn({this_year - age: weight for age, weight in ages.items()})
            for kind, ages in _AGES.items()
        }

    def newcomer(self, route: str, home: Municipality, *, agreed: bool) -> Newcomer:
        """Somebody who takes a route; who agreed to something is seldom nameless."""
        dice = self._dice
        chance = dice.random
        self._count += 1
        native = chance() < _NT1_CHANCE.get(route, 0.5)
        named = chance() < (0.86 if agreed else 0.3)
        reached = chance() < (0.8 if agreed else 0.35)
        person = Person(
            first_name=_pick(dice, _NT1 if native else _NT2) if named else None,
            birth_year=self._born[route == "parents"].draw(dice) if named else None,
            phone=self._phone() if reached else None,
            email=self._email() if agreed and chance() < 0.12 else None,
            postcode=self._postcode(home) if named and chance() < 0.7 else None,
        )
        return Newcomer(
            person,
            home.code,
            ("nt1" if native else "nt2") if named or chance() < 0.5 else None,
            _pick(dice, _WISHES) if agreed and chance() < 0.2 else None,
            _pick(dice, _MOMENTS) if reached and chance() < 0.08 else None,
        )

    def _phone(self) -> str:
        return f"{_NOBODYS_PHONES}{self._count * _APART % _NUMBERS:07}"

    def _email(self) -> str:
        return f"deelnemer-{self._count}@voorbeeld.example"

    def _postcode(self, home: Municipality) -> str:
        return f"{_pick(self._dice, POSTCODES[home.province])}{int(self._dice.random() * 90) + 10}"


def _pick(dice: Random, words: tuple[str, ...]) -> str:
    return words[int(dice.random() * len(words))]


def _bell(youngest: int, usual: int, oldest: int) -> dict[int, float]:
    """Ages around a usual one, rarer towards both ends."""
    return {
        age: min(age - youngest + 1, (oldest - age + 1) * 2)
        / (1 + abs(age - usual) / (oldest - youngest))
        for age in range(youngest, oldest + 1)
    }


#: whether they come as a parent → ages and their weights
_AGES = {True: _bell(21, 34, 55), False: _bell(18, 45, 79)}
