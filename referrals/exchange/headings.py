"""What offices call their columns. Declarative: a field, and every heading seen for it."""

STAGES = {
    "contact": "eerste contact|contact|contactdatum|datum contact|1e contact|aanmelding"
    "|aangemeld|datum aanmelding|first contact|binnengekomen op",
    "trust": "kennismaking|kennisgemaakt|vertrouwen|kennismakingsgesprek|koffie|trust|met",
    "screened": "taalmeter|gescreend|screening|taalmeter afgenomen|niveaubepaling|screened",
    "agreed": "toestemming|akkoord|toestemming gegeven|consent|agreed|avg akkoord",
    "referred": "doorverwezen|verwezen|verwijzing|doorverwijzing|doorverwezen op|referred",
    "spoken": "contact gelegd|contact gelegd met aanbieder|gesproken|spoken|contact aanbieder",
    "intake": "intake|intakegesprek|intake gehad|datum intake",
    "waiting": "wachtlijst|op wachtlijst|wachtend|waiting list|waiting",
    "placed": "geplaatst|plaatsing|placed",
    "started": "gestart|start|startdatum|start cursus|begonnen|started|start datum",
    "attending": "doet mee|deelname|aanwezig|volgt les|attending",
    "completed": "afgerond|klaar|einddatum|voltooid|certificaat|afgesloten|completed|diploma",
    "next_step": "vervolg|vervolgstap|doorstroom|uitstroom|next step",
    "stopped": "gestopt|uitval|uitgevallen|gestopt op|stopdatum|stop|stopped|afgehaakt",
    "unreachable": "niet bereikbaar|niet bereikt|onbereikbaar|unreachable",
    "not_now": "nu niet|later|pauze|on hold|not now",
    "returned": "teruggekeerd|terug|hervat|returned",
}

PERSON = {
    "number": "nr|nummer|volgnr|volgnummer|no|id|#|number|personeelsnr|personeelsnummer|rij",
    "first_name": "voornaam|roepnaam|vnaam|first name|firstname|given name|voorletters",
    "last_name": "achternaam|familienaam|anaam|last name|lastname|surname|family name",
    "full_name": "naam|naam deelnemer|naam medewerker|deelnemer|medewerker|naam cursist|cursist"
    "|kandidaat|name|full name|volledige naam|voor en achternaam|naam kandidaat",
    "phone": "tel|telefoon|telefoonnummer|tel nr|telnr|telnummer|mobiel|mobiele nummer|gsm"
    "|phone|mobile|06 nummer|phone number|mobiel nummer|telefoon nr|06",
    "email": "e mail|email|mail|mailadres|e mailadres|emailadres|prive e mail|prive mail"
    "|mail adres",
    "notes": "opmerkingen|opmerking|bijzonderheden|notities|notitie|toelichting|remarks|notes|memo",
}

REGISTER = {
    **PERSON,
    "birth_year": "geb jaar|geboortejaar|gebjaar|geboortedatum|geb datum|geboren|birth year"
    "|jaar geb|year of birth|date of birth",
    "postcode": "postcode|pc|postcode4|pc4|zip|postal code",
    "municipality": "gemeente|woonplaats|plaats|municipality|town",
    "mother_tongue": "nt1 nt2|nt1 of nt2|nt|nt2|moedertaal|nt 1 2|mother tongue",
    "channel": "via|hoe binnengekomen|binnengekomen via|vindplaats|herkomst|instroom via|kanaal"
    "|channel|hoe gevonden|verwezen door|aangemeld door|bron|way in",
    "referrer_name": "naam doorverwijzer|doorverwijzer|verwijzer|naam verwijzer|contactpersoon"
    "|doorverwezen door|referrer",
    **STAGES,
    "reason": "reden|reden stop|reden gestopt|reden uitval|waarom|reden van stoppen|reason",
    "provider": "naar aanbieder|aanbieder|naar|verwezen naar|doorverwezen naar|cursusaanbieder"
    "|provider|waarheen",
}

INTRODUCTION = {
    **PERSON,
    "department": "afdeling|team|department|locatie|ploeg|vestiging",
    "wish": "wil graag|wens|leerwens|wil leren|leervraag|wish|wat wil je leren|interesse",
    "best_moment": "beste moment om te bellen|beste moment|bereikbaar|wanneer bellen|beste tijd"
    "|belmoment|best moment|best time",
}
