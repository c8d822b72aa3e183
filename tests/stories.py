"""Articles unlike each other, as many as a test needs: no rule against repeats stands in its way."""

from itertools import product

_PLACES = ("Ruritania", "Sylvania", "Freedonia", "Grunewald", "Borduria", "Syldavia", "Genovia")
_MATTERS = (
    ("harbour", "cranes", "shipping", "engineers", "containers"),
    ("railway", "carriages", "timetable", "conductors", "sleepers"),
    ("library", "archives", "catalogue", "scholars", "manuscripts"),
    ("vineyard", "barrels", "harvest", "growers", "bottles"),
    ("observatory", "telescopes", "survey", "astronomers", "galaxies"),
    ("orchestra", "violins", "season", "composers", "recordings"),
    ("hospital", "scanners", "clinic", "surgeons", "patients"),
)
_KINDS = list(product(_PLACES, _MATTERS))


def story(number):
    """Return title, dek and body of the n-th article."""
    place, (house, things, work, people, goods) = _KINDS[number % len(_KINDS)]
    count = 1_000 + 37 * number
    title = f"{place} gives its {house} {count:,} new {things}"
    dek = f"The {work} had waited for them since the spring."
    body = (
        f"The {house} of {place} received {count:,} {things} on Monday for its {work}.",
        f"Its {people} expect {count * 3:,} {goods} a year, after {count * 2:,} the year before.",
        f"The {work} cost {number % 90 + 5} million crowns, said the {people} of the {house}.",
        f"The first {goods} go out next month, the {people} wrote in their {work} report.",
    )
    return title, dek, body
