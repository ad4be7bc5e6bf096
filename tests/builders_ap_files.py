"""Files of alternative provision of the small area, each table's rows as tuples, and the area with them."""

from builders import as_csv, small_area

from forecast.inputs.ap_agree import ap_disagreements
from forecast.inputs.area_toml import read_about
from forecast.inputs.schemas import TABLES, file_columns
from forecast.inputs.tables import read_table

ROLLS = (
    (2025, 1, "all", "ap_school", "all", "all", "all", 60, "", "Census"),
    (2025, 1, "all", "ap_school", "with", "all", "all", 20, "", "Census"),
    (2025, 1, "all", "ap_school", "without", "all", "all", 40, 360, "Census"),
    (2025, 1, "all", "ap_school", "all", "all", "ks3", 25, "", "Census"),
    (2025, 1, "all", "ap_school", "all", "all", "ks4", 35, "", "Census"),
    (2025, 1, "North", "ap_school", "without", "exclusion", "ks4", 12, 115, "Count"),
    (2025, 2, "North", "ap_school", "without", "medical", "ks5", "", "", "Count"),
)
ARRIVALS = (
    (2024, 12, "North", "ap_school", "exclusion", "ks3", "short", "without", 30, "Count"),
    (2025, 7, "North", "ap_school", "exclusion", "ks3", "short", "without", 9, "Count"),
    (2025, 7, "South", "la_funded", "medical", "ks4", "transition", "with", 3, "Count"),
)
STAYS = (
    ("ap_school", "exclusion", "ks3", "short", "without", 0, 7, 2, 1, 0),
    ("ap_school", "exclusion", "ks3", "short", "without", 7, 14, 5, 5, 1),
    ("ap_school", "exclusion", "ks3", "short", "without", 364, "", 1, 0, 3),
)
EXCLUSIONS = (
    (2024, 12, "all", "all", 41, 900, "Count"),
    (2025, 7, "North", "ks3", "", 120, "Count"),
)
REST = ("time_limited", "medical", "awaiting", "other")
FIGURES = (
    ("stay_days", "all", "exclusion", "all", "short", 90, 60, 150, "days", "yes", "Own records"),
    *(("reason_share", "ap_school", reason, "all", "all", 0.1, 0, 1, "share", "no", "Judgement") for reason in REST),
    ("reason_share", "ap_school", "exclusion", "all", "all", 0.6, 0, 1, "share", "no", "Judgement"),
)
OWN = {"ap_rolls": ROLLS, "ap_arrivals": ARRIVALS, "ap_stays": STAYS, "exclusions": EXCLUSIONS, "ap": FIGURES}
GOOD = {
    **small_area(),
    **{f"{name}.csv": as_csv([file_columns(TABLES[name]), *rows]) for name, rows in OWN.items()},
}
ABOUT = read_about(GOOD["area.toml"])


def told(name, files):
    """Faults of one table by itself, as the area's are found."""
    table, found = read_table(name, files[f"{name}.csv"], ABOUT)
    return [*found, *([] if found else ap_disagreements(ABOUT, {name: table}))]
