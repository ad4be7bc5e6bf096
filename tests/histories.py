"""Random lives of invented children over several censuses: as untidy as returns are."""

from random import Random

from builders_return import POSTCODES, SCHOOLS, at, child, plan

HOMES = [postcode for postcode, district in POSTCODES.items() if district in {"North", "South"}]
NEEDS = ("ASD", "SEMH", "MLD", "DS", "OTH")
SETTINGS = ("OLA", "EHE", "NEET", "EYP")


def histories(seed, children=60, censuses=(2023, 2024, 2025)):
    """Census -> children of its return, each described anew every year, with faults."""
    luck = Random(seed)  # noqa: S311 - invented lives, no secrets
    lives = [_life(luck, f"{seed:03d}{number:04d}") for number in range(children)]
    return {census: [_filed(luck, life) for life in lives if luck.random() < 0.85] for census in censuses}


def _day(luck, first, last):
    return f"{luck.randint(first, last)}-{luck.randint(1, 12):02d}-{luck.randint(1, 28):02d}"


def _life(luck, name):
    plans = [_plan(luck) for _ in range(luck.choices((0, 1, 2), (1, 8, 2))[0])]
    return {"name": name, "born": _day(luck, 1999, 2021), "home": luck.choice(HOMES), "plans": plans}


def _plan(luck):
    start = luck.choices((_day(luck, 2018, 2025), None, "unnamed"), (16, 1, 1))[0]
    cease = _day(luck, 2022, 2025) if luck.random() < 0.3 and start != "unnamed" else None
    reason = luck.choice((1, 2, 5, 5, None)) if cease else None
    placed = [_place(luck) for _ in range(luck.choices((0, 1, 2, 3), (1, 6, 3, 1))[0])]
    came_from = "123" if luck.random() < 0.1 else ""
    return plan(
        start, cease, reason, needs=luck.sample(NEEDS, luck.choice((0, 1, 2))), placed=placed, came_from=came_from
    )


def _place(luck):
    entry = luck.choice((_day(luck, 2019, 2025), None))
    kind = luck.random()
    school = luck.choice(SCHOOLS)[0] if kind < 0.7 else luck.choice(("", "999999"))
    return at(
        school,
        ukprn=luck.choice(("", "", "10000003", "10099999")),
        setting=luck.choice(SETTINGS) if kind > 0.8 else "",
        rank=luck.choice((1, 1, 1, 2, None)),
        entry=entry,
        leaving=_day(luck, 2022, 2026) if luck.random() < 0.3 else None,
        unit=luck.random() < 0.1,
        resourced=luck.random() < 0.1,
    )


def _filed(luck, life):
    """A life as one return has it: now and then it has moved house, or a plan is left out."""
    home = luck.choice(HOMES) if luck.random() < 0.1 else life["home"]
    plans = [one for one in life["plans"] if luck.random() < 0.95]
    return child(life["name"], life["born"], plans, postcode=home)
