"""What would have been advised at an earlier census, and what came: by published figures, and as they ship."""

from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from builders_card import FIRST, LAST, UNITS, cells, small_tables
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.backtest.cells import OURS
from forecast.backtest.decision import AHEAD
from forecast.decide.replay import EVER, LEVELS, ONCE, NoReplay, published_replays, quantile, replay_published
from forecast.errors import InputFaults
from forecast.inputs.backtest_tables import FOLDER, NoBacktest
from forecast.inputs.bundled import bundled
from forecast.inputs.replay_table import FILE, read_replay
from forecast.places.size_rules import CHEAPEST, EMPTY, MIDDLE, SHORT, cheapest_share, regret
from forecast.report.replay_words import published_sentences, published_table
from forecast.series.targets import HORIZONS, SPECIAL_STATE

SHIPPED = bundled("models", "england") / FOLDER
HALF_A_CHILD = 0.5
KILOBYTES = 500_000
ROUNDED, INTERPOLATED = 2e-3, 0.015
"""How far a mean over authorities may move where children are whole, and where a quantile lies between those kept."""


def forecasts(*rows):
    """Rows of replay.csv: (unit, origin, ahead, now, p10, p50, p80, p90, actual)."""
    columns = ["unit", "origin", "ahead", "now", *LEVELS, "actual"]
    return pd.DataFrame(rows, columns=columns)


THREE = forecasts(
    ("201", 2018, 5, 100, 90, 120, 140, 150, 130),
    ("202", 2018, 5, 200, 180, 220, 240, 260, 250),
    ("838+839", 2019, 5, 300, 280, 330, 350, 370, 300),
    ("201", 2019, 1, 110, 105, 112, 115, 118, 116),
)


def rule(table, name, **labels):
    """The one row of a rule."""
    mine = table[table["rule"].eq(name)]
    for column, label in labels.items():
        mine = mine[mine[column].eq(label)]
    (row,) = mine.to_dict("records")
    return row


def test_advice_is_set_beside_the_children_who_came():
    replay = replay_published("201", 2018, 5, table=THREE)
    middle = rule(replay.advice, MIDDLE)
    assert (middle["size"], middle["more"], middle["short"], middle["empty"]) == (120, 20, 10, 0)
    assert middle["regret"] == 10 * SHORT
    high = rule(replay.advice, "this model, P90")
    assert (high["more"], high["short"], high["empty"], high["regret"]) == (50, 0, 20, 20 * EMPTY)
    assert (replay.now, replay.came, replay.forecast["p80"]) == (100, 130, 140)


def test_rules_of_thumb_are_replayed_beside_the_forecast():
    advice = replay_published("201", 2018, 5, table=THREE).advice.set_index("rule")
    assert advice.loc["no change", "more"] == 0
    assert advice.loc["last value + 10%", "size"] == 110
    assert advice.loc["+3% a year", "size"] == round(100 * 1.03**5)


def test_how_all_authorities_fared_is_counted_from_the_same_january_and_from_all():
    table = replay_published("201", 2018, 5, table=THREE).elsewhere
    once = rule(table, "this model, P80", which=ONCE)
    assert (once["forecasts"], once["share_short"], once["short"], once["empty"]) == (2, 0.5, 5, 5)
    assert once["regret"] == (10 * EMPTY + 10 * SHORT) / 2
    ever = rule(table, "this model, P80", which=EVER)
    assert (ever["forecasts"], ever["share_short"], ever["empty"]) == (3, pytest.approx(1 / 3), 20)


def test_an_authority_that_is_followed_within_a_larger_one_is_found_there():
    for code in ("838", "839"):
        assert replay_published(code, 2019, 5, table=THREE).unit == "838+839"
    assert published_replays("201", THREE).to_numpy().tolist() == [[2018, 5], [2019, 1]]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("999", 2018, 5), "No past forecast .* 999; give la_code in area.toml .* or replay its own counts"),
        (("", 2018, 5), "without a code; give la_code"),
        (("83", 2019, 5), "No past forecast"),
        (("201", 2017, 5), "to replay from January 2017; choose the January from 2018, 2019"),
        (("201", 2019, 5), "has no sound published figure of this authority.*choose the years ahead from 1"),
        (("201", 2019, 6), "January 2025, 6 years on from 2019, has no published figure yet; choose .* from 1"),
        (("201", 2018, 4), "was not forecast when past forecasts were tried out; choose the years ahead from 5"),
    ],
)
def test_what_cannot_be_replayed_is_refused_with_what_can(asked, said):
    with pytest.raises(NoReplay, match=said):
        replay_published(*asked, table=THREE)


@pytest.mark.parametrize("costs", [(0, 1), (1, 0), (-1, 2), (float("nan"), 1)])
def test_a_size_is_not_the_cheapest_where_a_mistake_costs_nothing(costs):
    with pytest.raises(NoReplay, match="give costs above 0"):
        replay_published("201", 2018, 5, *costs, table=THREE)


def test_known_quantiles_are_themselves():
    for column, share in LEVELS.items():
        assert quantile(THREE, share) == pytest.approx(THREE[column].to_numpy())


@given(share=st.floats(0.02, 0.98), spread=st.floats(0.01, 0.5))
def test_a_quantile_between_those_known_is_that_of_log_normal_futures(share, spread):
    def of(wanted):
        return 1000 * np.exp(spread * NormalDist().inv_cdf(wanted))

    row = pd.DataFrame({name: [of(known)] for name, known in LEVELS.items()})
    assert quantile(row, share)[0] == pytest.approx(of(share), rel=5e-3)


@settings(max_examples=25)
@given(low=st.floats(1_000, 90_000), more=st.floats(1, 90_000))
def test_the_dearer_a_child_too_many_the_larger_the_cheapest_size(low, more):
    sizes = [replay_published("201", 2018, 5, short, EMPTY, THREE).advice for short in (low, low + more)]
    assert rule(sizes[0], CHEAPEST)["size"] <= rule(sizes[1], CHEAPEST)["size"]


def test_the_cheapest_size_costs_least_over_the_futures_it_was_made_for():
    futures = 1000 * np.exp(0.1 * np.random.default_rng(1).standard_normal(4001))
    row = pd.DataFrame({name: [np.quantile(futures, share)] for name, share in LEVELS.items()})
    sizes = np.arange(800, 1300)
    costs = [regret(np.full(futures.shape, float(size)), futures).mean() for size in sizes]
    assert quantile(row, cheapest_share())[0] == pytest.approx(sizes[int(np.argmin(costs))], abs=5)


def test_the_backtest_keeps_every_authority_of_the_state_special_series_alone():
    kept = small_tables().replay
    ours = cells()[cells()["method"].eq(OURS) & cells()["target"].eq(SPECIAL_STATE)]
    assert len(kept) == len(ours) == len(UNITS) * sum(LAST - FIRST - ahead + 1 for ahead in HORIZONS)
    assert abs(kept["actual"].sum() - ours["actual"].sum()) <= HALF_A_CHILD * len(kept)
    assert kept[["now", *LEVELS, "actual"]].dtypes.eq(int).all()


def spoilt(folder, **cells_of_row):
    """A folder with two rows, the second one changed."""
    rows = THREE.head(2).astype(object)
    for name, cell in cells_of_row.items():
        rows.loc[1, name] = cell
    folder.mkdir()
    rows.to_csv(folder / FILE, index=False)
    return folder


@pytest.mark.parametrize(
    ("spoils", "said"),
    [
        ({"p50": "many"}, "replay.csv, row 3, p50"),
        ({"actual": -1}, "replay.csv, row 3, actual"),
        ({"unit": "20"}, "replay.csv, row 3, unit"),
        ({"unit": "201"}, "replay.csv, row 2: says the same thing as another row"),
        ({"p10": 221}, "replay.csv, row 3, p10 to p90: fall where they should rise"),
    ],
)
def test_a_damaged_table_is_refused_by_row_and_column(tmp_path, spoils, said):
    with pytest.raises(InputFaults, match=f"{said}.*forecast backtest"):
        read_replay(spoilt(tmp_path / "backtest", **spoils))


def test_a_sound_table_is_read_as_it_was_written_and_an_absent_one_refused(tmp_path):
    pd.testing.assert_frame_equal(read_replay(spoilt(tmp_path / "backtest")), THREE.head(2), check_dtype=False)
    (tmp_path / "backtest" / FILE).unlink()
    with pytest.raises(InputFaults, match=r"replay\.csv: cannot be read.*forecast backtest"):
        read_replay(tmp_path / "backtest")
    with pytest.raises(NoBacktest, match="forecast backtest"):
        read_replay(tmp_path / "none")


@pytest.fixture(scope="module")
def shipped():
    return read_replay(SHIPPED)


@pytest.fixture(scope="module")
def scores():
    table = pd.read_csv(SHIPPED / "scores.csv")
    return table[table["method"].eq(OURS) & table["target"].eq(SPECIAL_STATE)].set_index(["origin", "ahead"])


def test_the_table_that_ships_is_small_and_of_every_origin_and_horizon(shipped, scores):
    assert (SHIPPED / FILE).stat().st_size < KILOBYTES
    assert shipped.groupby(["origin", "ahead"]).size().to_dict() == scores["authorities"].to_dict()


def test_errors_worked_out_from_the_table_that_ships_are_those_of_the_scores_that_ship(shipped, scores):
    for at, rows in shipped.groupby(["origin", "ahead"]):
        error = (rows["p50"] - rows["actual"]).abs().sum() / rows["actual"].sum()
        assert error == pytest.approx(scores.loc[at, "wape"], rel=ROUNDED)
        held = rows["actual"].between(rows["p10"], rows["p90"]).mean()
        assert held == pytest.approx(scores.loc[at, "coverage_80"], abs=2 / len(rows))


def test_sums_of_the_table_that_ships_are_those_of_england_that_ship(shipped):
    summed = pd.read_csv(SHIPPED / "england_and_regions.csv")
    england = summed[summed["region"].eq("England") & summed["target"].eq(SPECIAL_STATE)].set_index(["origin", "ahead"])
    for at, rows in shipped.groupby(["origin", "ahead"]):
        for mine, theirs in (("p50", "forecast"), ("actual", "actual")):
            assert abs(rows[mine].sum() - england.loc[at, theirs]) <= 3 * np.sqrt(len(rows) / 12)


def test_regrets_worked_out_from_the_table_that_ships_are_those_of_the_decisions_that_ship(shipped):
    decisions = pd.read_csv(SHIPPED / "decisions.csv").set_index(["origin", "rule"])["regret"]
    for origin in decisions.index.unique("origin"):
        table = replay_published("885", int(origin), AHEAD, table=shipped).elsewhere
        for name in decisions.index.unique("rule"):
            near = INTERPOLATED if name == CHEAPEST else ROUNDED
            assert rule(table, name, which=ONCE)["regret"] == pytest.approx(decisions[origin, name], rel=near)


def test_worcestershire_in_words_says_what_came_and_how_others_fared():
    replay = replay_published("885", 2020, 5)
    words = " ".join(published_sentences(replay, "Worcestershire"))
    for figure in (replay.now, replay.forecast["p50"], replay.came):
        assert f"{figure:,}" in words
    share = rule(replay.elsewhere, "this model, P80", which=EVER)["share_short"]
    assert f"{share * 100:.0f} times in 100 over all" in words
    assert "cannot replay one need or one district" in words
    table = published_table(replay)
    assert table["places"].tolist() == replay.advice["size"].tolist()
    assert (table["children short"] * table["places empty"] == 0).all()


def test_an_outcome_is_said_as_it_was():
    words = " ".join(published_sentences(replay_published("838", 2019, 5, table=THREE), "Dorset"))
    assert "followed here with what is now another authority" in words
    assert "No new place: just enough." in words
    assert "(P50) (30 more than then): enough, with 30 places empty." in words
    short = " ".join(published_sentences(replay_published("202", 2018, 5, table=THREE), "Bexter"))
    assert "(P80) (40 more than then): 10 children short." in short
