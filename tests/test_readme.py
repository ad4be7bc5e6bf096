"""What README says runs, runs."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forecast.cli import app

README = Path(__file__).parents[1] / "README.md"
COMMANDS = re.findall(r"^ +\$ forecast (.+)$", README.read_text(encoding="utf-8"), re.MULTILINE)


def test_readme_shows_commands():
    assert len(COMMANDS) >= 4


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_in_the_readme_runs(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, shlex.split(command), catch_exceptions=False)
    assert done.exit_code == 0
    assert done.output


def test_the_notebook_lines_in_the_readme_run():
    lines = re.search(r"```python\n(.+?)```", README.read_text(encoding="utf-8"), re.DOTALL)[1]
    names = {}
    exec(lines, names)  # noqa: S102 - the README's own lines
    assert names["projection"].about.name == "Worcestershire"
