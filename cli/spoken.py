"""The words of Typer itself in the language of the command line: help, usage and wrong use.

Typer has them in English only. What it lets a command override is used: its help, its usage line
and the exceptions it raises outside standalone mode.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from cli.language import t
from core.words import Told

#: what help text is made of, at the beginning of a line or between brackets
_IN_HELP = {
    "Usage:": t("Usage:"),
    "Options:": t("Options:"),
    "Arguments:": t("Arguments:"),
    "Commands:": t("Commands:"),
    "[required]": t("[required]"),
    "[default:": t("[default:"),
}
_HELP_PART = re.compile(r"^(?:Usage|Options|Arguments|Commands):|\[required\]|\[default:", re.M)
#: options that Typer adds to every command
_ADDED = {
    "Show this message and exit.": t("Show this message and exit."),
    "Install completion for the current shell.": t("Install completion for the current shell."),
    "Show completion for the current shell, to copy it or customize the installation.": t(
        "Show completion for the current shell, to copy it or customize the installation."
    ),
}
#: what stands in a usage line for the words of a command
_IN_USAGE = {
    "[OPTIONS]": t("[OPTIONS]"),
    "COMMAND [ARGS]...": t("COMMAND [ARGS]..."),
}
#: what an argument is called, which nobody has to type
_ARGUMENTS = {
    "reference": t("reference"),
    "references": t("references"),
    "given": t("answer"),
    "file": t("file"),
    "log": t("event log"),
    "name": t("name"),
    "email": t("e-mail address"),
    "number": t("number"),
    "numbers": t("number"),
}
#: how Typer writes the type of a value → what has to be filled in
_TYPES = {
    "<str>": t("<text>"),
    "<list[str]>": t("<text>"),
    "<int>": t("<number>"),
    "<list[int]>": t("<number>"),
    "<int range>": t("<number>"),
    "<path>": t("<file>"),
}
#: words in what Typer says of wrong use → how it is said here
_WRONG_USE = {
    "No such option": Told("There is no option {name}."),
    "No such command": Told("There is no command {name}."),
    "Missing command": Told("Name a command."),
    "Missing ": Told("{name} is missing."),
    "unexpected extra argument": Told("This is too much: {name}."),
    "requires an argument": Told("{name} needs a value."),
    "does not take a value": Told("{name} takes no value."),
    "Invalid value for ": Told("{name}: this value cannot be used."),
}
#: what it is about: between quotes or brackets, or after a colon
_NAME = re.compile(r"'(?P<quoted>.+?)'|(?<!argument)\((?P<listed>[^()]+)\)|: (?P<last>\S+)")


class _Spoken:
    """Translates what a command of Typer says of itself."""

    def get_help(self, ctx: Any) -> str:
        return _translated(super().get_help(ctx))  # type: ignore[misc]

    def get_usage(self, ctx: Any) -> str:
        return _translated(super().get_usage(ctx))  # type: ignore[misc]

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        pieces: list[str] = super().collect_usage_pieces(ctx)  # type: ignore[misc]
        return [_IN_USAGE.get(piece, piece) for piece in pieces]

    def get_params(self, ctx: Any) -> list[Any]:
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for param in params:
            param.help = _ADDED.get(param.help, param.help)
            param.display_type = partial(_type_of, type(param), param)
            if param.param_type_name == "argument":
                param.metavar = _ARGUMENTS.get(param.name, param.metavar)
        return params


class _Command(_Spoken, TyperCommand):
    pass


class _Group(_Spoken, TyperGroup):
    pass


class App(typer.Typer):
    """A group of commands that shows its help when it is called without one."""

    def __init__(self, **options: Any):
        super().__init__(cls=_Group, no_args_is_help=True, **options)

    def command(self, name: str | None = None, **options: Any) -> Callable[..., Any]:
        return super().command(name, cls=_Command, **options)


def wrong_use(error: TyperException) -> str:
    """What a person reads who used a command otherwise than it is meant."""
    said: str = error.format_message()
    ctx = getattr(error, "ctx", None)
    if ctx is None:
        return _in_words(said)
    if said == ctx.get_help():
        return said
    hint = t("For help: {command}", command=f"{ctx.command_path} -h")
    return f"{ctx.get_usage()}\n{hint}\n\n{_in_words(said)}"


def _in_words(said: str) -> str:
    found = _NAME.search(said)
    name = next(filter(None, found.groups()), "") if found else ""
    sentence = next((ours for words, ours in _WRONG_USE.items() if words in said), None)
    return t(sentence, name=name) if sentence else said


def _type_of(kind: Any, param: Any, ctx: Any) -> str:
    said: str = kind.display_type(param, ctx)
    return _TYPES.get(said, said)


def _translated(text: str) -> str:
    return _HELP_PART.sub(lambda found: _IN_HELP[found.group()], text)
