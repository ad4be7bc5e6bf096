"""What is wrong with a witan.send project: all of it at once, each fault by its row, no child's codes repeated."""

import pytest
from builders_witan import CONFIG, HEADER, NOBODY, population, put_project, transitions, valid_states

from forecast.errors import InputFaults
from forecast.inputs.witan import witan_area

PLANTED = "Zz9Plural"
"""A code that no message may repeat: a row of transitions is a child."""


def refused(folder, **changed):
    """Sentences of a project that is at fault."""
    with pytest.raises(InputFaults) as error:
        witan_area(put_project(folder / "project", **changed), "Testshire")
    return [str(fault) for fault in error.value.faults]


def with_row(*row):
    return [*transitions(), list(row)]


def test_a_path_that_climbs_out_of_the_project_is_not_followed(tmp_path):
    outside = put_project(tmp_path / "outside") / "data" / "transitions.csv"
    outside.rename(tmp_path / "elsewhere.csv")
    config = CONFIG.replace("data/transitions.csv", "../elsewhere.csv")
    said = refused(tmp_path, config=config, transitions=None)
    assert said == ["elsewhere.csv: is not in the project's folder; put it into project, and name it in config.edn."]


LAST = len(transitions()) + 1
BREACHES = {
    "an unknown setting": ((2016, PLANTED, "Q", 5, "MAIN", "Q", 6), "setting-1: is not among the valid settings"),
    "an unknown need": ((2016, "MAIN", PLANTED, 5, "MAIN", "Q", 6), "need-1: is not among the needs"),
    "a joiner with a setting": (
        (2016, "MAIN", NOBODY, 5, "MAIN", "Q", 6),
        "setting-1: a joiner without a need has a setting",
    ),
    "a joiner with a need": ((2016, NOBODY, "Q", 5, "MAIN", "Q", 6), "need-1: a joiner without a setting has a need"),
    "a leaver with a setting": (
        (2016, "MAIN", "Q", 5, "UNIT", NOBODY, 6),
        "setting-2: a leaver without a need has a setting",
    ),
    "a child never with a plan": ((2016, NOBODY, NOBODY, 5, NOBODY, NOBODY, 6), "has no plan at either January"),
    "a year group kept": ((2016, "MAIN", "Q", 5, "MAIN", "Q", 5), "academic-year-2: is not one more"),
    "a plan past the last age": (
        (2016, "COLL", "Q", 20, "COLL", "Q", 21),
        "academic-year-2: holds a plan outside the ages of plans",
    ),
    "an age outside the setting's": (
        (2016, "COLL", "Q", 11, "COLL", "Q", 12),
        "academic-year-1: is outside the setting's valid academic years",
    ),
    "a word for a number": ((2016, "MAIN", "Q", PLANTED, "MAIN", "Q", 6), "academic-year-1: is not a whole number"),
    "a year of long ago": ((1016, "MAIN", "Q", 5, "MAIN", "Q", 6), "calendar-year: is out of range"),
    "a blank": ((2016, "", "Q", 5, "MAIN", "Q", 6), "setting-1: is blank"),
}


@pytest.mark.parametrize("breach", BREACHES, ids=str)
def test_a_transition_that_cannot_be_is_named_by_its_row_and_never_repeated(tmp_path, breach):
    row, what = BREACHES[breach]
    said = refused(tmp_path, transitions=with_row(*row))
    assert any(sentence.startswith(f"transitions.csv, row {LAST}") and what in sentence for sentence in said)
    assert not any(PLANTED in sentence for sentence in said)
    assert all(sentence.startswith(f"transitions.csv, row {LAST}") for sentence in said)


def test_a_need_that_the_setting_does_not_take_and_a_move_that_is_barred_are_named(tmp_path):
    states = valid_states()
    states[1] = [*states[1][:4], "SEMH,Q", "special,COLL"]
    said = refused(tmp_path, valid_states=states)
    assert any("need-1: is not one that the setting takes" in sentence for sentence in said)
    assert any("setting-2: cannot be reached from setting-1" in sentence for sentence in said)


def test_many_faults_of_one_kind_are_counted(tmp_path):
    rows = [HEADER, *([year, setting, need, age, to, later, age] for year, setting, need, age, to, later, _ in
                      transitions()[1:101])]  # fmt: skip
    said = [
        sentence
        for sentence in refused(tmp_path, transitions=rows)
        if "is not one more" in sentence or "more like" in sentence
    ]
    assert len(said) == 26
    assert "and 75 more like this" in said[-1]


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        (population(2014, 2016), "has nothing for calendar-year 2017"),
        ([*population(), [2016, 5, 100]], "has a row of that calendar-year already"),
        ([*population(), [2021, 5, 100]], "calendar-year 2021 lacks 24 academic years, the first being -4"),
        ([*population(), [2016, "five", 100]], "academic-year: is not a whole number"),
    ],
)
def test_a_population_that_does_not_serve_is_named(tmp_path, rows, what):
    assert any("population.csv" in sentence and what in sentence for sentence in refused(tmp_path, population=rows))


def test_all_faults_of_all_files_are_told_at_once(tmp_path):
    states = [*valid_states(), ["MAIN", "group", 5, 3, "Q", "special"]]
    said = refused(
        tmp_path,
        valid_states=states,
        population=population(2014, 2016),
        transitions=with_row(2016, PLANTED, "Q", 5, "MAIN", "Q", 6),
    )
    assert {sentence.partition(",")[0].partition(":")[0] for sentence in said} == {
        "valid-states.csv",
        "population.csv",
        "transitions.csv",
    }
    assert any("has a row already" in sentence for sentence in said)
    assert any("is below min-academic-year" in sentence for sentence in said)


def test_missing_files_columns_and_headers_are_named(tmp_path):
    rows = [row[1:] for row in transitions()]
    said = refused(tmp_path, transitions=rows, population=None, valid_states=valid_states()[1:])
    assert any(sentence.startswith("transitions.csv") and "calendar-year" in sentence for sentence in said)
    assert any(sentence.startswith("population.csv: is not in the project's folder") for sentence in said)
    assert any(sentence.startswith("valid-states.csv, row 1: the first line does not name") for sentence in said)


@pytest.mark.parametrize("label", ["all", "not_recorded"])
def test_a_code_that_the_tables_keep_for_themselves_is_refused(tmp_path, label):
    states = [[cell if cell != "UNIT" else label for cell in row] for row in valid_states()]
    rows = [[cell if cell != "UNIT" else label for cell in row] for row in transitions()]
    states = [[str(cell).replace("UNIT", label) for cell in row] for row in states]
    assert any("cannot be a label" in sentence for sentence in refused(tmp_path, valid_states=states, transitions=rows))


def test_a_folder_that_is_none_is_named(tmp_path):
    with pytest.raises(InputFaults, match="is not a folder; name the folder that holds config"):
        witan_area(tmp_path / "nothing", "Testshire")


@pytest.mark.parametrize("name", ["all", "", "A;B"])
def test_a_name_that_cannot_be_a_label_is_refused(tmp_path, name):
    with pytest.raises(InputFaults, match="cannot be the name of an area"):
        witan_area(put_project(tmp_path / "project"), name)


@pytest.mark.parametrize(
    ("config", "what"),
    [
        ("{:broken", "config.edn: has a bracket or a quote that is not closed; close it, or take config.edn out"),
        (CONFIG.replace('valid-states.csv"', "valid-states.csv"), "a bracket or a quote that is not closed"),
        (CONFIG.replace("modify-transition-by nil}", "modify-transition-by nil]"), "a bracket or a quote"),
        ("{:broken 1}", "config.edn, :file-inputs: names no file; name them there, or take config.edn out"),
    ],
)
def test_a_config_that_cannot_be_read_is_refused(tmp_path, config, what):
    (sentence,) = refused(tmp_path, config=config)
    assert what in sentence
