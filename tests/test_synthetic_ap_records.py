"""The list of placements beside the invented county's returns: whose it is, what it tells, what it imports to."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from forecast.inputs.area import read_area
from forecast.inputs.bundled import bundled
from forecast.inputs.reference_ap import read_ap_figures, read_england_rolls
from forecast.records.ap.counted import Given, read_stays
from forecast.records.read import read_returns
from forecast.records.synthetic.ap_county import claims, made_ap, third_thursday
from forecast.records.synthetic.ap_rates import ap_rates
from forecast.records.synthetic.ap_records import FILE, NO_PLAN_FROM, placements
from forecast.records.synthetic.ap_stays import stays_without_plan
from forecast.records.synthetic.ap_with_plan import live_on
from forecast.records.synthetic.county import made_county
from forecast.records.synthetic.people import residents
from forecast.records.synthetic.register import register
from forecast.records.synthetic.returns import kept
from forecast.records.synthetic.write import CENSUSES, EXCLUSIONS, PLANS, write_synthetic
from forecast.store import read_model

SEED = 2025


@pytest.fixture(scope="module")
def england():
    return read_model(bundled("models", "england"))


@pytest.fixture(scope="module")
def county(england):
    return made_county(england, SEED, PLANS, CENSUSES)


@pytest.fixture(scope="module")
def ap(county, england):
    return alternative(county, england)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    target = tmp_path_factory.mktemp("synthetic") / "county"
    write_synthetic(target, 7, 1_500, range(2023, 2026))
    return target


def alternative(county, england, seed=SEED):
    return made_ap(county, england["residents"].to_numpy(), read_ap_figures(), read_england_rolls(), seed)


def placed(stays):
    return stays[stays["tier"].ne("outreach") & ~stays["beside"].astype(bool)]


def test_the_children_with_a_plan_are_those_of_the_returns(folder):
    """By pupil number: on each census day the same children, districts aside, in the list as in the return."""
    listed = pd.read_csv(folder / FILE, dtype=str, keep_default_na=False)
    schools = pd.read_csv(folder / "establishments.csv", dtype=str).set_index("URN")["TypeOfEstablishment (name)"]
    for filed in read_returns(sorted(folder.glob("SEN2_*"))):
        day = date(filed.census, 1, third_thursday(filed.census, 1).item().day).isoformat()
        there = listed[(listed["plan"] == "yes") & (listed["start"] <= day)]
        there = there[(there["end"] == "") | (there["end"] >= day)]
        assert set(there["child"]) - {""} >= (have := in_alternative_provision(filed, schools, day))
        assert len(there) - len(have) <= 0.1 * len(there) + 1  # those without a pupil number
        assert len(have) >= 3


def in_alternative_provision(filed, schools, day):
    """Pupil numbers of the return's children whose first placement on the day is at an AP school."""
    at = filed.tables["placement_detail"]
    kind = at["urn"].map(schools).fillna("").str.casefold()
    there = at[kind.str.contains("referral|alternative") & at["rank"].eq(1) & (at["entry_date"] <= pd.Timestamp(day))]
    there = there[~(there["leaving_date"] < pd.Timestamp(day))]
    plans, requests, people = (filed.tables[name] for name in ("active_plans", "requests", "person"))
    of_plan = plans.set_index("id")["parent"].loc[there["parent"]]
    person = requests.set_index("id")["parent"].loc[of_plan]
    return set(people.set_index("id")["upn"].loc[person]) - {""}


def test_counts_of_them_by_district_and_year_group_are_the_lives_own(county, ap):
    """Against the Januaries that children live by, before any record is made of them."""
    for census in CENSUSES:
        states = county.lives.states.query(
            "year == @census and provision == 'alternative'", local_dict={"census": census}
        )
        lived = states.join(county.lives.children["district"], on="child").groupby(["district", "nc_year"]).size()
        there = live_on(ap.stays[ap.stays["plan"] == "with"], third_thursday(census, 1))
        listed = there.groupby(["district", there["nc_now"].rename("nc_year")]).size()
        pd.testing.assert_series_equal(lived, listed)


def test_alternative_provision_disturbs_no_return_and_more_years_disturb_no_stay(county, england, ap):
    """Luck hangs on the seed and the academic year alone."""
    again = made_county(england, SEED, PLANS, CENSUSES)
    pd.testing.assert_frame_equal(county.lives.states, again.lives.states)
    ages, people = england["residents"].to_numpy(), np.full((4, 6, 5), 2_000.0)
    few = ap_rates(ages, read_ap_figures(), read_england_rolls(), range(2021, 2023), SEED)
    more = ap_rates(ages, read_ap_figures(), read_england_rolls(), range(2021, 2025), SEED)
    one, other = stays_without_plan(few, people[:2], SEED), stays_without_plan(more, people, SEED)
    columns = ["start", "end", "nc_year", "reason", "district"]
    early = other[other["start"] < pd.Timestamp("2022-09-01")]
    order = {"by": columns, "ignore_index": True}
    pd.testing.assert_frame_equal(early[columns].sort_values(**order), one[columns].sort_values(**order))
    pd.testing.assert_frame_equal(alternative(county, england).stays, ap.stays)


def test_no_child_of_the_list_can_be_real_and_every_row_is_labelled(folder):
    listed = pd.read_csv(folder / FILE, dtype=str, keep_default_na=False)
    assert (listed["label"] == "SYNTHETIC").all()
    letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
    for number in listed["child"]:
        right = sum(place * int(digit) for place, digit in enumerate(number[1:], start=2)) % len(letters)
        assert number[0] != letters[right]
        assert number[1:4] == "999"


def test_nothing_beyond_the_last_day_is_in_the_list(county, ap):
    listed = placements(ap, kept(county.past, SEED)[1])
    assert listed["start"].max() <= str(ap.seen)
    assert listed["end"].max() <= str(ap.seen)
    assert listed.loc[listed["end"] == "", "returned"].eq("").all()
    ended = listed["end"] != ""
    assert listed.loc[ended, "end"].min() >= str(ap.since)
    numbers = listed["child"].str[4:].astype(int)
    assert (numbers >= NO_PLAN_FROM).equals(listed["plan"].eq("no"))


def test_the_list_imports_without_a_fault(folder):
    about = read_area("exampleshire").about
    given = Given(np.datetime64("2025-10-01"), np.datetime64("2022-09-01"), np.datetime64("2025-08-31"))
    counts = read_stays([folder / FILE], about, given)
    assert not [said for said in counts.said if "left out" in said or "WARNING" in said]
    assert set(counts.tables["ap_arrivals"]["year"]) == {2023, 2024, 2025}


def test_exclusions_are_englands_and_more_than_came_for_them(england, county, ap):
    """Permanent ones of a county of this size in 2022/23 and after, from England's 9,376; suspensions likewise."""
    share = county.people.query("mid_year == 2022 and 4 <= age <= 15")["people"].sum() / (
        residents([2022], england["residents"].to_numpy())[0, :, 4:16].sum()
    )
    by_year = ap.exclusions.groupby("year")[["permanent", "suspensions"]].sum()
    assert by_year.loc[2023, "permanent"] == pytest.approx(9_376 * share, rel=0.25)
    assert by_year.loc[2023, "suspensions"] == pytest.approx(786_961 * share, rel=0.1)
    assert by_year.loc[2021, "permanent"] < by_year.loc[2023, "permanent"]
    came = placed(ap.stays).query("reason == 'exclusion' and plan == 'without'")
    years = came["start"].dt.year + (came["start"].dt.month > 8)
    for year in CENSUSES:
        assert by_year.loc[year, "permanent"] >= (years == year).sum()


def test_exclusions_read_as_those_of_an_area(folder, tmp_path):
    shipped = read_area("exampleshire")
    for path in shipped.folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / EXCLUSIONS).write_bytes((folder / EXCLUSIONS).read_bytes())
    assert read_area(tmp_path).exclusions["permanent"].sum() > 0


def test_ap_schools_are_about_full_in_the_fullest_month_and_those_of_the_west_are_over(county, ap):
    """Children of the west may use the west's places and those for all; of the east likewise."""
    every = claims(county, ap).query("provision == 'alternative'")
    places = register(county.places, claims(county, ap), CENSUSES[-1]).query("provision == 'alternative'")
    assert every["children"].sum() / places["places"].sum() == pytest.approx(0.98, abs=0.03)
    west = ("Fictley", "Notionbury", "Sampleford")
    secondary = every[every["nc_year"] >= 7]
    own = {part: secondary[secondary["district"].isin(west) == part]["children"].sum() for part in (True, False)}
    listed = places[(places["serves"] != "all") & (places["nc_to"] > 6)]
    of_west = listed["serves"].str.contains("Fictley")
    full = {part: own[part] / listed.loc[of_west == part, "places"].sum() for part in (True, False)}
    assert full[True] > 1.0
    assert full[False] < 0.95


def test_a_county_of_a_hundred_plans_has_alternative_provision_too(tmp_path):
    write_synthetic(tmp_path / "small", 3, 100, range(2024, 2026))
    assert len(pd.read_csv(tmp_path / "small" / FILE)) > 5
