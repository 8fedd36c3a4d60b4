"""Who may use which page: one table. A route without a rule answers nobody."""

from collections.abc import Mapping
from dataclasses import dataclass

from web.members import ADMINISTRATORS, COORDINATORS, DESK, SIGNED_IN

#: what a link about answers is for, and a link about mails
ANSWERS = ("follow_up", "referral")
PREFERENCES = ("preferences", "contact_preferences")


@dataclass(frozen=True)
class Rule:
    """Who may use a route: holders of a link, or people with a role who are signed in."""

    #: the links that open it; neither links nor roles: anybody may
    links: tuple[str, ...] = ()
    #: the roles that may use it, once signed in
    roles: tuple[str, ...] = ()
    #: also with a link that is too old, to ask for a new one
    expired: bool = False
    #: a form must come from a page of ours, in the same browser
    own_form: bool = True


ANYBODY = Rule()
_ADMINISTRATOR = Rule(roles=ADMINISTRATORS)
_COORDINATOR = Rule(roles=COORDINATORS)
_DESK = Rule(roles=DESK)
_SIGNED_IN = Rule(roles=SIGNED_IN)
_ROUTE_MAKER = Rule(roles=(*COORDINATORS, "national_office"))

#: the name of a route → who may use it
RULES: Mapping[str, Rule] = {
    "live": ANYBODY,
    "ready": ANYBODY,
    "static": ANYBODY,
    # links in mails
    "show_answer": Rule(ANSWERS, expired=True),
    "answer": Rule(ANSWERS),
    "answered": Rule(ANSWERS),
    "undo_answer": Rule(ANSWERS),
    "ask_code": Rule(("referral",)),
    "ask_for_code": Rule(("referral",)),
    "read": Rule(("referral",)),
    "renew_answer": Rule(ANSWERS, expired=True),
    "show_preferences": Rule(PREFERENCES, expired=True),
    "save_preferences": Rule(PREFERENCES),
    "saved": Rule(PREFERENCES, expired=True),
    "undo_preferences": Rule(PREFERENCES),
    "show_off": Rule(PREFERENCES, expired=True),
    # a mail program posts it on a click, without ever having seen a page (RFC 8058)
    "turn_off": Rule(PREFERENCES, expired=True, own_form=False),
    "renew_preferences": Rule(PREFERENCES, expired=True),
    # whatever was done at the desk and can be taken back
    "undo_deed": _SIGNED_IN,
    # every part that pages are made of, on a machine of one's own
    "components": ANYBODY,
    # signing in, invitations, one's own account, staff
    "show_sign_in": ANYBODY,
    "sign_in": ANYBODY,
    "show_code": ANYBODY,
    "give_code": ANYBODY,
    "choose_library": ANYBODY,
    "show_forgotten": ANYBODY,
    "forget": ANYBODY,
    "show_invitation": ANYBODY,
    "accept_invitation": ANYBODY,
    "show_reset": ANYBODY,
    "reset": ANYBODY,
    "sign_out": _SIGNED_IN,
    "account": _SIGNED_IN,
    "describe_account": _SIGNED_IN,
    "change_password": _SIGNED_IN,
    "begin_codes": _SIGNED_IN,
    "show_codes": _SIGNED_IN,
    "confirm_codes": _SIGNED_IN,
    "stop_codes": _SIGNED_IN,
    "sign_out_elsewhere": _SIGNED_IN,
    "staff": _ADMINISTRATOR,
    "add_staff": _ADMINISTRATOR,
    "colleague": _ADMINISTRATOR,
    "change_role": _ADMINISTRATOR,
    "invite_again": _ADMINISTRATOR,
    "deactivate": _ADMINISTRATOR,
    "activate": _ADMINISTRATOR,
    "stop_codes_of": _ADMINISTRATOR,
    # people, search, new contacts
    "search": _DESK,
    "people": _DESK,
    "new_person": _DESK,
    "add_person": _DESK,
    "doubles": _DESK,
    "person": _DESK,
    "change_person": _DESK,
    "note_consent_of": _DESK,
    "withdraw_consent_of": _DESK,
    "look_at_both": _COORDINATOR,
    "merge_people": _COORDINATOR,
    "new_contact": _DESK,
    "open_contact": _DESK,
    "tally": _DESK,
    "count_contact": _DESK,
    # today, board, list, many at once, saved views
    "start": _SIGNED_IN,
    "take_up": _DESK,
    "boards": _DESK,
    "board": _DESK,
    "case_list": _DESK,
    "choose_columns": _DESK,
    "many": _DESK,
    "look_at_many": _DESK,
    "do_many": _DESK,
    "show_views": _DESK,
    "save_view": _DESK,
    "change_view": _DESK,
    # a case and its moves
    "case": _DESK,
    "moves": _DESK,
    "ask_move": _DESK,
    "make_move": _DESK,
    "undo_step": _DESK,
    "add_note": _DESK,
    "change_owner": _DESK,
    "change_appointment": _DESK,
    "note_answer": _DESK,
    "plan_follow_up": _DESK,
    "follow_up": _DESK,
    "do_follow_up": _DESK,
    "note_consent": _DESK,
    "withdraw_consent": _DESK,
    # routes
    "routes": _SIGNED_IN,
    "route": _SIGNED_IN,
    "change_route_words": _ROUTE_MAKER,
    "route_draft": _ROUTE_MAKER,
    "save_route_draft": _ROUTE_MAKER,
    "discard_route_draft": _ROUTE_MAKER,
    "route_draft_file": _ROUTE_MAKER,
    "route_preview": _ROUTE_MAKER,
    "publish_route": _ROUTE_MAKER,
    "route_migration": _COORDINATOR,
    "migrate_cases": _COORDINATOR,
    "route_back": _COORDINATOR,
    "bring_back_cases": _COORDINATOR,
    # courses, partners, settings, help
    "courses": _DESK,
    "new_course": _COORDINATOR,
    "add_course": _COORDINATOR,
    "course": _DESK,
    "edit_course": _COORDINATOR,
    "change_course": _COORDINATOR,
    "partners": _DESK,
    "new_partner": _COORDINATOR,
    "add_partner": _COORDINATOR,
    "partner": _DESK,
    "edit_partner": _COORDINATOR,
    "change_partner": _COORDINATOR,
    "new_contact_person": _COORDINATOR,
    "add_contact_person": _COORDINATOR,
    "edit_contact_person": _COORDINATOR,
    "change_contact_person": _COORDINATOR,
    "mend_address": _COORDINATOR,
    "settings": _SIGNED_IN,
    "reasons": _DESK,
    "show_library": _COORDINATOR,
    "change_library": _COORDINATOR,
    "show_own_mails": _SIGNED_IN,
    "save_own_mails": _SIGNED_IN,
    "show_leave": _DESK,
    "add_leave": _DESK,
    "end_leave": _DESK,
    "show_texts": _COORDINATOR,
    "edit_text": _COORDINATOR,
    "save_text": _COORDINATOR,
    "show_samples": _ADMINISTRATOR,
    "change_samples": _ADMINISTRATOR,
    "change_checklist": _COORDINATOR,
    "help": _SIGNED_IN,
}


def may_use(route: str, role: str) -> bool:
    """Whether somebody with a role may use a route when signed in."""
    rule = RULES.get(route)
    return rule is not None and role in rule.roles
