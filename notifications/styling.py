"""Puts the style sheet into the elements of a template, because many mail programs drop it.

This happens once, when a template is loaded, and not for each mail: a selector is one class, so
what an element looks like does not depend on where it stands.
"""

import re
from functools import cache
from pathlib import Path

import css_inline

_LAYOUT = Path(__file__).parent / "templates" / "layout"
_CLASSES = re.compile(r'class="([a-z -]+)"')
_STYLE = re.compile(r'style="([^"]*)"')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def inlined(source: str) -> str:
    """A template with ``style`` beside each ``class``; a class that nothing selects is dropped."""
    return _CLASSES.sub(lambda found: _attributes(found.group(1)), source)


@cache
def kept() -> str:
    """The part of the style sheet that stays one: dark colours and narrow screens, in lines."""
    css = _compressed((_LAYOUT / "kept.css").read_text(encoding="utf-8"))
    return css.replace("}", "}\n").strip()


@cache
def _attributes(classes: str) -> str:
    element = f'<p class="{classes}"></p>'
    styled = _STYLE.search(css_inline.inline_fragment(element, _sheet()))
    if styled is None:
        raise LookupError(f"layout/style.css has no class for {classes!r}")
    style = f'style="{_compressed(styled.group(1)).rstrip(";")}"'
    kept = " ".join(name for name in classes.split() if name in _kept())
    return f'class="{kept}" {style}' if kept else style


@cache
def _sheet() -> str:
    return _compressed((_LAYOUT / "style.css").read_text(encoding="utf-8"))


@cache
def _kept() -> frozenset[str]:
    """The classes that what is kept selects."""
    return frozenset(re.findall(r"\.([a-z][a-z-]*)(?=[,{])", kept()))


def _compressed(css: str) -> str:
    return re.sub(r"\s*([{};:,])\s*", r"\1", _COMMENT.sub("", css)).strip()
