"""Reads templates for the law of translation: what they say through `t`, and what stands bare."""

import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

#: what is no prose in HTML: styles, comments, tags, references, attributes beside their tag
_MARKUP = re.compile(
    r"""<style.*?</style>|<!--.*?-->|<[^>]*>|&[#\w]+;|[\w-]+="[^"]*\"""", re.DOTALL
)
#: attributes that are read out or shown
_READ_OUT = re.compile(r'\s(?:aria-label|alt|title|placeholder)="([^"]*)"')


def sentences(path: Path) -> Iterator[tuple[str, int]]:
    """Each sentence that a template gives to `t`, with its line; both ways of a choice."""
    for call in _tree(path).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t" and call.args:
            first = call.args[0]
            yield from ((each.value, each.lineno) for each in _ways(first))


def bare(path: Path) -> Iterator[tuple[str, int]]:
    """Words that stand in a template itself, so that they are the same in every language."""
    text = _without_code(path)
    if path.suffix in (".html", ".svg"):
        for label in _READ_OUT.finditer(text):
            if any(map(str.isalpha, label.group(1))):
                yield label.group(1), text[: label.start()].count("\n") + 1
        text = _MARKUP.sub(lambda found: "\n" * found.group().count("\n"), text)
    for number, line in enumerate(text.splitlines(), 1):
        if any(map(str.isalpha, line)):
            yield line.strip(), number


def _without_code(path: Path) -> str:
    """A template without what Jinja reads, with its lines where they were."""
    tokens = _JINJA.lex(path.read_text(encoding="utf-8"))
    return "".join(
        value if kind == "data" else "\n" * value.count("\n") for _, kind, value in tokens
    )


def _ways(part: nodes.Expr) -> Iterator[nodes.Const]:
    if isinstance(part, nodes.Const):
        yield part
    elif isinstance(part, nodes.CondExpr):
        yield from _ways(part.expr1)
        if part.expr2 is not None:
            yield from _ways(part.expr2)


def _tree(path: Path) -> nodes.Template:
    return _JINJA.parse(path.read_text(encoding="utf-8"))


#: whoever only looks for words needs no escaping
_JINJA = Environment(autoescape=True)
