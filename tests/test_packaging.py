"""What a council installs: pinned, from no address of ours, whole, and at work away from the checkout."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DEPENDENCIES = [Requirement(line) for line in PYPROJECT["project"]["dependencies"]]
TOOLS = [Requirement(line) for line in PYPROJECT["dependency-groups"]["dev"]]
FILES = {"requirements.txt": {"-e ."}, "requirements-dev.txt": {"-r requirements.txt"}}
"""Requirement file -> its lines that are not pins."""

WHEEL_IS_MADE_FROM = (
    *("pyproject.toml", "README.md", "LICENSE", ".gitignore"),
    *("forecast", "app.py", ".streamlit", "data", "models"),
)
SHIPS = ("data/worcestershire", "data/scenarios", "models/england", "app.py", ".streamlit/config.toml")


def lines(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def pins(file):
    """Pins of a requirement file by name; a name has several where the version depends on the Python."""
    found = {}
    for line in lines(file):
        if line not in FILES[file]:
            pin = Requirement(line)
            found.setdefault(canonicalize_name(pin.name), []).append(pin)
    return found


def version(pin):
    [only] = pin.specifier
    return Version(only.version)


def outcome(*command, cwd):
    """Output of a program that must succeed, run where the checkout is not on the import path."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=clean | {"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{command} gave {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_tables_are_those_of_pandas_3():
    assert Version(metadata.version("pandas")).major == 3
    assert {version(pin).major for pin in pins("requirements.txt")["pandas"]} == {3}


@pytest.mark.parametrize("wanted", DEPENDENCIES, ids=lambda wanted: wanted.name)
def test_what_the_program_needs_is_pinned(wanted):
    for pin in pins("requirements.txt")[canonicalize_name(wanted.name)]:
        assert version(pin) in wanted.specifier


@pytest.mark.parametrize("wanted", TOOLS, ids=lambda wanted: wanted.name)
def test_what_testing_needs_is_pinned(wanted):
    for pin in (pins("requirements.txt") | pins("requirements-dev.txt"))[canonicalize_name(wanted.name)]:
        assert version(pin) in wanted.specifier


@pytest.mark.parametrize("file", FILES)
def test_requirements_are_exact_and_come_from_no_named_address(file):
    assert "://" not in (ROOT / file).read_text(encoding="utf-8")
    assert set(lines(file)) >= FILES[file]
    for pin in (pin for same in pins(file).values() for pin in same):
        assert pin.url is None
        assert [clause.operator for clause in pin.specifier] == ["=="]
        assert "*" not in str(pin.specifier)


def test_the_program_itself_is_installed_last():
    assert lines("requirements.txt")[-1] == "-e ."


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, made from a copy of the checkout in which a council has its own area and model."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in WHEEL_IS_MADE_FROM:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy / name)
    for confidential in ("data/midshire/placements.csv", "models/midshire/rates.csv", "runs/1/manifest.json"):
        (copy / confidential).parent.mkdir(parents=True)
        (copy / confidential).write_text("confidential")
    made = tmp_path_factory.mktemp("wheel")
    outcome(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", made, copy, cwd=made)
    [path] = made.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory):
    """Programs of a new environment that has the wheel, and sees our dependencies but not the checkout."""
    home = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(home, symlinks=os.name != "nt")
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    pip = (sys.executable, "-m", "pip", "--python", programs / "python")
    outcome(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=home)
    [packages] = home.glob("Lib/site-packages" if os.name == "nt" else "lib/*/site-packages")
    ours = dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
    (packages / "dependencies.pth").write_text("\n".join(ours), encoding="utf-8")
    return programs


@pytest.mark.parametrize("name", SHIPS)
def test_the_wheel_carries_what_ships(wheel, name):
    source = ROOT / name
    files = [path for path in source.rglob("*") if path.is_file()] if source.is_dir() else [source]
    wanted = {f"forecast/_bundled/{path.relative_to(ROOT).as_posix()}" for path in files}
    assert wanted
    assert wanted <= set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_leaves_a_councils_own_records_behind(wheel):
    carried = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in carried if "midshire" in name or "runs/" in name]


def test_the_wheel_is_the_package_and_nothing_beside_it(wheel):
    roots = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {root for root in roots if not root.endswith(".dist-info")} == {"forecast"}


def test_an_installed_program_is_not_the_checkout(elsewhere, tmp_path):
    where = outcome(elsewhere / "python", "-c", "import forecast; print(forecast.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(elsewhere.parent)


def test_an_installed_program_explains_its_main_job(elsewhere, tmp_path):
    assert "Usage:" in outcome(elsewhere / "forecast", "run", "--help", cwd=tmp_path)


def test_an_installed_program_does_its_main_job(elsewhere, tmp_path):
    outcome(elsewhere / "forecast", "run", "--out", tmp_path / "out", cwd=tmp_path)
    assert list((tmp_path / "out").rglob("manifest.json"))
