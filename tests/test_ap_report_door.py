"""Alternative provision at the door: of a council's own records only totals of the whole area leave, none small."""

import csv
from dataclasses import fields, replace

import pytest
import xarray as xr
from builders_ap_forecast import made_up_ap, with_sent
from builders_door import AHEAD, a_run, by_year_group
from builders_projection import small_projection, with_places, with_real_places

from forecast.domain import ApSetting, KeyStage, Reason
from forecast.places.shortage import shortage
from forecast.report.ap_tables import AP, EVERYONE, SENT, SENT_BY_SCHOOLS, ap_table, ap_tables
from forecast.report.door import publish_runs
from forecast.report.door_ap import is_few
from forecast.report.door_rules import HIDDEN, PUBLICATION
from forecast.report.tables import all_tables

STATISTICS = ["mean", "p10", "p50", "p80", "p90"]
PARTS = {*ApSetting, *Reason, *KeyStage}
"""Labels of lines that must not leave."""


def sliced(projection):
    """The projection and what is forecast of alternative provision, over as few years as `a_run` writes."""
    years = slice(0, AHEAD + 1)
    ap = projection.ap
    short = {
        part.name: value.isel(year=years)
        for part in fields(ap)
        if isinstance(value := getattr(ap, part.name), xr.DataArray)
    }
    by_year = ("demand", "expected", "places", "population", "england_special_rate")
    made = replace(projection, **{name: getattr(projection, name).isel(year=years) for name in by_year})
    made = replace(made if made.register is None else with_places(made, made.places), ap=replace(ap, **short))
    if made.register is None:
        return made
    return replace(made, short=shortage(made.claims, made.register))


def a_run_with_ap(folder, projection, scenario="baseline"):
    """A run folder with tables on alternative provision, those on places reckoned with children of both kinds."""
    made = replace(sliced(projection), scenario=scenario)
    return a_run(folder, replace(made, ap=None), {**all_tables(made), **ap_tables(made)})


def county(times=1.0):
    made = by_year_group(with_real_places(districts=2, draws=6, synthetic=True))
    return replace(made, ap=made_up_ap(made, basis="records", times=times))


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Run folders of a county as it is, of few such children, and of published figures."""
    place = tmp_path_factory.mktemp("runs")
    published = small_projection(districts=2, draws=5)
    return {
        "many": a_run_with_ap(place, county()),
        "few": a_run_with_ap(place, county(0.02), "few"),
        "published": a_run_with_ap(place, replace(published, ap=made_up_ap(published))),
        "sent": a_run_with_ap(place, with_sent(replace(published, ap=made_up_ap(published))), "sent"),
        "own and sent": a_run_with_ap(place, with_sent(county()), "own and sent"),
    }


@pytest.fixture(scope="module")
def out(runs, tmp_path_factory):
    """What is released of each, and of the first to the council's own eyes: name -> folder."""
    place = tmp_path_factory.mktemp("door")
    folders = {name: publish_runs([run], place / name).folder for name, run in runs.items()}
    folders["internal"] = publish_runs([runs["many"]], place / "internal", "internal").folder
    return folders


def read(folder, name):
    (scenario,) = (path for path in folder.iterdir() if path.is_dir())
    path = scenario / f"{name}.csv"
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def about(folder):
    return (folder / "about.txt").read_text(encoding="utf-8")


def test_only_children_on_roll_and_places_in_the_fullest_month_of_the_whole_area_leave(out):
    rows = read(out["many"], AP)
    assert {row["by"] for row in rows} == {row["line"] for row in rows} == {row["setting"] for row in rows} == {"all"}
    assert {row["measure"] for row in rows} == {"headcount", "peak places"}
    assert all(float(row[name]) % 5 == 0 for row in rows for name in STATISTICS)
    projection = sliced(county())
    (own,) = ap_tables(projection)[AP].query("by == 'all' and measure == 'headcount' and year == 2029")["mean"]
    (told,) = [row["mean"] for row in rows if (row["measure"], row["year"]) == ("headcount", "2029")]
    assert abs(float(told) - own) <= 2.5


def test_nothing_else_of_alternative_provision_is_in_any_file_that_leaves(out):
    for name in ("many", "few"):
        for path in sorted(out[name].rglob("*.csv")):
            cells = {cell for row in csv.reader(path.read_text(encoding="utf-8").splitlines()) for cell in row}
            assert not cells & PARTS, path.name
        assert read(out[name], EVERYONE) is None
        assert not [path.name for path in out[name].rglob("ap_*")]


def test_what_is_left_out_is_said_and_why(out):
    said = about(out["many"])
    assert (
        "alternative_provision.csv, but for children on roll and places in the fullest month of the whole area" in said
    )
    assert "alternative_provision_everyone.csv: children with and without a plan side by side" in said
    assert "alternative_provision.csv: the whole area has so few children in it" in about(out["few"])
    left_out = about(out["published"]).split("What is left out")[1].split("\n\n")[0]
    assert "alternative_provision" not in left_out
    for name in ("many", "published"):
        assert "place-years" in about(out[name])
    assert "place-years" not in about(out["few"])


def test_where_such_children_are_few_nothing_is_said_of_them_nor_of_what_their_places_leave_over(out):
    assert read(out["few"], AP) is None
    rows = [row for row in read(out["few"], "places") if row["measure"] in {"short", "chance short"}]
    filled_by_both = [row for row in rows if row["provision"] in {"alternative", "all specialist places"}]
    assert filled_by_both
    assert {row["mean"] for row in filled_by_both if row["mean"]} == {HIDDEN}
    special = [row for row in rows if row["provision"] == "special" and row["year"] == "2030"]
    assert all(row["mean"] != HIDDEN for row in special)


def test_at_the_census_no_shortage_of_ap_schools_is_worked_out_of_children_with_a_plan_alone(out):
    rows = [row for row in read(out["many"], "places") if row["measure"] == "short" and row["year"] == "2025"]
    by_kind = {row["provision"]: row["mean"] for row in rows}
    assert by_kind["alternative"] == HIDDEN
    assert by_kind["special"] not in {HIDDEN, ""}
    later = {row["provision"]: row["mean"] for row in read(out["many"], "places")
             if row["measure"] == "short" and row["year"] == "2030"}  # fmt: skip
    own = sliced(county()).short.of_served.sel(year=2030, provision="alternative").sum(["district", "need", "band"])
    assert abs(float(later["alternative"]) - float(own.mean())) <= 2.5


def test_a_run_without_such_figures_is_released_as_ever(out, tmp_path):
    plain = replace(county(), ap=None)
    released = publish_runs([a_run(tmp_path / "runs", plain)], tmp_path / "out").folder
    children = [
        [row for row in read(folder, "places") if row["measure"] in {"children", "more than now", "places"}]
        for folder in (released, out["many"])
    ]
    assert children[0] == children[1]
    shorts = {row["provision"]: row["mean"] for row in read(released, "places")
              if row["measure"] == "short" and row["year"] == "2025"}  # fmt: skip
    assert shorts["alternative"] != HIDDEN


def test_estimates_leave_whole_and_the_councils_own_eyes_see_all(out):
    published, internal = read(out["published"], AP), read(out["internal"], AP)
    assert {row["by"] for row in published} == {row["by"] for row in internal}
    assert len({row["by"] for row in published}) == 6
    numbers = [row["mean"] for row in published if row["mean"] != "fewer than 5"]
    assert all(float(number) % 1 == 0 and not 0 < float(number) < 5 for number in numbers)
    assert len(numbers) < len(published)
    assert {row["marking"] for row in internal} == {"OFFICIAL-SENSITIVE, not for publication"}
    assert read(out["published"], EVERYONE)


def test_scenarios_are_closed_together_where_one_of_them_has_few(runs, tmp_path):
    folder = publish_runs([runs["many"], runs["few"]], tmp_path / "out").folder
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 2
    assert not list(folder.rglob(f"{AP}.csv"))


def test_few_children_in_ap_schools_alone_close_the_whole():
    """Else their number would follow from what their places leave over."""
    projection = sliced(county())
    ap = projection.ap
    few = xr.DataArray([0.02, 1.0, 1.0], coords={"setting": ap.arrivals["setting"]}, dims="setting")
    parts = {name: getattr(ap, name) * few for name in ("arrivals", "headcount", "filled", "transition")}
    alone = replace(ap, **parts, peak=(ap.peak * few).round().astype(int))
    assert is_few(ap_table(projection, alone), PUBLICATION)
    assert not is_few(ap_table(projection, ap), PUBLICATION)
    none = replace(ap, **{name: part * 0 for name, part in parts.items()}, peak=ap.peak * 0)
    assert not is_few(ap_table(projection, none), PUBLICATION)


def test_those_sent_by_schools_leave_as_estimates_and_never_from_own_records_but_in_the_total(out):
    told = [row for row in read(out["sent"], AP) if row["measure"] == SENT]
    assert {row["by"] for row in told} == {"setting", "key_stage", "district"}
    assert SENT_BY_SCHOOLS in {row["who"] for row in read(out["sent"], EVERYONE)}
    rows = read(out["own and sent"], AP)
    assert {row["measure"] for row in rows} == {"headcount", "peak places"}
    assert rows == [row | {"scenario": "own and sent"} for row in read(out["many"], AP)]
    assert "sent by their schools for part of the week" in about(out["own and sent"])


def test_what_is_told_of_the_census_is_called_modelled_and_children_with_a_plan_counted(out):
    assert {row["figures"] for row in read(out["many"], AP)} == {"modelled from the area's own records"}
    assert {row["year"] for row in read(out["many"], AP)} >= {"2025"}
    assert {row["figures"] for row in read(out["many"], "places")} == {"counted at the census, modelled after it"}
    assert {row["figures"] for row in read(out["published"], AP)} == {"modelled from published figures"}
    inside = {row["measure"]: row["figures"] for row in read(out["internal"], AP)}
    assert inside["headcount"] == "modelled from the area's own records"


@pytest.mark.parametrize("setting", list(ApSetting))
def test_few_children_of_any_one_setting_close_the_whole(setting):
    """Three in one setting are the whole less the others, where those are published."""
    projection = sliced(county())
    ap = projection.ap
    assert not is_few(ap_table(projection, ap), PUBLICATION)
    few = xr.where(ap.arrivals["setting"] == setting, 0.02, 1.0)
    parts = {name: getattr(ap, name) * few for name in ("arrivals", "headcount", "filled", "transition")}
    assert is_few(ap_table(projection, replace(ap, **parts)), PUBLICATION)


def test_few_of_those_sent_close_the_whole():
    projection = sliced(county())
    some = with_sent(projection)
    few = replace(some.ap, hosted=(some.ap.hosted * 0).where(some.ap.hosted["key_stage"] != "ks4", 1))
    assert not is_few(ap_table(projection, some.ap), PUBLICATION)
    assert is_few(ap_table(projection, few), PUBLICATION)
