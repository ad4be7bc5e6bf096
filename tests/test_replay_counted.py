"""A replay of a council's own counts: what its own rates would have said at an earlier January, and what it counted."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecast.decide.replay import LEVELS, NoReplay
from forecast.decide.replay_counted import cut_off, replay_counted, replayable
from forecast.domain import NC_YEARS, PHASES, Phase
from forecast.errors import UnknownLabel
from forecast.inputs.area import read_area
from forecast.pipeline_constant import constant_projection
from forecast.report.replay_words import counted_sentences, counted_table
from forecast.settings import Settings

SETTINGS = Settings(draws=40, seed=5, current_year=2025)
ORIGIN = 2023
PRIMARY = PHASES[Phase.PRIMARY]
WHOM = {"provision": "special", "nc_from": 0, "nc_to": 6}
FEW_NEEDS = {"needs": ("ASD", "SEMH"), "districts": ("Mockham", "Testwick")}


@pytest.fixture(scope="module")
def area():
    return read_area("exampleshire")


@pytest.fixture(scope="module")
def replay(area):
    return replay_counted(area, ORIGIN, SETTINGS, **WHOM, **FEW_NEEDS)


def counts(area, year):
    """Children of the group at a census, added up from the table."""
    rows = area.placements[area.placements["year"].eq(year) & area.placements["provision"].eq("special")]
    mine = rows["need"].isin(FEW_NEEDS["needs"]) & rows["district"].isin(FEW_NEEDS["districts"])
    return rows.loc[mine & rows["nc_from"].between(PRIMARY[0], PRIMARY[-1]), "children"].sum()


def test_every_later_january_is_set_beside_what_was_counted(area, replay):
    assert replay.by_year["year"].tolist() == [2024, 2025]
    assert replay.now == counts(area, ORIGIN)
    assert replay.by_year["counted"].tolist() == [counts(area, year) for year in (2024, 2025)]
    assert replay.years == (2022, 2023)


def test_the_forecast_is_that_of_constant_rates_on_the_tables_of_the_day(area, replay):
    then = constant_projection(
        cut_off(area, ORIGIN), SETTINGS.model_copy(update={"current_year": ORIGIN, "horizon": 2})
    )
    mine = then.demand.sel(phase="primary", provision="special")
    mine = mine.sel(need=list(FEW_NEEDS["needs"]), district=list(FEW_NEEDS["districts"])).sum(["need", "district"])
    for name, share in LEVELS.items():
        expected = mine.sel(year=[2024, 2025]).quantile(share, "draw").round()
        assert replay.by_year[name].tolist() == expected.to_numpy().tolist()


def planted(area):
    """The area with nonsense in whatever is dated after the origin, or not at all."""
    rng = np.random.default_rng(0)

    def wild(table):
        late = table["year"] > ORIGIN
        grown = np.where(late, table["children"] * rng.integers(2, 9, len(table)), table["children"])
        return table.assign(children=grown)

    people = area.population
    known = people["variant"].eq("estimate") & people["mid_year"].lt(ORIGIN)
    twice = people.assign(people=np.where(known, people["people"], 7 * people["people"] + 100))
    rumour = people[people["mid_year"].eq(2020)].assign(variant="a rumour", people=1)
    return replace(
        area,
        **{name: wild(getattr(area, name)) for name in ("placements", "flows", "moves", "funnel")},
        checks=area.checks.assign(rows=1),
        population=pd.concat([rumour, twice], ignore_index=True),
        places=area.places.assign(places=9_999),
        births=pd.DataFrame({"mid_year": [2024], "district": ["Mockham"], "births": [10**6], "source": ["a rumour"]}),
    )


def test_nonsense_after_the_origin_changes_no_byte_of_the_advice(area, replay):
    again = replay_counted(planted(area), ORIGIN, SETTINGS, **WHOM, **FEW_NEEDS)
    columns = ["year", *LEVELS]
    assert again.by_year[columns].to_csv().encode() == replay.by_year[columns].to_csv().encode()
    advised = ["year", "rule", "more"]
    assert again.advice[advised].to_csv().encode() == replay.advice[advised].to_csv().encode()
    assert (again.now, again.years) == (replay.now, replay.years)
    assert (again.by_year["counted"] > 1.5 * replay.by_year["counted"]).all()


def test_nonsense_before_the_origin_does_change_the_advice(area, replay):
    more = area.flows.assign(children=area.flows["children"] * (1 + area.flows["year"].eq(ORIGIN)))
    again = replay_counted(replace(area, flows=more), ORIGIN, SETTINGS, **WHOM, **FEW_NEEDS)
    assert not again.by_year[[*LEVELS]].equals(replay.by_year[[*LEVELS]])


def test_nothing_dated_later_or_undated_is_left_when_an_area_is_cut_off(area):
    then = cut_off(planted(area), ORIGIN)
    for table in then.tables.values():
        assert "year" not in table or (table["year"] <= ORIGIN).all()
    assert then.population["mid_year"].max() == ORIGIN - 1
    assert set(then.population["variant"]) == {"estimate"}
    assert then.places.empty
    assert then.about.latest_census == ORIGIN
    assert len(area.places)


def test_advice_is_the_forecast_less_those_then_and_its_outcome_what_was_counted(replay):
    table = replay.advice.merge(replay.by_year, on="year")
    for rule, level in (("constant rates, P50", "p50"), ("constant rates, P80", "p80"), ("constant rates, P90", "p90")):
        mine = table[table["rule"].eq(rule)]
        assert (mine["more"] == mine[level] - replay.now).all()
        assert (mine["short"] - mine["empty"] == mine["counted"] - mine[level]).all()
    assert not table["rule"].str.contains("P10").any()
    idle = table[table["rule"].eq("no change")]
    assert idle["more"].eq(0).all()
    assert (table["short"] * table["empty"] == 0).all()


def test_groups_of_districts_add_up_to_the_area(area):
    everyone = {"provision": "special", "nc_from": NC_YEARS[0], "nc_to": NC_YEARS[-1]}
    whole = replay_counted(area, 2024, SETTINGS, **everyone)
    halves = [
        replay_counted(area, 2024, SETTINGS, **everyone, districts=districts)
        for districts in (area.about.district_names[:3], area.about.district_names[3:])
    ]
    assert sum(half.now for half in halves) == whole.now
    assert sum(half.by_year["counted"] for half in halves).tolist() == whole.by_year["counted"].tolist()


def test_a_single_year_group_can_be_replayed(area):
    (row,) = replay_counted(area, 2024, SETTINGS, provision="special", nc_from=9, nc_to=9).by_year.to_dict("records")
    assert 0.8 * row["counted"] < row["p10"] <= row["p50"] <= row["p90"] < 1.25 * row["counted"]


def test_years_ahead_can_be_replayed_from_the_first_moves_to_the_census_before_the_last(area):
    assert replayable(area) == [2022, 2023, 2024]


def test_an_area_with_too_few_censuses_is_refused_with_what_to_import(area):
    two = cut_off(area, 2022)
    with_one = replace(two, placements=two.placements[two.placements["year"].eq(2022)])
    for few, has in ((two, "2 censuses"), (with_one, "1 census,")):
        with pytest.raises(NoReplay, match=f"has {has}.*import earlier returns.*3 censuses"):
            replay_counted(few, 2021, SETTINGS, **WHOM)


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        (2025, "January 2025 of Exampleshire is the latest.*choose from 2022, 2023, 2024"),
        (2021, "January 2021 of Exampleshire cannot be replayed; choose from 2022"),
        (2030, "January 2030 of Exampleshire cannot be replayed; choose from 2022"),
    ],
)
def test_a_january_that_cannot_be_replayed_is_refused_with_those_that_can(area, origin, said):
    with pytest.raises(NoReplay, match=said):
        replay_counted(area, origin, SETTINGS, **WHOM)


def test_published_figures_are_refused_with_what_can_be_replayed_instead():
    with pytest.raises(NoReplay, match=r"published figures only.*replay all its state special places"):
        replay_counted(read_area("worcestershire"), 2020, SETTINGS, **WHOM)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"provision": "specail"}, "did you mean 'special'"),
        ({"needs": ("AUT",)}, "No need called 'AUT'"),
        ({"districts": ("Mokham",)}, "did you mean 'Mockham'"),
        ({"nc_to": 21}, "No year group called '21'"),
    ],
)
def test_a_label_that_the_area_does_not_know_is_refused(area, asked, said):
    with pytest.raises(UnknownLabel, match=said):
        replay_counted(area, ORIGIN, SETTINGS, **(WHOM | asked))


def test_year_groups_the_wrong_way_round_are_refused(area):
    with pytest.raises(NoReplay, match="Year groups 6 to 0 hold nobody; write the younger first"):
        replay_counted(area, ORIGIN, SETTINGS, provision="special", nc_from=6, nc_to=0)


def test_suppressed_counts_are_taken_at_their_middle_and_said_so(area):
    table = area.placements
    mine = table["year"].eq(2025) & table["provision"].eq("special") & table["nc_from"].between(0, 6)
    hidden = mine & table["need"].eq("ASD") & table["district"].eq("Mockham")
    blank = table.assign(
        children=table["children"].where(~hidden), least=np.where(hidden, 1, np.nan), most=np.where(hidden, 4, np.nan)
    )
    found = replay_counted(replace(area, placements=blank), 2024, SETTINGS, **WHOM)
    (row,) = found.by_year.to_dict("records")
    assert row["counted"] == round(table.loc[mine & ~hidden, "children"].sum() + 2.5 * hidden.sum())
    assert f"{hidden.sum()} suppressed counts are taken at the middle" in counted_sentences(found)[-1]


def test_words_say_which_model_is_replayed_and_what_was_counted(replay):
    words = " ".join(counted_sentences(replay))
    last = replay.by_year.to_dict("records")[-1]
    assert "not the model that advises today" in words
    assert "Exampleshire (synthetic)" in words
    assert f"{last['p50']} would have been forecast for January 2025" in words
    assert f"{last['counted']} were counted" in words
    assert "Reception to Year 6 with ASD or SEMH" in words
    table = counted_table(replay)
    assert table["school year"].tolist() == ["2023/24", "2024/25"]
    assert table["counted"].tolist() == replay.by_year["counted"].tolist()
