"""Where the invented libraries stand: in real municipalities of every province."""

from typing import NamedTuple


class Place(NamedTuple):
    """A library to make up: what it is called after, which municipalities it serves, how busy."""

    name: str
    #: the first is its seat
    municipalities: tuple[str, ...]
    #: its share of the people, beside that of the others
    weight: float = 1.0

    @property
    def short_name(self) -> str:
        """As commands name it."""
        return self.name.lower().replace(" ", "-")


def _alone(name: str, weight: float = 1.0) -> Place:
    return Place(name, (name,), weight)


PLACES = (
    # Groningen
    _alone("Groningen", 3),
    Place("Oost-Groningen", ("Oldambt", "Westerwolde", "Pekela")),
    Place("Eemsmond", ("Eemsdelta", "Het Hogeland"), 0.7),
    # Fryslân
    _alone("Leeuwarden", 1.5),
    Place("Mar en Fean", ("De Fryske Marren", "Heerenveen", "Súdwest-Fryslân")),
    Place("Drachten", ("Smallingerland", "Opsterland"), 0.8),
    # Drenthe
    _alone("Emmen", 1.2),
    Place("Assen", ("Assen", "Tynaarlo")),
    _alone("Hoogeveen", 0.7),
    Place("Meppel", ("Meppel", "Westerveld"), 0.6),
    # Overijssel
    _alone("Enschede", 1.8),
    Place("Zwolle", ("Zwolle", "Zwartewaterland"), 1.4),
    _alone("Deventer", 1.2),
    _alone("Almelo"),
    Place("Hengelo", ("Hengelo (O.)", "Borne")),
    # Flevoland
    _alone("Almere", 2.2),
    Place("Flevomeer", ("Lelystad", "Dronten", "Noordoostpolder")),
    # Gelderland
    _alone("Arnhem", 1.8),
    Place("Nijmegen", ("Nijmegen", "Beuningen"), 1.8),
    _alone("Apeldoorn", 1.4),
    _alone("Ede"),
    Place("West-Achterhoek", ("Doetinchem", "Montferland", "Bronckhorst")),
    Place("Winterswijk", ("Winterswijk", "Aalten"), 0.6),
    Place("Rivierenland", ("Tiel", "Buren", "West Betuwe"), 0.9),
    # Utrecht
    _alone("Utrecht", 3.2),
    Place("Amersfoort", ("Amersfoort", "Leusden"), 1.4),
    _alone("Nieuwegein", 0.8),
    _alone("Veenendaal", 0.7),
    Place("Zeist", ("Zeist", "De Bilt"), 0.8),
    # Noord-Holland
    _alone("Amsterdam", 6),
    _alone("Haarlem", 1.4),
    _alone("Zaanstad", 1.6),
    Place("Kennemerwaard", ("Alkmaar", "Heiloo", "Bergen (NH.)"), 1.2),
    Place("Waterland", ("Purmerend", "Waterland", "Edam-Volendam")),
    Place("West-Friesland", ("Hoorn", "Medemblik")),
    _alone("Den Helder", 0.7),
    _alone("Haarlemmermeer", 1.2),
    _alone("Hilversum", 0.8),
    # Zuid-Holland
    _alone("Rotterdam", 6),
    _alone("Den Haag", 5),
    _alone("Leiden", 1.2),
    _alone("Dordrecht", 1.3),
    _alone("Katwijk"),
    _alone("Gouda", 0.9),
    _alone("Delft"),
    _alone("Schiedam"),
    Place("Zoetermeer", ("Zoetermeer", "Lansingerland"), 1.1),
    # Zeeland
    Place("Walcheren", ("Middelburg (Z.)", "Vlissingen"), 0.9),
    Place("Oosterschelde", ("Goes", "Reimerswaal"), 0.6),
    _alone("Terneuzen", 0.7),
    # Noord-Brabant
    _alone("Eindhoven", 2),
    _alone("Tilburg", 2),
    _alone("Breda", 1.5),
    _alone("Den Bosch", 1.3),
    Place("Helmond", ("Helmond", "Deurne"), 1.2),
    Place("De Kempen", ("Bladel", "Eersel", "Bergeijk"), 0.8),
    _alone("Oss", 0.9),
    Place("West-Brabant", ("Bergen op Zoom", "Roosendaal"), 1.2),
    # Limburg
    _alone("Maastricht", 1.3),
    Place("Heerlen", ("Heerlen", "Landgraaf"), 1.3),
    _alone("Venlo", 1.1),
    Place("Roermond", ("Roermond", "Leudal"), 0.8),
    Place("Sittard", ("Sittard-Geleen", "Stein (L.)"), 0.9),
)

#: the first two digits of postcodes that occur in each province
POSTCODES = {
    "Groningen": ("97", "96"),
    "Fryslân": ("89", "84"),
    "Drenthe": ("94", "78"),
    "Overijssel": ("75", "80"),
    "Flevoland": ("82", "13"),
    "Gelderland": ("68", "65"),
    "Utrecht": ("35", "38"),
    "Noord-Holland": ("18", "15"),
    "Zuid-Holland": ("22", "30"),
    "Zeeland": ("43", "45"),
    "Noord-Brabant": ("56", "48"),
    "Limburg": ("62", "59"),
}
