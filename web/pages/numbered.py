"""The number of a row in an address: anything else than a number is a page that is not there."""

from typing import Annotated

from fastapi import Depends, Path
from starlette.exceptions import HTTPException

#: digits; a row number of SQLite and PostgreSQL fits
_DIGITS = 15


def row_number(text: str) -> int:
    """The number that stands in an address; 404 for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise HTTPException(404)
    return int(text)


def _number(number: str) -> int:
    return row_number(number)


#: a part of an address that is a row number, by whatever name
Row = Annotated[int, Path(ge=1, lt=10**_DIGITS)]
#: the part ``{number}`` of an address
Numbered = Annotated[int, Depends(_number)]
