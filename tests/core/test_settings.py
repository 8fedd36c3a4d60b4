"""Settings: read from the environment and from brug.toml, and never changed afterwards."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from core.settings import Settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without settings, and none in the environment."""
    import os

    for name in [name for name in os.environ if name.startswith("BRUG_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_any_setting_everything_has_a_sensible_one(elsewhere: Path) -> None:
    settings = Settings()
    assert settings.url == f"sqlite:///{elsewhere / 'brug-data' / 'brug.sqlite'}"
    assert (settings.language, settings.zone, settings.organisation) == (
        "nl", "Europe/Amsterdam", "",
    )  # fmt: skip
    assert settings.due_hour == 8


def test_the_environment_wins_over_the_file(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere / "brug.toml").write_text('language = "en"\nzone = "America/Kralendijk"\n')
    monkeypatch.setenv("BRUG_LANGUAGE", "nl")
    settings = Settings()
    assert (settings.language, settings.zone) == ("nl", "America/Kralendijk")


def test_the_address_of_a_database_wins_over_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRUG_DATABASE_URL", "postgresql://x/y")
    monkeypatch.setenv("BRUG_DATA", "/elders")
    assert Settings().url == "postgresql://x/y"
    assert Settings().data == Path("/elders")


def test_settings_are_not_changed_on_the_way() -> None:
    with pytest.raises(ValidationError):
        Settings().language = "en"  # type: ignore[misc]


def test_a_word_that_is_no_setting_is_refused(elsewhere: Path) -> None:
    (elsewhere / "brug.toml").write_text("lanugage = 'en'\n")
    with pytest.raises(ValidationError, match="lanugage"):
        Settings()


@pytest.mark.parametrize(("name", "value"), [("LANGUAGE", "fr"), ("DUE_HOUR", "breakfast")])
def test_a_value_that_cannot_be_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"BRUG_{name}", value)
    with pytest.raises(ValidationError):
        Settings()


def test_several_words_are_written_as_a_list_or_with_spaces(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere / "brug.toml").write_text('trusted_hosts = ["brug.example", "b.example"]\n')
    monkeypatch.setenv("BRUG_MAIL_ONLY_TO", "@voorbeeld.nl, ann@elders.nl")
    settings = Settings()
    assert settings.trusted_hosts == ("brug.example", "b.example")
    assert settings.mail_only_to == ("@voorbeeld.nl", "ann@elders.nl")
