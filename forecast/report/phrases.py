"""Parts of sentences: numbers, ranges, chances, dates and names, in words that can be read aloud.

"About" is to the nearest ten (nearest five under a hundred); the 80% range is "8 chances in 10".
"""

from collections.abc import Hashable, Mapping
from textwrap import wrap
from typing import Any, Final, TypeAlias

from forecast.domain import Phase
from forecast.inputs.about import About
from forecast.projection import Projection
from forecast.scenario.worlds import IF

Row: TypeAlias = Mapping[Hashable, Any]
"""A row of a table, by column."""
RANGE: Final = "8 chances in 10"
"""What p10 to p90 is called."""
FEW: Final = 5
"""Fewer children than this are never given as a number."""
FINE, COARSE, LARGE = 5, 10, 100
"""Rounding in sentences: to FINE under LARGE, to COARSE from there on."""
LAST_WORD: Final = 12
"""Characters by which a line may pass its share, so that a word is not left over."""
MARKING: Final = (
    "OFFICIAL-SENSITIVE: counts of the council's own children, some of them small. Not for publication: "
    "`forecast publish` makes tables that may leave."
)
"""First note of every output on a council's own counts."""
RARE: Final = 0.05
"""A chance below this, or above its complement, is given as a bound."""
BASELINE: Final = "baseline"
"""Name of the scenario that changes nothing."""
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Names of the months."""
PHASE_WORDS: Final = {Phase.POST_16: "aged 16-19", Phase.POST_19: "aged 19-25"}


def area_children(about: About) -> str:
    """Whose children a sentence is about: "Worcestershire's children"; invented ones are called synthetic."""
    owner = f"{about.name}'" if about.name.endswith("s") else f"{about.name}'s"
    return f"{owner} synthetic children" if about.synthetic else f"{owner} children"


def area_name(about: About) -> str:
    """Name of the area as titles give it; an invented one says so."""
    return f"{about.name} (synthetic)" if about.synthetic else about.name


def condition(projection: Projection, year: int) -> str:
    """What a forecast of January `year` rests on, for the inside of a sentence; may be empty."""
    parts = [f'under the scenario "{projection.scenario}"'] if has_own_scenario(projection) else []
    parts += [IF[projection.world]] if projection.world_of(year) else []
    return " and ".join(parts)


def has_own_scenario(projection: Projection) -> bool:
    """Whether the scenario is more than the world that it stands in."""
    return projection.scenario not in {BASELINE, projection.world.words, capped(projection.world.words)}


def provision_words(about: About, label: str) -> str:
    """Words for a kind of place; where two labels have the same words, the label tells them apart."""
    words = about.provision_name(label)
    alike = [other for other in about.provisions if about.provision_name(other) == words]
    return words if len(alike) == 1 else f"{words} ({label})"


def phase_words(label: str) -> str:
    """Words for a phase: bare ages become "aged 16-19"."""
    return PHASE_WORDS.get(Phase(label), label)


def uncapped(words: str) -> str:
    """Words for the middle of a sentence."""
    return words[0].lower() + words[1:]


def capped(words: str) -> str:
    """Words for the start of a sentence or a label."""
    return words[0].upper() + words[1:]


def census(year: int) -> str:
    """January census in words."""
    return f"January {year}"


def month_words(month: str) -> str:
    """A month such as 2027-09 in words: September 2027."""
    return f"{MONTHS[int(month[5:7]) - 1]} {month[:4]}"


def count(children: float) -> str:
    """A number of children as tables show it: whole, and never a small one."""
    if children == 0:
        return "0"
    return f"fewer than {FEW}" if abs(children) < FEW else f"{round(children):,}"


def count_range(low: float, high: float) -> str:
    """A range of children as tables show it: "2,384 to 3,120", "up to 12"; empty where all of it is small."""
    if high < FEW:
        return ""
    return f"up to {count(high)}" if low < FEW else f"{count(low)} to {count(high)}"


def rounded(children: float) -> str:
    """A number of children, without its sign, as sentences say it."""
    step = COARSE if abs(children) >= LARGE else FINE
    return f"{round(abs(children) / step) * step:,}"


def rounded_up(places: float) -> str:
    """Places that would be enough, as sentences say them: never fewer than are needed."""
    step = COARSE if places >= LARGE else FINE
    return f"{int(-(-places // step)) * step:,}"


def about_more(change: float) -> str:
    """A change with its direction: "about 410 more", "about 120 fewer", "about as many"."""
    if abs(change) < FEW:
        return "about as many"
    return f"about {rounded(change)} {'more' if change > 0 else 'fewer'}"


def between(low: float, high: float) -> str:
    """The range of a change with its direction: "between 250 and 590 more"."""
    if low >= 0:
        return f"between {rounded(low)} and {rounded(high)} more"
    if high <= 0:
        return f"between {rounded(high)} and {rounded(low)} fewer"
    return f"between {rounded(low)} fewer and {rounded(high)} more"


def change_words(row: Row) -> str:
    """A change with its range in brackets, from a row of a table: "about 410 more (250 to 590)"."""
    low, high = row["p10"], row["p90"]
    span = f"{rounded(low)} to {rounded(high)}" if row["mean"] >= FEW else f"{rounded(low)} to {rounded(high)} more"
    if high <= 0:
        span = f"{rounded(high)} to {rounded(low)} fewer"
    elif low < 0:
        span = f"{rounded(low)} fewer to {rounded(high)} more"
    return f"{about_more(row['mean'])} ({span})"


def chances(share: float) -> str:
    """A probability in words, never quite certain: "9 chances in 10"."""
    if share < RARE:
        return "less than 1 chance in 20"
    if share > 1 - RARE:
        return "more than 19 chances in 20"
    tenths = min(max(round(share * 10), 1), 9)
    return f"{tenths} chance{'s' if tenths > 1 else ''} in 10"


def chances_in_brief(share: float) -> str:
    """A probability for a narrow column: "9 in 10", "over 19 in 20"."""
    words = chances(share).replace("more than", "over").replace("less than", "under")
    return words.replace(" chances", "").replace(" chance", "")


def in_a_hundred(share: float) -> str:
    """A share as a number in each hundred, to one decimal."""
    return f"{share * 100:.1f}"


def signed(change: float) -> str:
    """A change in figures: "+120", "-15", "under 5"."""
    return f"{round(change):+,}" if abs(change) >= FEW or change == 0 else f"under {FEW}"


def even_lines(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` characters, about equally long."""
    lines = len(wrap(text, width))
    return wrap(text, min(width, len(text) // lines + LAST_WORD))
