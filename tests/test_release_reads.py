"""A release of *Education, health and care plans*, in files of a few rows: what is read."""

import gzip

import pandas as pd
import pytest
from builders_release import figure, la, long, plans, put, wide

from forecast.domain import ALL, NOT_RECORDED
from forecast.errors import InputFaults
from forecast.inputs.rows import every_age, grand_total
from forecast.inputs.sen2 import read_releases


@pytest.fixture
def release(tmp_path):
    return read_releases([put(tmp_path / "sen2", wide())])


def test_plans_are_those_of_january_and_flows_those_of_the_year_before_it(release):
    whole = release.placements[grand_total(release.placements)]
    assert whole[["la_code", "year", "children"]].to_numpy().tolist() == [["885", 2025, 100]]
    flows = release.flows[grand_total(release.flows)].set_index("flow")["children"]
    assert flows.to_dict() == {"start": 20, "cease": 9, "transfer": 3}
    assert set(release.flows["year"]) == {2025}


def test_kinds_of_place_are_summed_into_the_models_and_sums_of_them_left_out(release):
    rows = release.placements[every_age(release.placements) & release.placements["need"].eq(ALL)]
    assert rows.set_index("provision")["children"].to_dict() == {
        ALL: 100, "mainstream": 50, "base": 10, "special": 30, NOT_RECORDED: 10,
    }  # fmt: skip


def test_what_kinds_of_place_leave_over_is_not_recorded(release):
    """100 plans, 95 of them accounted for, of which 5 are said to be unknown."""
    ten = figure(release.placements, need=ALL, nc_from=6, nc_to=6, provision=NOT_RECORDED)
    assert ten == [10]


def test_what_is_not_available_or_not_applicable_is_never_nothing(release):
    rows = release.placements
    assert figure(rows, nc_from=13, nc_to=20, provision="special") == []
    assert figure(rows, nc_from=13, nc_to=20, provision="mainstream") == [6]
    assert figure(release.flows, flow="transfer", nc_from=15) == []


def test_ages_are_year_groups(release):
    rows = release.placements[release.placements["need"].eq(ALL) & release.placements["provision"].eq(ALL)]
    found = sorted(rows[["nc_from", "nc_to", "children"]].to_numpy().tolist())
    assert found == [[-4, -2, 4], [-4, 20, 100], [6, 6, 90], [13, 20, 6]]


def test_a_child_who_started_at_four_by_need_is_five_at_the_january_after(release):
    """Age 4 when the plan started is Reception; a start by need is of the year group at the next January."""
    starts = release.flows[release.flows["flow"].eq("start") & ~every_age(release.flows)]
    assert set(starts["nc_from"]) == {1}
    blurred = release.flows[release.flows["flow"].eq("start_at_birthday")]
    assert set(blurred["nc_from"]) == {0}


def test_a_plan_that_ceased_at_nineteen_or_over_did_so_from_year_15(release):
    ceased = release.flows[release.flows["flow"].eq("cease") & ~every_age(release.flows)]
    assert ceased[["nc_from", "nc_to"]].to_numpy().tolist() == [[15, 20]]


def test_needs_have_their_codes_and_a_need_that_is_unknown_is_not_recorded(release):
    rows = release.placements[release.placements["provision"].eq(ALL) & every_age(release.placements)]
    needs = rows.set_index("need")["children"].to_dict()
    assert (needs["ASD"], needs["SEMH"], needs[NOT_RECORDED]) == (60, 30, 10)
    assert "DS" not in needs


def test_a_need_in_a_kind_of_place_is_read(release):
    assert figure(release.placements, need="ASD", provision="special") == [30]


def test_a_file_may_be_compressed_and_its_numbers_have_commas(tmp_path):
    files = wide(plans='"1,000"')
    folder = put(tmp_path, files)
    path = folder / "caseload.csv"
    (folder / "caseload.csv.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    found = read_releases([folder]).placements
    assert figure(found[grand_total(found)], la_code="885") == [1000]


def test_regions_are_left_out_and_england_is_not_an_authority(tmp_path):
    files = wide()
    files["caseload"] += [
        la("202425", "All EHC plans", "All EHC plans", 900, 1, 1, 1, 1, 1).replace("Local authority", "Regional"),
        la("202425", "All EHC plans", "All EHC plans", 5000, 4996, 1, 1, 1, 1, code="", name="").replace(
            "Local authority", "National"
        ),
    ]
    found = read_releases([put(tmp_path, files)])
    whole = found.placements[grand_total(found.placements)].set_index("la_code")["children"]
    assert whole.to_dict() == {"885": 100, "ENG": 5000}
    assert found.authorities["la_code"].tolist() == ["885"]


def test_a_release_whose_placements_do_not_add_up_to_englands_plans_lacks_a_column(tmp_path):
    files = wide()
    short = la("202425", "All EHC plans", "All EHC plans", 5000, 4900, 1, 1, 1, 1, code="", name="")
    files["caseload"].append(short.replace("Local authority", "National"))
    with pytest.raises(InputFaults, match=r"add up to 98\.1% of England's plans: a column is missing"):
        read_releases([put(tmp_path, files)])


@pytest.mark.parametrize(("total", "taken"), [(6078, 20), (45, 20), (25, 25)])
def test_a_total_that_its_own_ages_belie_is_not_the_authoritys(tmp_path, total, taken):
    """In 2022 each authority of Yorkshire and the Humber is given its region's new plans."""
    files = wide()
    files["newplans"][1] = la(2024, "New EHC plans", "New EHC plans", total, 15, 1, 16, 2, 1, kind="Calendar year")
    files["sen_need_newplans"] = [line.replace(",885,", ",886,") for line in files["sen_need_newplans"]]
    found = read_releases([put(tmp_path, files)]).flows
    assert figure(found[grand_total(found)], flow="start", la_code="885") == [taken]


def test_the_same_release_has_the_same_digest_and_a_changed_one_another(tmp_path, release):
    again = read_releases([put(tmp_path / "again", wide())])
    other = read_releases([put(tmp_path / "other", wide(plans=101))])
    assert again.digest == release.digest != other.digest


def both(tmp_path):
    """Two releases that give January 2024 differently, the later one having corrected it."""
    earlier, later = wide(2024, plans=80), wide(2025)
    later["caseload"].append(la("202324", "All EHC plans", "All EHC plans", 85, 50, 10, 60, 20, 5))
    return put(tmp_path / "a", earlier), put(tmp_path / "b", later)


def test_where_two_releases_give_the_same_figure_the_later_stands(tmp_path):
    earlier, later = both(tmp_path)
    assert plans(read_releases([earlier, later])) == {2024: 85, 2025: 100}


def test_the_later_release_stands_whichever_is_named_first(tmp_path):
    earlier, later = both(tmp_path)
    assert plans(read_releases([later, earlier])) == {2024: 85, 2025: 100}


def test_the_earlier_layout_is_read_too_and_counts_its_januaries_by_calendar_year(tmp_path):
    found = read_releases([put(tmp_path, long())])
    assert plans(found) == {2020: 90}
    rows = found.placements.set_index("provision")["children"]
    assert rows.to_dict() == {ALL: 90, "special": 40, "mainstream": 50}
    assert found.flows[["year", "flow", "children"]].to_numpy().tolist() == [[2020, "start", 12]]


def test_releases_of_both_layouts_are_read_together(tmp_path):
    found = read_releases([put(tmp_path / "new", wide()), put(tmp_path / "old", long())])
    assert plans(found) == {2020: 90, 2025: 100}
    assert isinstance(found.placements, pd.DataFrame)
