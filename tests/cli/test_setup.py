"""`brug init` and `brug doctor`: made once, looked at, and told in words what is wrong."""

from pathlib import Path

import pytest

from tests.cli.running import Brug
from workflows.library import builtin_names


def test_init_makes_the_folder_the_library_and_the_routes(bare: Brug) -> None:
    done = bare.json("init", "--library", "Bibliotheek Katwijk")
    assert done["library"] == "Bibliotheek Katwijk"
    assert done["routes"] == list(builtin_names())
    assert (bare.folder / "data").is_dir()
    assert [route["name"] for route in bare.json("workflow", "list")] == list(builtin_names())


def test_init_makes_a_database_that_was_not_there(
    bare: Brug, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BRUG_DATABASE_URL")
    assert "brug init" in _refusal(bare, "case", "list")
    bare("init")
    assert (bare.folder / "data" / "brug.sqlite").exists()
    assert bare.json("case", "list") == []


def test_init_again_changes_nothing(brug: Brug) -> None:
    opened = brug.json("case", "open", "--first-name", "Fatima")
    for words in ((), ("--library", "Bibliotheek De Voorbeeld")):
        assert brug.json("init", *words)["library"] == "Bibliotheek De Voorbeeld"
    assert [row["reference"] for row in brug.json("case", "list")] == [opened["reference"]]
    assert {row["version"] for row in brug.json("workflow", "list")} == {1}


def test_init_asks_nothing_without_a_terminal(bare: Brug) -> None:
    assert "brug case open" in bare("init")
    assert bare.json("init")["library"]


def test_doctor_is_content_with_a_sound_installation(brug: Brug) -> None:
    findings = brug.json("doctor")
    assert len(findings) >= 4 and all(finding["well"] for finding in findings)


def test_doctor_says_what_is_missing_and_how_to_mend_it(bare: Brug) -> None:
    findings = bare.json("doctor", code=1)
    wrong = [finding for finding in findings if not finding["well"]]
    assert wrong and all("brug init" in finding["remedy"] for finding in wrong)
    bare("init")
    bare("doctor")


def test_doctor_does_not_fall_over_a_database_that_is_not_there(
    bare: Brug, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRUG_DATABASE_URL", f"sqlite:///{bare.folder}/none/brug.sqlite")
    findings = bare.json("doctor", code=1)
    assert not all(finding["well"] for finding in findings)


@pytest.mark.parametrize("address", ["nonsense", "mysql://x/y"])
def test_an_address_that_is_none_is_told(
    bare: Brug, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("BRUG_DATABASE_URL", address)
    assert "SQLite" in _refusal(bare, "init") or "sqlite" in bare.complaint


def test_a_server_that_does_not_run_is_told_without_the_password(
    bare: Brug, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "postgresql://ann:geheim@localhost:1/brug"
    monkeypatch.setenv("BRUG_DATABASE_URL", address)
    for words in (("init",), ("case", "list")):
        complaint = _refusal(bare, *words)
        assert "geheim" not in complaint and "BRUG_DATABASE_URL" in complaint


def test_settings_that_are_wrong_are_told_by_name(
    bare: Brug, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRUG_DUE_HOUR", "breakfast")
    bare("case", "list", code=2)
    assert "DUE_HOUR" in bare.complaint
    monkeypatch.delenv("BRUG_DUE_HOUR")
    Path("brug.toml").write_text("datta = 'x'")
    bare("case", "list", code=2)
    assert "datta" in bare.complaint


def test_a_file_of_settings_is_read(bare: Brug, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BRUG_DATABASE_URL")
    monkeypatch.delenv("BRUG_DATA")
    Path("brug.toml").write_text("data = 'elders'")
    bare("init")
    assert (bare.folder / "elders" / "brug.sqlite").exists()


def test_with_several_libraries_one_must_be_named(
    brug: Brug, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.engine import open_engine, transaction
    from tests.builders import a_library

    engine = open_engine(brug.address)
    with transaction(engine) as session:
        a_library(session, "een-andere")
    engine.dispose()
    assert "BRUG_ORGANISATION" in _refusal(brug, "case", "list")
    monkeypatch.setenv("BRUG_ORGANISATION", "een-andere")
    assert brug.json("case", "list") == []
    monkeypatch.setenv("BRUG_ORGANISATION", "geen")
    assert "een-andere" in _refusal(brug, "case", "list")


def test_wrong_use_is_told_and_is_no_refusal(brug: Brug) -> None:
    brug("case", "fly", code=2)
    brug("reach", "--by", "dance", code=2)
    brug("case", "move", "X", code=2)


def test_every_command_says_what_it_is_for(brug: Brug) -> None:
    for words in ((), ("case",), ("workflow",), ("import",), ("import", "register"), ("reach",)):
        assert len(brug(*words, "--help")) > 100


def _refusal(brug: Brug, *words: str) -> str:
    brug(*words, code=1)
    return brug.complaint
