"""`forecast import ap`: years are added or counted anew, real and invented children never mixed, nobody told of."""

import os
import stat

import pytest
from builders import put, small_area
from builders_ap_records import PLANTED, counts_area, put_csv, row, simulated
from planted import leaks

from forecast.cli import main
from forecast.inputs.area import read_area
from forecast.records.ap.importing import NOTE

WINDOW = ("--since", "2020-09-01", "--seen", "31/08/2025")


@pytest.fixture
def run(monkeypatch, capsys):
    """The command as a user runs it: its exit status, and all that it says."""

    def command(*words):
        monkeypatch.setattr("sys.argv", ["forecast", "import", "ap", *map(str, words)])
        monkeypatch.setattr(
            "signal.signal", lambda *_: None
        )  # the command's way with pipes is not for all of the tests
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return ended.value.code, told.out + told.err

    return command


def area(folder, name="area", *, synthetic=False, kind=None):
    files = counts_area() if kind is None else small_area()
    if not synthetic:
        files["area.toml"] = files["area.toml"].replace(b"synthetic = true", b"synthetic = false")
        files["area.toml"] = files["area.toml"].replace(b'"synthetic"', b'"counted"')
    (folder / name).mkdir()
    return put(files, folder / name)


def of_year(folder, year, children=4, **cells):
    rows = [row(year * 100 + n, f"{year - 1}-10-0{n}", f"{year}-03-0{n}", **cells) for n in range(1, children + 1)]
    return put_csv(folder, rows, name=f"{year}.csv")


def test_records_are_counted_into_the_folder_and_nothing_of_a_child_stays(run, tmp_path):
    to = area(tmp_path)
    rows, _ = simulated(seed=4, a_year=60)
    status, told = run(put_csv(tmp_path, rows), "--to", to, *WINDOW)
    assert status == 0, told
    assert "Added: 2020/21, 2021/22, 2022/23, 2023/24, 2024/25." in told
    assert "OFFICIAL-SENSITIVE" in told
    assert PLANTED not in told
    made = read_area(to)
    assert made.ap_arrivals["children"].sum() > 250
    assert [note for note in made.about.notes if note.startswith(NOTE)]
    assert {source.table for source in made.about.sources} >= {"ap_rolls.csv", "ap_arrivals.csv", "ap_stays.csv"}
    assert not leaks(to)
    assert not [path for path in to.iterdir() if PLANTED.encode() in path.read_bytes()]
    if os.name == "posix":
        assert stat.S_IMODE((to / "ap_stays.csv").stat().st_mode) == 0o600


def test_a_later_year_is_added_to_those_that_are_there(run, tmp_path):
    to = area(tmp_path)
    for year in (2022, 2023):
        window = ("--since", f"{year - 1}-09-01", "--seen", f"{year}-08-31")
        assert run(of_year(tmp_path, year, children=year - 2018), "--to", to, *window)[0] == 0
    made = read_area(to)
    assert made.ap_arrivals.groupby("year")["children"].sum().to_dict() == {2022: 4, 2023: 5}
    assert made.ap_stays["ended"].sum() == 9
    assert sorted(set(made.ap_rolls["year"])) == [2022, 2023]
    assert len([note for note in made.about.notes if note.startswith(NOTE)]) == 1


def test_a_year_that_is_there_is_counted_anew_only_when_asked(run, tmp_path):
    to, window = area(tmp_path), ("--since", "2021-09-01", "--seen", "2022-08-31")
    assert run(of_year(tmp_path, 2022), "--to", to, *window)[0] == 0
    before = {path.name: path.read_bytes() for path in to.iterdir()}
    again = of_year(tmp_path, 2022, children=7)
    status, told = run(again, "--to", to, *window)
    assert status == 1
    assert "2021/22 is there already; leave those years out with --since, or add --replace" in told
    assert {path.name: path.read_bytes() for path in to.iterdir()} == before
    _, told = run(again, "--to", to, *window, "--replace")
    assert "Counted anew: 2021/22. Lengths of stay rest on these files alone." in told
    assert read_area(to).ap_arrivals["children"].sum() == read_area(to).ap_stays["ended"].sum() == 7


def test_records_are_not_laid_on_published_figures(run, tmp_path):
    to = area(tmp_path, kind="published")
    status, told = run(of_year(tmp_path, 2022), "--to", to)
    assert status == 1
    assert "holds published figures" in told
    assert not (to / "ap_arrivals.csv").exists()


@pytest.mark.parametrize("synthetic", [True, False])
def test_real_and_invented_children_are_never_mixed(run, tmp_path, synthetic):
    to, flag = area(tmp_path, synthetic=synthetic), ["--synthetic"]
    wrong, right = ([], flag) if synthetic else (flag, [])
    status, told = run(of_year(tmp_path, 2022), "--to", to, *WINDOW, *wrong)
    assert status == 1
    assert "--synthetic" in told
    assert run(of_year(tmp_path, 2022), "--to", to, *WINDOW, *right)[0] == 0
    assert ("Synthetic" in set(read_area(to).ap_arrivals["source"]).pop()) is synthetic


def test_faults_are_named_and_nothing_is_written(run, tmp_path):
    to = area(tmp_path)
    before = {path.name: path.read_bytes() for path in to.iterdir()}
    path = put_csv(tmp_path, [row(1, reason="Zzyzx"), row(2, end="2021-01-01"), *[row(n) for n in range(3, 60)]])
    status, told = run(path, "--to", to, *WINDOW)
    assert status == 1
    assert "row 2, reason" in told
    assert "row 3, end" in told
    assert PLANTED not in told
    assert {path.name: path.read_bytes() for path in to.iterdir()} == before
    status, told = run(path, "--to", to, *WINDOW, "--set-aside")
    assert status == 0
    assert "Left out: 2 rows of 59" in told


def test_a_day_that_cannot_be_read_is_wrong_usage(run, tmp_path):
    assert run(of_year(tmp_path, 2022), "--to", area(tmp_path), "--since", "September")[0] == 2


def test_stays_that_went_on_are_followed_where_the_next_file_begins_on_the_day_after(run, tmp_path):
    """File by file or all at once, the lengths of stay are the same; alone, those of one year end with its file."""
    stays = [row(n, f"2021-{n + 8:02d}-06", f"2022-{3 * n:02d}-07") for n in range(1, 5)]
    stays += [row(n, f"2022-0{n - 4}-06", f"2023-0{n - 4}-07") for n in range(5, 9)]
    cut = [each if each["end"] < "2022-09" else {**each, "end": "", "returned": ""} for each in stays]
    one, both, new = area(tmp_path, "one"), area(tmp_path, "both"), area(tmp_path, "new")
    first, second = ("--since", "2021-09-01", "--seen", "2022-08-31"), ("--since", "2022-09-01", "--seen", "2023-08-31")
    late = [*(each for each in stays if each["end"] >= "2022-09"), row(9, "2022-10-06", "2023-01-07")]
    later = put_csv(tmp_path, late, name="later.csv")
    every = put_csv(tmp_path, [*stays, late[-1]], name="every.csv")
    for folder in (both, new):
        assert run(put_csv(tmp_path, cut, name="cut.csv"), "--to", folder, *first)[0] == 0
    status, told = run(later, "--to", both, *second)
    assert status == 0, told
    assert "6 stays that went on in the files counted before: followed on in these." in told
    assert run(every, "--to", one, "--since", "2021-09-01", "--seen", "2023-08-31")[0] == 0
    bands = [read_area(folder).ap_stays for folder in (one, both)]
    assert bands[0].to_csv() == bands[1].to_csv()
    assert "complete from September 2021 to August 2023" in read_area(both).about.notes[-1]
    status, told = run(of_year(tmp_path, 2023), "--to", new, *second)
    assert status == 0
    assert "no stay can last longer than the months of its own file" in told
    assert read_area(new).ap_stays["ongoing"].sum() == 6


@pytest.mark.skipif(os.name != "posix", reason="only such systems have owners of files")
def test_a_folder_that_others_could_read_is_for_its_owner_only_once_records_are_in_it(run, tmp_path):
    to = area(tmp_path)
    to.chmod(0o755)
    for path in to.iterdir():
        path.chmod(0o644)
    assert run(of_year(tmp_path, 2022), "--to", to, *WINDOW)[0] == 0
    assert stat.S_IMODE(to.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in to.iterdir()} == {0o600}
