"""What the words of a command mean; what is not there is refused with what is."""

from sqlalchemy import Engine

from storage.engine import transaction
from storage.tables import Partner
from tests.builders import NOW, a_library, a_pilot
from tests.cli.running import Brug


def test_where_there_is_nothing_to_choose_from_that_is_said(brug: Brug) -> None:
    reference = brug.json("case", "open", "--phone", "0612345678", "--agrees")["reference"]
    for words in (
        ("open", "--pilot", "Nope"), ("list", "--owner", "a@b.nl"),
        ("move", reference, "-m", "refer", "--provider", "ROC"),
        ("move", reference, "-m", "refer", "--course", 3),
    ):  # fmt: skip
        brug("case", *words, code=1)
        assert "Kies uit" not in brug.complaint
        assert "nog geen" in brug.complaint and len(brug.complaint.split(". ")) >= 2


def test_only_the_pilots_of_this_library_are_offered(
    brug: Brug, office: dict[str, int], engine: Engine
) -> None:
    with transaction(engine) as session:
        a_pilot(session, a_library(session, "elders"), "Elders")
    brug.folder.joinpath("brug.toml").write_text('organisation = "bibliotheek-de-voorbeeld"')
    brug("case", "open", "--pilot", "Nope", code=1)
    assert "Kies uit: Katwijk." in brug.complaint


def test_only_who_gives_courses_can_be_referred_to(
    brug: Brug, office: dict[str, int], engine: Engine
) -> None:
    with transaction(engine) as session:
        school = Partner(
            organisation_id=office["library"], name="De Brug", kind="school", created_at=NOW
        )
        session.add(school)
    reference = brug.json("case", "open", "--phone", "0612345678", "--agrees")["reference"]
    brug("case", "move", reference, "-m", "agree")
    for name in ("De Brug", "Niemand"):
        brug("case", "move", reference, "-m", "refer", "--provider", name, code=1)
        assert "Kies uit: ROC, Taalhuis." in brug.complaint
        assert ("geen aanbieder" in brug.complaint) == (name == "De Brug")
    assert brug.json("case", "show", reference)["stage"] == "agreed"
