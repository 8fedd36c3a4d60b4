"""A small register as offices keep them, with every oddity, and what must come of it."""

from datetime import date
from pathlib import Path

from referrals.exchange.cells import Cell
from tests.referrals.exchange.books import Rows, a_workbook

Row = list[Cell | None]

HEADINGS: Row = [
    "Nr", "Voornaam", "Achternaam", "Tel.", "Geb.jaar", "Gemeente", "NT1/NT2", "Via",
    "Eerste contact", "Kennismaking", "Toestemming", "Doorverwezen", "Intake", "Gestart",
    "Gestopt", "Reden", "Naar aanbieder", "Opmerkingen",
]  # fmt: skip
#: the same in another order, with other words and fewer of them
OTHER_HEADINGS: Row = [
    "Achternaam", "Roepnaam", "Mobiel", "Startdatum", "1e contact", "Intakegesprek", "Woonplaats",
]  # fmt: skip

FATIMA: Row = [
    1, "Fatima", "Çelik", "06-12345678", 1981, "Katwijk", "NT2", "school", "12-3-2018", "mrt 2018",
    "x", date(2018, 4, 3), None, None, None, None, "Taalhuis (verzonnen)", "belt liever 's avonds",
]  # fmt: skip
JAN: Row = [
    2, "Jan", "Jansen", "0612345671", 1960, "katwijk ", "NT1", "folder", "12 mrt 2018", None, None,
    None, None, None, date(2018, 5, 1), "schaamte",
]  # fmt: skip
RIA: Row = [3, "Ria", None, None, None, None, None, "zelf", "x"]
WITH_A_BSN: Row = [
    4, "Ali", "Bakker", "0612345672", 1970, None, None, None, "1-3-2018", None, None, None, None,
    None, None, None, None, "bsn 111222333",
]  # fmt: skip
WITH_AN_IMPOSSIBLE_DAY: Row = [5, "Els", "Smit", "0612345673", 1971, None, None, None, "31-2-2018"]
#: Fatima again, a year later and further; Piet, who started though nothing was noted
FATIMA_AGAIN: Row = [
    "Çelik", "Fatima", "+31 6 12345678", None, "12-3-2018", "2-5-2018", "Katwijk",
]  # fmt: skip
PIET: Row = ["Visser", "Piet", "0612345675", "7-5-2018", "9-4-2018", None, "Leiden"]

#: stage → people, once the register has been taken in
PEOPLE = {
    "contact": 4, "trust": 1, "agreed": 1, "referred": 1, "intake": 1, "started": 1, "stopped": 1,
}  # fmt: skip
ROWS, ACCEPTED, REFUSED = 7, 5, [("Deelnemers 2018", 9, "bsn"), ("Deelnemers 2018", 10, "date")]


def a_register(
    path: Path, *, fatima: Row = FATIMA, more: Rows = (), only_more: bool = False
) -> Path:
    """The register; `more` rows stand at the end of its first sheet."""
    first: Rows = [HEADINGS, fatima, JAN, [], RIA, [], WITH_A_BSN, WITH_AN_IMPOSSIBLE_DAY, *more]
    if only_more:
        return a_workbook(path, {"Deelnemers 2018": [HEADINGS, *more]})
    sheets: dict[str, Rows] = {
        "Deelnemers 2018": [*first, ["Totaal", 5]],
        "2019": [OTHER_HEADINGS, FATIMA_AGAIN, PIET],
    }
    return a_workbook(path, sheets, title="REGISTER TAALHUIS (verzonnen)")
