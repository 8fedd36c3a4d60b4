"""The settings: read once, in ``cli/``, and passed down; nothing else reads the environment."""

from pathlib import Path
from typing import Literal

from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class Settings(BaseSettings):
    """What an installation can set, as ``BRUG_…`` or in ``brug.toml``; the environment wins."""

    model_config = SettingsConfigDict(
        env_prefix="BRUG_", frozen=True, extra="forbid", toml_file="brug.toml"
    )

    #: where the database file, copies of refused rows and exports go
    data: Path = Path("brug-data")
    #: ``sqlite:///…`` or ``postgresql://…``; empty: an SQLite file in the data folder
    database_url: str = ""
    #: the language of the command line
    language: Literal["nl", "en"] = "nl"
    #: the zone of libraries that name none
    zone: str = "Europe/Amsterdam"
    #: the library that commands work for, by its short name; empty: the only one there is
    organisation: str = ""
    #: the hour, local time, at which something that is due on a day becomes due (never 02 or 03)
    due_hour: int = 8

    @property
    def url(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{(self.data / 'brug.sqlite').resolve()}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given in code comes first, then the environment, then ``brug.toml``."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
