"""Nothing of the invented county can be taken for a real child, school or postcode; every file says it is invented."""

import re

import pandas as pd
import pytest

from forecast.inputs.area import read_area
from forecast.inputs.bundled import bundled
from forecast.records.read import read_returns
from forecast.records.synthetic.geography import LA_CODE, OTHER_LA
from forecast.records.synthetic.returns import LABEL
from forecast.records.synthetic.write import write_synthetic

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


@pytest.fixture(scope="module", params=["csv", "xml"])
def folder(request, tmp_path_factory):
    target = tmp_path_factory.mktemp("labels") / request.param
    write_synthetic(target, 11, 200, range(2024, 2026), request.param, {"two_open_plans": 1})
    return target


@pytest.fixture(scope="module")
def people(folder):
    return pd.concat([filed.tables["person"] for filed in read_returns(sorted(folder.glob("SEN2_*")))])


def test_every_file_says_that_it_is_synthetic(folder):
    """By its name or in its text; the tables of an area by the area.toml beside them."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 10
    for path in files:
        said = (path.name + path.read_text(encoding="utf-8")).casefold()
        assert "synthetic" in said or read_area(path.parent).about.synthetic, path.name


def test_an_area_made_of_it_says_so(folder):
    about = read_area(folder / "area").about
    assert about.synthetic
    assert about.notes[0].startswith(LABEL)
    assert {source.status for source in about.sources} == {"synthetic"}


def test_every_record_is_labelled(folder):
    for filed in read_returns(sorted(folder.glob("SEN2_*"))):
        assert (filed.tables["sen2"]["software_code"] == LABEL).all()
        assert (filed.tables["person"]["surname"] == LABEL).all()
        if filed.form == "csv":
            assert all(table["id"].str.startswith("SYN-").all() for table in filed.tables.values())


def test_no_pupil_has_such_a_number(people):
    """Thirteen characters of the right form, with a check letter that the twelve digits do not give."""
    numbers = people.loc[people["upn"] != "", "upn"]
    assert len(numbers)
    for number in numbers:
        assert re.fullmatch(r"[A-Z][0-9]{12}", number)
        total = 0
        for place in range(2, 14):
            total += place * int(number[place - 1])
        assert LETTERS[total % 23] != number[0]
        assert number[1:4] == LA_CODE


def test_no_learner_has_such_a_number(people):
    numbers = people.loc[people["uln"] != "", "uln"]
    assert len(numbers)
    assert numbers.str.fullmatch("0[0-9]{9}").all()


def test_no_authority_has_such_a_number():
    known = pd.read_csv(bundled("data", "reference", "population_by_authority.csv"), dtype=str)["la_code"]
    assert {LA_CODE, OTHER_LA}.isdisjoint(known)


def test_no_postcode_is_like_these(people, folder):
    """No area of the United Kingdom is ZZ, and ZZ99, which statistics use for no fixed abode, is not used."""
    lookup = pd.read_csv(folder / "postcodes.csv")
    assert set(people["postcode"]) <= set(lookup["pcds"])
    assert lookup["pcds"].str.fullmatch(r"ZZ[1-6] [0-9][A-Z]{2}").all()
    assert lookup["pcds"].is_unique


def test_no_school_has_such_a_number_or_name(folder):
    schools = pd.read_csv(folder / "establishments.csv", dtype=str)
    assert schools["URN"].str.fullmatch("9[0-9]{5}").all()
    assert schools["UKPRN"].str.fullmatch("99[0-9]{6}").all()
    assert schools["EstablishmentName"].str.contains("Synthetic").all()
    assert schools["URN"].is_unique
    used = [filed.tables["placement_detail"]["urn"] for filed in read_returns(sorted(folder.glob("SEN2_*")))]
    assert set(pd.concat(used)) <= {"", *schools["URN"]}
