"""Which library a command works for: the one that is named, or the one that is meant."""

import pytest
from sqlalchemy import Engine

from storage.engine import transaction
from storage.tables import Organisation
from tests.builders import NOW, a_library
from tests.cli.running import Brug
from tests.looking import rows_of
from tests.referrals.exchange.registers import a_register


@pytest.fixture
def country(bare: Brug, engine: Engine) -> Brug:
    """The command on a database with two invented libraries."""
    with transaction(engine) as session:
        a_library(session, "zwolle")
        a_library(session, "almere")
    return bare


def _own(engine: Engine, *short_names: str) -> None:
    """Libraries that nobody invented."""
    with transaction(engine) as session:
        session.add_all(
            Organisation(short_name=name, name=f"Bibliotheek {name}", created_at=NOW)
            for name in short_names
        )


def _library_of(engine: Engine, case: int) -> str:
    from storage.tables import Case

    with transaction(engine) as session:
        [row] = rows_of(session, Case, id=case)
        return session.get_one(Organisation, row.organisation_id).short_name


def test_among_invented_libraries_the_first_is_taken_and_who_writes_is_told(
    country: Brug, engine: Engine
) -> None:
    country("case", "open", "--first-name", "Fatima")
    assert "Bibliotheek zwolle (zwolle)" in country.complaint
    assert "BRUG_ORGANISATION" in country.complaint
    assert _library_of(engine, 1) == "zwolle"
    [case] = country.json("case", "list")
    assert not country.complaint
    for words in (("move", case["reference"], "-m", "know"), ("undo", case["reference"])):
        assert country.json("case", *words)
        assert country.complaint.count("zwolle)") == 1
    country("case", "show", case["reference"])
    assert not country.complaint


def test_an_import_says_for_which_library_it_is(country: Brug) -> None:
    from pathlib import Path

    for more in (("--dry-run",), ()):
        country("import", "register", a_register(Path("r.xlsx")), *more)
        assert "zwolle" in country.complaint


def test_the_only_library_that_is_not_invented_is_the_one_that_is_meant(
    country: Brug, engine: Engine
) -> None:
    _own(engine, "taalhuis")
    assert country.json("init")["organisation"] == "taalhuis"
    assert country.json("case", "list") == []
    country("case", "open", "--first-name", "Fatima")
    assert "(taalhuis)" in country.complaint
    assert _library_of(engine, 1) == "taalhuis"


def test_of_several_libraries_that_are_not_invented_one_must_be_named(
    country: Brug, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _own(engine, *(f"taalhuis-{number:02d}" for number in range(12)))
    for words in (("open",), ("list",)):
        country("case", *words, code=1)
        assert "BRUG_ORGANISATION" in country.complaint
        assert "taalhuis-00" in country.complaint and "taalhuis-09" in country.complaint
        assert "taalhuis-10" not in country.complaint and "zwolle" not in country.complaint
    monkeypatch.setenv("BRUG_ORGANISATION", "taalhuis-11")
    country("case", "open")
    assert _library_of(engine, 1) == "taalhuis-11" and not country.complaint


def test_a_name_that_no_library_has_is_refused_with_your_own_first(
    country: Brug, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _own(engine, "taalhuis")
    monkeypatch.setenv("BRUG_ORGANISATION", "taalhus")
    country("case", "list", code=1)
    assert "taalhuis, almere, zwolle" in country.complaint


def test_a_single_library_is_not_spoken_of(brug: Brug) -> None:
    brug("case", "open")
    assert not brug.complaint
