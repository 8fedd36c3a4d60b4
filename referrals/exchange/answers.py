"""Turns what people write in a column into the codes that Brug knows: way in, reason, language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from referrals.exchange.cells import Cell, faulty, text_of
from referrals.names import folded

#: out of 100, by rapidfuzz: "werkgver" is still "werkgever"
ALIKE = 84
OTHER = "other"

#: nobody in a register of adults is older than this, or younger than ten
EARLIEST_BIRTH = 1900
YOUNGEST = 10

_CHANNELS = {
    "school": "school|basisschool|juf|meester|leerkracht|groep 3|boekstart|voorschool"
    "|peuterspeelzaal|kinderopvang|creche|kinderdagverblijf|voorleesexpress|taal voor thuis"
    "|ouderkamer|school child",
    "employer": "werkgever|bedrijf|hr|werk|personeelszaken|p&o|leidinggevende|uitzendbureau"
    "|employer",
    "digital_desk": "ido|digitaal spreekuur|inloopspreekuur|spreekuur"
    "|informatiepunt digitale overheid|digitaal inloop|digitale hulp|computercafe|klik en tik"
    "|klik & tik|digisterker|digital desk",
    "language_course": "taalles|taalcursus|taalhuis|taalpunt|taalcafe|inburgering|language course",
    "self": "zelf|zelf aangemeld|eigen initiatief|op eigen initiatief|self|balie",
    "campaign": "folder|flyer|website|site|internet|poster|krant|advertentie|markt|marktkraam"
    "|stand|campagne|facebook|social media|radio|tv|week van lezen en schrijven|campaign",
    "partner": "gemeente|wijkteam|buurtteam|uwv|sociale dienst|werkplein|huisarts|roc|welzijn"
    "|partner|vluchtelingenwerk|voedselbank|buurthuis|bibliotheek|stichting"
    "|maatschappelijk werk|ggd",
    "acquaintance": "via via|kennis|vriend|vriendin|buurvrouw|buurman|familie|dochter|zoon"
    "|mond tot mond|acquaintance|friend|bekende",
    "other": "anders|overig|other",
}

_REASONS = {
    "shame": "schaamte|schaamt zich|shame",
    "taboo": "taboe|taboo",
    "fear_of_school": "angst voor school|schoolangst|bang voor school|fear of school",
    "only_online": "alleen online|online|online les|lessen online|alleen lessen online|online only",
    "no_laptop": "geen laptop|geen goede laptop|geen computer|geen apparaat|no laptop",
    "fear_of_mistakes": "bang om fouten te maken|faalangst|fouten maken|fear of mistakes",
    "offer_does_not_fit": "aanbod past niet|past niet|niet passend|niveau|te makkelijk"
    "|te moeilijk|offer does not fit",
    "nothing_available": "niets beschikbaar|geen aanbod|geen plek|geen plaats|vol"
    "|nothing available",
    "childcare": "oppas|kinderopvang|geen oppas|kinderen|childcare",
    "working_hours": "werktijden|werk|ploegendienst|rooster|working hours",
    "cost": "kosten|te duur|geld|reiskosten|cost",
    "moved": "verhuisd|verhuizing|moved",
    # health is recorded as personal, nothing more
    "personal": "persoonlijk|privé|prive|ziek|ziekte|gezondheid|familie|zwanger|personal",
    "no_time": "geen tijd|tijd|druk|te druk|no time",
    "left_the_employer": "niet meer in dienst|uit dienst|ontslag|left the employer",
    "child_left_school": "kind van school|child left school",
    "other": "anders|overig|other",
}


@dataclass(frozen=True)
class Answer:
    """A code, and whether the words were understood or fell to "other"."""

    code: str | None
    understood: bool = True


def _phrases(codes: Mapping[str, str]) -> dict[str, str]:
    return {folded(phrase): code for code, row in codes.items() for phrase in row.split("|")}


_CHANNEL_PHRASES = _phrases(_CHANNELS)
_REASON_PHRASES = _phrases(_REASONS)


def way_in(text: str) -> Answer:
    """The channel by which somebody was found; "other" when the words are unknown."""
    return _best(text, _CHANNEL_PHRASES)


def reason(text: str) -> Answer:
    """Why somebody stopped, as a route names it; "other" when the words are unknown."""
    return _best(text, _REASON_PHRASES)


def mother_tongue(text: str) -> Answer:
    """``nt1`` or ``nt2``; nothing else is kept, as origin is nobody's business here."""
    plain = folded(text).replace(" ", "")
    if found := re.fullmatch(r"(?:nt)?([12])", plain):
        return Answer(f"nt{found.group(1)}")
    return Answer(None, understood=plain in ("", "onbekend", "nvt", "weetniet"))


def birth_year(cell: Cell, thing: str, *, this_year: int) -> int | None:
    """The year of a year or a date of birth; raises `FaultyValue` for what no adult can have."""
    text = text_of(cell)
    if text in ("", "-", "?") or folded(text) in ("onbekend", "nvt"):
        return None
    found = re.fullmatch(r"(\d{4})|.*\D(\d{4})|(\d{4})\D.*", text)
    year = int(next(part for part in found.groups() if part)) if found else 0
    if not EARLIEST_BIRTH <= year <= this_year - YOUNGEST:
        raise faulty(
            thing, "This is not the birth year of an adult.", "Write four digits, such as 1970."
        )
    return year


def postcode(text: str) -> Answer:
    """The four digits of a Dutch postcode, whatever letters follow."""
    found = re.fullmatch(r"([1-9]\d{3})\s*[a-z]{0,2}", text.strip().lower())
    if found:
        return Answer(found.group(1))
    return Answer(None, understood=text.strip() in ("", "-", "?"))


def _best(text: str, phrases: Mapping[str, str]) -> Answer:
    plain = folded(text)
    if not plain or plain in ("onbekend", "nvt"):
        return Answer(None)
    if plain in phrases:
        return Answer(phrases[plain])
    within = [phrase for phrase in phrases if f" {phrase} " in f" {plain} "]
    if within:
        return Answer(phrases[max(within, key=len)])
    score, phrase = max((ratio(plain, phrase), phrase) for phrase in phrases)
    return Answer(phrases[phrase]) if score >= ALIKE else Answer(OTHER, understood=False)
