"""`brug init` and `brug doctor`: made once, looked at, and told in words what is wrong."""

import os
import stat
import tempfile
from collections.abc import Iterator
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


def test_init_says_what_a_library_is_called_and_how_to_choose_among_several(bare: Brug) -> None:
    assert "(bibliotheek-katwijk)" in (first := bare("init", "--library", "Bibliotheek Katwijk"))
    assert "BRUG_ORGANISATION" not in first
    second = bare("init", "--library", "Taalhuis 't Gooi")
    assert "Taalhuis 't Gooi (taalhuis-t-gooi)" in second
    assert "BRUG_ORGANISATION=taalhuis-t-gooi" in second
    assert 'organisation = "taalhuis-t-gooi"' in second
    # known under the name that it was given first
    again = bare.json("init", "--library", "Taalhuis t Gooi")
    assert (again["library"], again["organisation"]) == ("Taalhuis 't Gooi", "taalhuis-t-gooi")
    plain = bare("init")
    assert "2" in plain and "Gooi" not in plain


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


def test_doctor_has_nothing_to_say_of_reach_when_nothing_waits(brug: Brug) -> None:
    assert "0" not in _found(brug, "Bereik")
    brug("case", "open")
    assert "1" in _found(brug, "Bereik")
    assert "0" not in _found(brug, "Bereik")


def _found(brug: Brug, about: str) -> str:
    [finding] = [each for each in brug.json("doctor") if each["about"] == about]
    return str(finding["found"])


def test_what_init_makes_is_for_nobody_else(
    bare: Brug, monkeypatch: pytest.MonkeyPatch, open_folder: Path
) -> None:
    monkeypatch.setenv("BRUG_DATA", str(open_folder / "data"))
    monkeypatch.delenv("BRUG_DATABASE_URL")
    bare("init")
    assert _mode(open_folder / "data") == 0o700
    assert _mode(open_folder / "data" / "brug.sqlite") == 0o600
    bare("doctor")


def test_a_folder_that_was_there_stays_as_it_is_and_the_doctor_says_what_others_can_read(
    bare: Brug, monkeypatch: pytest.MonkeyPatch, open_folder: Path
) -> None:
    monkeypatch.setenv("BRUG_DATA", str(open_folder))
    monkeypatch.delenv("BRUG_DATABASE_URL")
    bare("init")
    assert _mode(open_folder) == 0o755
    [folder] = [each for each in bare.json("doctor", code=1) if not each["well"]]
    assert f"chmod o-rwx {open_folder}" in folder["remedy"]
    database = open_folder / "brug.sqlite"
    database.chmod(0o644)
    _, wrong = [each for each in bare.json("doctor", code=1) if not each["well"]]
    assert f"chmod o-rwx {database}" in wrong["remedy"]
    # behind a closed door it does not matter what may be read
    open_folder.chmod(0o700)
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


def test_wrong_use_is_told_and_is_no_refusal(brug: Brug) -> None:
    brug("case", "fly", code=2)
    brug("reach", "--by", "dance", code=2)
    brug("case", "move", "X", code=2)


def test_every_command_says_what_it_is_for(brug: Brug) -> None:
    for words in ((), ("case",), ("workflow",), ("import",), ("import", "register"), ("reach",)):
        assert len(brug(*words, "--help")) > 100


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody can look into; those of pytest are closed."""
    with tempfile.TemporaryDirectory() as name:
        before = os.umask(0o022)
        Path(name).chmod(0o755)
        yield Path(name)
        os.umask(before)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _refusal(brug: Brug, *words: str) -> str:
    brug(*words, code=1)
    return brug.complaint
