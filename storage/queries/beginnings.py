"""What a library that begins has done already, in one question."""

from typing import NamedTuple

from sqlalchemy import BindParameter, Table, and_, bindparam, exists, func, select
from sqlmodel import Session

from storage.queries.cases import CASES, PEOPLE
from storage.queries.course_pages import COURSES, PARTNERS
from storage.queries.samples import SAMPLES
from storage.queries.staff import STAFF
from storage.tables import Organisation

_LIBRARIES: Table = Organisation.__table__  # type: ignore[attr-defined]


class Begun(NamedTuple):
    """What is there."""

    mail_address: bool
    colleagues: bool
    course: bool
    contact: bool


_LIBRARY: BindParameter[int] = bindparam("library")
_BEGUN = select(
    exists().where(_LIBRARIES.c.id == _LIBRARY, _LIBRARIES.c.mail_address.is_not(None)),
    select(func.count() > 1)
    .where(STAFF.c.organisation_id == _LIBRARY, STAFF.c.active)
    .scalar_subquery(),
    # what was added as an example is no beginning
    exists().where(
        COURSES.c.organisation_id == _LIBRARY,
        COURSES.c.active,
        PARTNERS.c.id == COURSES.c.provider_id,
        ~exists().where(
            and_(
                SAMPLES.c.organisation_id == _LIBRARY,
                SAMPLES.c.kind == "course",
                SAMPLES.c.subject_id == COURSES.c.id,
            )
        ),
    ),
    exists().where(
        CASES.c.organisation_id == _LIBRARY,
        PEOPLE.c.id == CASES.c.participant_id,
        PEOPLE.c.person_key > 0,
    ),
)


def begun(session: Session, organisation_id: int) -> Begun:
    """What a library has done already."""
    row = session.connection().execute(_BEGUN, {"library": organisation_id}).one()
    return Begun(*map(bool, row))
