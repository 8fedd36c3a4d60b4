"""The settings: read once, in ``cli/``, and passed down; nothing else reads the environment."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


def _words(value: Any) -> Any:
    """Several words, as a list in ``brug.toml`` or with spaces or commas in the environment."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)]


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
    #: where people reach the pages: what links in mails begin with
    base_url: str = "http://localhost:8000"
    #: further names under which the pages may be asked for, besides that of `base_url`
    trusted_hosts: Words = ()
    #: addresses of proxies before the pages, whose word on who asks is taken
    proxies: Words = ()
    #: the sender of all mails; answers go to the address of the library (``Reply-To``)
    mail_from: str = "Brug <brug@localhost>"
    #: the mail server that takes our mails
    smtp_host: str = "localhost"
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    #: ``auto``: STARTTLS with a verified certificate, unless the relay is on this machine
    smtp_security: Literal["auto", "starttls", "tls", "none"] = "auto"
    #: connections to it that are kept open at once, so that one that hangs does not hold up all
    smtp_connections: int = Field(default=3, ge=1, le=20)
    #: the only addresses and ``@domains`` that are mailed, for a system to try things on
    mail_only_to: Words = ()
    #: a maildir where the mail server puts what comes back; empty: none
    bounce_folder: Path | None = None

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
