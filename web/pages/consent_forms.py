"""The form of a consent: what can be agreed to, how it was explained, and what was filled in."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from core.words import Told
from referrals.consent import Agreement
from web.forms import Sent
from web.members import Member

#: how long a consent can be given for
LONGEST = timedelta(days=366 * 5)
#: what can be agreed to, as a participant would say it
PURPOSES: Mapping[str, str] = {
    "refer": Told("The library may refer me and pass on what is needed for that."),
    "follow_up": Told("The library may ask me later how it goes."),
    "message": Told("The library may send me messages, such as about an appointment."),
    "tell_referrer": Told("Whoever sent me may hear that I came."),
}
#: what is usually agreed to, and ticked beforehand
USUAL = ("refer", "follow_up")
FORMS: Mapping[str, str] = {"spoken": Told("Spoken"), "written": Told("On paper")}
#: in which it can be explained
LANGUAGES: Mapping[str, str] = {
    "nl": Told("Dutch"),
    "en": Told("English"),
    "ar": Told("Arabic"),
    "tr": Told("Turkish"),
    "ti": Told("Tigrinya"),
    "pl": Told("Polish"),
    "uk": Told("Ukrainian"),
    "fa": Told("Persian"),
    "es": Told("Spanish"),
    "other": Told("Another language"),
}


def read(sent: Sent, member: Member, needed: Sequence[str] = ()) -> Agreement | None:
    """What was agreed to, as `case/consent_form.html` asks it; faults go to the form.

    `needed`: purposes that must be among those that are ticked.
    """
    form = sent.one_of("consent_form", FORMS)
    language = sent.one_of("consent_language", LANGUAGES)
    chosen = [each for each in PURPOSES if each in sent.many("purposes")]
    if not chosen:
        sent.refuse("purposes", "Nothing is chosen here.", "Tick what the participant agreed to.")
    elif missing := [each for each in needed if each not in chosen]:
        remedy = Told("Tick: {purpose}", purpose=PURPOSES[missing[0]])
        sent.refuse("purposes", "This step needs more than what is ticked.", remedy)
    until = None
    if sent["consent_until"].strip():
        until = sent.day("consent_until", member.today + timedelta(days=1), member.today + LONGEST)
    if sent.faults:
        return None
    return Agreement(
        given_on=member.today, purposes=tuple(chosen), form=form, language=language,
        explained_by=member.staff_id, expires_on=until,
    )  # fmt: skip
