"""England's model of alternative provision, as it ships and as it is read."""

from math import log

import numpy as np
import pytest
from builders_ap_rolls import JANUARIES, growing, panel

from forecast.domain import ApSetting, KeyStage
from forecast.errors import ModelError
from forecast.inputs.ap_model import COLUMNS, read_ap_model
from forecast.inputs.bundled import bundled

SHARES = dict.fromkeys(ApSetting, 0.2)


@pytest.fixture(scope="module")
def model():
    return read_ap_model()


def test_the_path_starts_at_the_last_counted_january(model):
    for setting in ApSetting:
        path = model.path(setting, [2022, 2023, 2024, 2026])
        assert path[:2].tolist() == [0, 0]
        assert path[2:].tolist() == [model.growth.loc[setting.value, 1], model.growth.loc[setting.value, 3]]


def test_an_area_with_a_later_count_of_its_own_has_only_the_growth_since(model):
    years = range(2023, 2040)
    whole, since = (model.path(ApSetting.AP_SCHOOL, years, january) for january in (None, 2025))
    assert since[:3].tolist() == [0, 0, 0]
    assert since[3:] == pytest.approx(whole[3:] - whole[2])


def test_growth_is_held_after_the_last_year_there_is(model):
    last = int(model.growth.columns.max())
    at = model.path(ApSetting.LA_FUNDED, [2023 + last, 2023 + last + 9])
    assert at[0] == at[1]
    assert model.spread(ApSetting.LA_FUNDED, last + 1, 50) == model.spread(ApSetting.LA_FUNDED, last + 9, 50)


def test_nothing_is_shared_up_to_the_january_of_which_englands_total_is_known(model):
    assert model.spread(ApSetting.AP_SCHOOL, 1, 100)[0] == 0
    assert model.spread(ApSetting.AP_SCHOOL, 2, 100)[0] == model.common.loc["ap_school", 1]
    assert model.spread(ApSetting.AP_SCHOOL, 1, 100, since=2025)[0] == model.common.loc["ap_school", 1]
    assert model.spread(ApSetting.SCHOOL_ARRANGED, 1, 100)[0] == model.common.loc["school_arranged", 1]


@pytest.mark.parametrize("setting", ApSetting)
def test_ranges_widen_with_the_years_and_are_wider_where_fewer_children_are(model, setting):
    by_year = [model.spread(setting, ahead, 100) for ahead in range(1, 16)]
    assert by_year == sorted(by_year)
    by_size = [model.spread(setting, 2, size)[1] for size in (500, 100, 20, 1)]
    assert by_size == sorted(by_size)
    assert model.spread(setting, 2, 0) == model.spread(setting, 2, 1)
    steady, luck = (table.loc[setting.value, 2] for table in (model.steady, model.luck))
    assert by_size[1] == pytest.approx((steady**2 + luck / 100) ** 0.5)


def test_only_what_authorities_pay_for_leans_on_englands_rate(model):
    rate, scale = (model.settings.loc["la_funded", name] for name in ("rate", "scale"))
    at_rate = model.lean(ApSetting.LA_FUNDED, rate * 50_000, 50_000)
    assert at_rate == pytest.approx(log(scale))
    twice = model.lean(ApSetting.LA_FUNDED, 2 * rate * 50_000, 50_000)
    assert twice - at_rate == pytest.approx(-0.1 * log(2))
    assert model.lean(ApSetting.AP_SCHOOL, 5, 50_000) == 0


def test_within_ten_years_no_path_that_ships_doubles_or_halves(model):
    ten = model.growth[list(range(1, 11))].to_numpy()
    assert np.abs(ten).max() < log(2)


def test_rates_that_ship_are_those_of_every_key_stage_and_add_up_to_england(model):
    by_setting = model.rates.groupby("setting")["children"].sum()
    assert by_setting["ap_school"] == pytest.approx(9823, abs=1)  # the dashboard's SEN support and no SEN
    assert set(model.rates["key_stage"]) == {stage.value for stage in KeyStage}


@pytest.fixture
def folder(tmp_path):
    """A copy of the model that ships."""
    made = tmp_path / "ap"
    made.mkdir()
    for name in COLUMNS:
        (made / f"{name}.csv").write_bytes((bundled("models", "england") / "ap" / f"{name}.csv").read_bytes())
    return tmp_path


@pytest.mark.parametrize(
    ("name", "spoilt", "said"),
    [
        ("growth", lambda text: text.replace("log_growth", "growth"), r"growth\.csv is not as it was written"),
        ("growth", lambda text: text.replace(",2,", ",2,?", 1), "blank or no number"),
        ("rates", lambda text: text.replace("ks5", "ks6"), "not every setting and key stage"),
        ("settings", lambda text: "\n".join(text.split("\n")[:-2]) + "\n", "not every setting and key stage"),
        ("spread", lambda _: "", r"spread\.csv is not as it was written"),
    ],
)
def test_a_model_that_is_damaged_is_not_read(folder, name, spoilt, said):
    path = folder / "ap" / f"{name}.csv"
    path.write_text(spoilt(path.read_text()))
    with pytest.raises(ModelError, match=said):
        read_ap_model(folder)


def test_a_model_that_is_not_there_says_what_makes_it(folder):
    (folder / "ap" / "spread.csv").unlink()
    with pytest.raises(ModelError, match=r"spread\.csv is missing\. Make it with: forecast fit"):
        read_ap_model(folder)


def test_januaries_of_a_world_are_those_published():
    assert panel(growing()).latest == JANUARIES[-1]
