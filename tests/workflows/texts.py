"""Small route texts, whole unless a test takes something away or adds a fault."""

# ruff: noqa: E501 - one line a part, so that tests can name lines

from core.errors import Fault
from workflows.checking import check
from workflows.definition import Definition

ROUTE = """\
name: small
title: {nl: Klein, en: Small}
stages:
  contact: {title: {nl: Contact, en: Contact}, level: contacted, norm: 5 workdays}
  agreed: {title: {nl: Akkoord, en: Agreed}, level: agreed}
  referred: {title: {nl: Verwezen, en: Referred}, level: referred}
  stopped: {title: {nl: Gestopt, en: Stopped}, aside: true, final: true}
moves:
  agree: {title: {nl: Akkoord, en: Agree}, from: contact, to: agreed, guard: consent_to_refer}
  refer: {title: {nl: Verwijs, en: Refer}, from: [agreed], to: referred, guard: [consent_to_refer, reachable]}
  back: {title: {nl: Terug, en: Back}, from: referred, to: agreed}
  stop: {title: {nl: Stop, en: Stop}, from: '*', to: stopped, asks: [reason, 'note?']}
follow_ups:
  call: {when: contact + 3 workdays, to: owner, do: {nl: Bel., en: Call.}, every: 1 week, at_most: 3, then: stop}
  before: {when: course_start - 3 workdays, in: [agreed, referred], to: referrer, do: {nl: Bel., en: Call.}, ends: [stop]}
referral:
  declined: back
reasons:
  shame: {nl: Schaamte, en: Shame}
"""


def a_definition(text: str = ROUTE) -> Definition:
    """The definition in a text that has no faults."""
    definition, faults = check(text)
    assert definition is not None, [str(fault) for fault in faults]
    return definition


def with_line(number: int, line: str, text: str = ROUTE) -> str:
    """The text with one line (from 1) replaced."""
    lines = text.splitlines()
    lines[number - 1] = line
    return "\n".join(lines) + "\n"


def faults_of(text: str) -> list[tuple[int | None, str, str, str]]:
    """Line, thing, why and remedy of every fault."""
    return [(fault.line, fault.thing, fault.why, fault.remedy) for fault in _faults(text)]


def _faults(text: str) -> tuple[Fault, ...]:
    definition, faults = check(text)
    assert (definition is None) == bool(faults)
    return faults
