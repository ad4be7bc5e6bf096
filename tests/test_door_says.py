import json

import numpy as np
import pandas as pd
import pytest
from builders_door import FORMULA_NEED, FORMULAS, a_census, a_run, named_like_formulas, sums
from builders_projection import small_projection, with_real_places

from forecast.report.door import publish_runs
from forecast.report.door_cells import census_frame
from forecast.report.door_pattern import decide
from forecast.report.door_rules import PROFILES, PUBLICATION
from forecast.report.phrases import MARKING


def told(out):
    return json.loads((out.folder / "audit.json").read_text(encoding="utf-8"))


def about(out):
    return (out.folder / "about.txt").read_text(encoding="utf-8")


def column(out, table, name):
    return pd.read_csv(next(out.folder.glob(f"*/{table}.csv")), dtype=str, keep_default_na=False)[name]


@pytest.fixture(scope="module")
def of_a_council(tmp_path_factory):
    return a_run(tmp_path_factory.mktemp("runs"), named_like_formulas(with_real_places(districts=4, draws=5)))


@pytest.fixture(scope="module")
def of_published_figures(tmp_path_factory):
    return a_run(tmp_path_factory.mktemp("runs"), small_projection(districts=2, draws=5))


@pytest.mark.parametrize("profile", PROFILES)
def test_names_that_begin_like_formulas_leave_with_one_apostrophe(of_a_council, tmp_path, profile):
    out = publish_runs([of_a_council], tmp_path / "out", profile)
    assert {f"'{name}" for name in FORMULAS} < set(column(out, "places_by_district", "district"))
    for table in ("places_by_need", "needs_that_grow_most"):
        assert f"'{FORMULA_NEED}" in set(column(out, table, "need"))
    assert f"'{FORMULA_NEED}" in set(column(out, "labels", "label"))
    texts = [path.read_text(encoding="utf-8") for path in out.folder.rglob("*.csv")]
    assert not any("''" in text for text in texts)


def test_the_marking_of_a_council_s_run_leaves_with_the_internal_profile_only(of_a_council, tmp_path):
    assert MARKING in json.loads((of_a_council / "manifest.json").read_text(encoding="utf-8"))["notes"]
    for profile in PROFILES:
        said = about(publish_runs([of_a_council], tmp_path / profile, profile))
        assert (MARKING in said) == ("OFFICIAL-SENSITIVE" in said) == (profile == "internal")
        assert "Places taken by children of other areas are left out." in said


def test_published_figures_leave_alike_under_every_profile_and_unmarked(of_published_figures, tmp_path):
    outs = [publish_runs([of_published_figures], tmp_path / profile, profile) for profile in PROFILES]
    contents = [{p.relative_to(out.folder): p.read_bytes() for p in out.folder.rglob("*") if p.is_file()}
                for out in outs]  # fmt: skip
    assert contents[0] == contents[1] == contents[2]
    assert not any(b"SENSITIVE" in content for content in contents[0].values())
    assert "council's own" not in about(outs[0])
    assert not (outs[0].folder / ".gitignore").exists()


def test_published_figures_say_the_rule_that_was_applied(of_published_figures, tmp_path):
    out = publish_runs([of_published_figures], tmp_path / "out", "strict")
    assert out.profile.rule in about(out)
    assert set(column(out, "places", "profile")) == {out.profile.rule}
    assert "fewer than 5" in out.profile.rule
    assert "1 to" not in out.profile.rule
    assert told(out)["profile"] == {"name": "estimates", "threshold": 0, "base": 1, "watermark": "", "few": 5}


def test_the_audit_says_when_published_totals_leave_no_small_number_open():
    cube = np.array([[[3, 40]]])
    lines = sums(cube, [(0, 1, 1)])
    cells = lines.reshape(len(lines), -1).astype(bool)
    nothing = np.zeros(len(lines), dtype=bool)

    def audit(known):
        return decide([census_frame(a_census(cube), cells, known)], nothing, nothing, [["a"]] * 2, PUBLICATION)[1]

    told_by_dfe, told_by_nobody = audit([("need", "provision")]), audit([])
    assert (told_by_dfe.told_elsewhere, told_by_dfe.narrowest_left_open_at_census) == (1, "none left open")
    assert (told_by_nobody.told_elsewhere, told_by_nobody.sought) == (0, 1)
    assert told_by_nobody.narrowest_left_open_at_census == "anything from 1 to 4"
