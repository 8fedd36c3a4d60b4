"""Brings a database from any release to the newest, step by step, each in a transaction."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

_HERE = Path(__file__).parent


def migrate(engine: Engine, to: str = "head") -> None:
    """Create or update all tables; does nothing when they are the newest.

    With `to` no further than that step, such as ``0003``.
    """
    config = _config()
    with engine.connect().execution_options(brug_write=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def present_step(engine: Engine) -> str | None:
    """The number of the last step taken, such as ``0001``; nothing for an empty database."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_step() -> str:
    """The number of the last step there is."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    return config
