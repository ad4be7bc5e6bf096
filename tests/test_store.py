"""A fitted model on disk: the same when read again, refused with the command that mends it when it is not whole."""

import json

import numpy as np
import pytest
import xarray as xr
from builders_model import england

from forecast.errors import ModelError
from forecast.inputs.bundled import bundled
from forecast.store import FORMAT, digest, read_model, write_model

COMMAND = "forecast fit --sen2 .* --to "


def model():
    """Small, with an axis of words and one of numbers, and zeros."""
    rng = np.random.default_rng(4)
    stock = rng.uniform(size=(2, 3)) * (rng.uniform(size=(2, 3)) > 0.4)
    coords = {"need": ["ASD", "Not, quoted"], "nc_year": [-1, 0, 1]}
    return xr.Dataset(
        {
            "stock": (("need", "nc_year"), stock),
            "rate": (("nc_year",), np.array([0.0, 1e-7, 12345678.0])),
            "empty": (("need",), np.zeros(2)),
        },
        coords=coords,
        attrs={"year": 2025, "growth": 0.15114266659397918, "flows": "inferred"},
    )


def test_a_model_reads_as_it_was_written(tmp_path):
    write_model(model(), tmp_path / "a" / "b")
    found = read_model(tmp_path / "a" / "b")
    xr.testing.assert_allclose(found, model(), rtol=1e-6)
    assert found.attrs == model().attrs
    assert found["stock"].dims == ("need", "nc_year")
    assert found["need"].to_numpy().tolist() == ["ASD", "Not, quoted"]
    assert found["empty"].to_numpy().tolist() == [0, 0]


def test_a_model_written_again_is_the_same_to_the_byte(tmp_path):
    write_model(model(), tmp_path / "one")
    write_model(read_model(tmp_path / "one"), tmp_path / "two")
    assert digest(tmp_path / "one") == digest(tmp_path / "two")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_the_england_model_that_ships_is_written_as_it_was(tmp_path):
    write_model(england(), tmp_path)
    assert digest(tmp_path) == digest(bundled("models", "england"))


def test_a_model_fitted_again_keeps_its_card_and_backtest_and_nothing_else(tmp_path):
    folder = tmp_path / "model"
    write_model(model(), folder)
    beside = {"card.md": "out by 9%", "card/error.svg": "<svg/>", "backtest/scores.csv": "target\nplans\n"}
    for name, text in {**beside, "left_over.csv": "a\n1\n"}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    before = digest(folder)
    write_model(model().assign(rate=("nc_year", [1.0, 2.0, 3.0])), folder)
    assert {name: (folder / name).read_text() for name in beside} == beside
    assert not (folder / "left_over.csv").exists()
    assert read_model(folder)["rate"].to_numpy().tolist() == [1, 2, 3]
    assert digest(folder) != before
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_a_card_is_no_part_of_a_models_digest(tmp_path):
    write_model(model(), tmp_path)
    before = digest(tmp_path)
    (tmp_path / "backtest").mkdir()
    (tmp_path / "backtest" / "scores.csv").write_text("target\nplans\n")
    (tmp_path / "card.md").write_text("out by 9%")
    assert digest(tmp_path) == before


def test_the_digest_tells_one_model_from_another_and_ignores_line_ends(tmp_path):
    write_model(model(), tmp_path)
    before = digest(tmp_path)
    path = tmp_path / "stock.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert digest(tmp_path) == before
    path.write_bytes(path.read_bytes().replace(b"0.", b"1.", 1))
    assert digest(tmp_path) != before


def broken(tmp_path, name, content):
    """A model one file of which is something else."""
    write_model(model(), tmp_path)
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content)
    return tmp_path


DAMAGED = {
    "no labels": ("model.json", None),
    "no table": ("stock.csv", None),
    "half of the labels": ("model.json", b'{"format": 1, "axes": {"need"'),
    "labels that are none": ("model.json", b"{}"),
    "not text": ("model.json", b"\xff\xfe\x00"),
    "an empty table": ("stock.csv", b""),
    "a table without a column": ("stock.csv", b"need,value\nASD,1\n"),
    "a table of another kind": ("stock.csv", b"need,nc_year,value\nASD,young,1\n"),
    "a cell said twice": ("stock.csv", b"need,nc_year,value\nASD,0,1\nASD,0,2\n"),
}


@pytest.mark.parametrize(("name", "content"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_model_is_refused_with_the_command_that_makes_it_again(tmp_path, name, content):
    with pytest.raises(ModelError, match=COMMAND):
        read_model(broken(tmp_path, name, content))


def test_a_model_of_another_format_is_refused_with_the_command(tmp_path):
    write_model(model(), tmp_path)
    path = tmp_path / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": FORMAT + 1}))
    with pytest.raises(ModelError, match=f"another format.*{COMMAND}"):
        read_model(tmp_path)


def test_a_folder_without_a_model_is_refused_with_the_command(tmp_path):
    with pytest.raises(ModelError, match=rf"model\.json is missing.*{COMMAND}"):
        read_model(tmp_path / "nowhere")


CORRUPT = {
    "a list for labels": ("model.json", b"[]"),
    "a word for a number": ("stock.csv", b"need,nc_year,value\nASD,0,many\n"),
    "a label that is not the model's": ("stock.csv", b"need,nc_year,value\nAUT,0,1\n"),
    "rows cut off": ("stock.csv", b"need,nc_year,value\n"),
    "a number that is none": ("stock.csv", b"need,nc_year,value\nASD,0,\n"),
}


@pytest.mark.parametrize(("name", "content"), CORRUPT.values(), ids=CORRUPT)
def test_a_model_that_was_tampered_with_is_refused(tmp_path, name, content):
    with pytest.raises(ModelError, match=COMMAND):
        read_model(broken(tmp_path, name, content))
