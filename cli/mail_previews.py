"""What `brug mail preview` and `brug mail text` do: mails with invented people, and own texts."""

import tempfile
import webbrowser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cli import printing
from cli.composition import Program
from cli.language import LANGUAGE, t
from core.errors import (
    DatabaseUnready,
    Fault,
    FaultyFile,
    FaultyValue,
    NotFound,
    why_unopened,
)
from core.words import LANGUAGES, Told
from notifications import previews, texts
from notifications.kinds import KINDS
from notifications.rendering import Mail
from referrals import bsn
from storage.queries import mail_texts
from workflows import remedies

#: (name of a text, language) → what the library wrote
Written = Mapping[tuple[str, str], str]
#: text → a kind of mail that it stands in
SHOWN_IN = {"referral": "referral", "appointment": "appointment", "signature": "referral"}


def language_named(language: str | None) -> str:
    """A language that mails exist in; none named: that of the command line."""
    if language is None:
        return LANGUAGE
    if language not in LANGUAGES:
        choice = Told("Choose one of: {names}.", names=", ".join(LANGUAGES))
        raise FaultyValue(language, remedy=choice)
    return language


def kinds(language: str) -> list[dict[str, str]]:
    """Every kind of mail, for whom it is, and its subject in the preview."""
    return [
        {"name": name, "for": kind.audience, "subject": previews.mail(name, language).subject}
        for name, kind in KINDS.items()
    ]


def show_kinds(rows: list[dict[str, str]]) -> None:
    """Print the kinds of mail that there are."""
    called = {"staff": t("staff"), "partner": t("partner"), "participant": t("participant")}
    shown = ((row["name"], called[row["for"]], row["subject"]) for row in rows)
    printing.table(("Name", "For", "Subject"), shown)


def written_by(program: Program) -> Written:
    """The texts of the library that this command works for; none without a database or library."""
    try:
        with program.reading() as session:
            return mail_texts.of_library(session, program.library(session).id or 0)
    except (DatabaseUnready, NotFound):
        return {}


def mail_of(name: str, language: str, written: Written) -> Mail:
    """The preview of a kind; raises `NotFound` with the kinds that there are."""
    if name not in KINDS:
        raise NotFound(name, remedy=remedies.suggestion(name, tuple(KINDS)))
    return previews.mail(name, language, written)


def as_json(name: str, language: str, mail: Mail) -> dict[str, str]:
    """A preview for programs."""
    return {
        "name": name,
        "language": language,
        "to": mail.to_email,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
    }


def show_mail(mail: Mail) -> None:
    """Print a mail as somebody reads it whose program shows no HTML."""
    printing.OUT.print(f"{t('Addressed to')}: {mail.to_email}", markup=False)
    printing.OUT.print(f"{t('Subject')}: {mail.subject}\n", markup=False)
    printing.OUT.print(mail.text.rstrip(), markup=False)


def write_mail(name: str, language: str, mail: Mail, folder: Path) -> list[Path]:
    """Write a mail as page, as text and as a mail program takes it, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        ".html": mail.html.encode(),
        ".txt": f"{mail.subject}\n\n{mail.text}".encode(),
        ".eml": mail.source,
    }
    paths = [folder / f"{name}.{language}{ending}" for ending in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_bytes(content)
    return paths


def preview(
    name: str,
    language: str,
    written: Written,
    *,
    out: Path | None = None,
    open_it: bool = False,
    opener: Callable[[str], object] = webbrowser.open,
) -> list[Path]:
    """Print a preview, or write it into a folder, and open its page in a browser when asked.

    Gives the files that were written. Without a folder, a page to open is put in a new one.
    """
    mail = mail_of(name, language, written)
    if out is None and not open_it:
        show_mail(mail)
        return []
    folder = out or Path(tempfile.mkdtemp(prefix="brug-mail-"))
    paths = write_mail(name, language, mail, folder)
    for path in paths:
        printing.say("Written: {file}.", file=path)
    if open_it:
        opener(paths[0].resolve().as_uri())
    return paths


def list_texts(program: Program) -> list[dict[str, Any]]:
    """Every text that a library writes itself, in both languages, and whether it did."""
    written = written_by(program)
    return [text_as_json(name, language, written) for name in texts.NAMES for language in LANGUAGES]


def text_as_json(name: str, language: str, written: Written) -> dict[str, Any]:
    """A text, its placeholders with what they stand for, and whether the library wrote it."""
    known = texts.named(name)
    return {
        "name": name,
        "language": language,
        "title": t(known.title),
        "own": (name, language) in written,
        "text": texts.in_use(written, name, language),
        "placeholders": {word: t(meaning) for word, meaning in known.placeholders.items()},
    }


def show_texts(rows: list[dict[str, Any]]) -> None:
    """Print the texts, the first line of each."""
    shown = (
        (row["name"], row["language"], row["own"], row["text"].split("\n")[0], row["title"])
        for row in rows
    )
    printing.table(("Name", "Language", "Own text", "Begins with", "What it is"), shown)


def show_text(row: dict[str, Any]) -> None:
    """Print a text whole, and what may be filled in."""
    own = "The library wrote this text." if row["own"] else "This text comes with Brug."
    printing.OUT.print(f"{row['title']}. {t(own)}\n", markup=False)
    printing.OUT.print(f"{row['text']}\n", markup=False)
    shown = ((f"{{{{{word}}}}}", meaning) for word, meaning in row["placeholders"].items())
    printing.table(("Placeholder", "What it stands for"), shown)


def set_text(program: Program, name: str, language: str, text: str) -> dict[str, Any]:
    """Keep a text of the library; an empty one brings back the text that comes with Brug.

    Raises `FaultyValue` with every fault and its line, `BsnFound`, or `NotFound`.
    """
    texts.named(name)
    bsn.refuse(text, name)
    with program.writing() as session:
        library = program.library(session).id or 0
        texts.save(session, library, name, language, text, now=program.now)
        return text_as_json(name, language, mail_texts.of_library(session, library))


def read_text(file: Path) -> str:
    """A text that somebody wrote in a file; raises `FaultyFile` for what is none."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise FaultyFile(str(file), faults=(Fault(str(file), why_unopened(error)),)) from error
    except UnicodeDecodeError as error:
        fault = Fault(str(file), "It is not UTF-8 text.", "Save it as UTF-8.")
        raise FaultyFile(str(file), faults=(fault,)) from error


def with_draft(written: Written, name: str, language: str, draft: str | None) -> Written:
    """The texts as they would be with a draft in place of one; raises `FaultyValue`."""
    texts.named(name)
    if draft is None:
        return written
    cleaned = texts.clean(draft)
    faults = texts.check(name, cleaned)
    if faults:
        raise FaultyValue(name, faults=faults)
    return {**written, (name, language): cleaned}
