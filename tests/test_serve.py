"""`forecast app` starts the app on this machine only, or says in a sentence why it does not."""

import socket

import pytest

from forecast.errors import UnknownLabel
from forecast.serve import UnusablePort, command, serve


def test_the_app_starts_with_the_settings_that_guard_it():
    flags = command("worcestershire", 8765)
    for setting in (
        "--server.address=127.0.0.1", "--server.port=8765", "--server.headless=true",
        "--server.allowedHosts=127.0.0.1", "--server.allowedHosts=localhost", "--browser.gatherUsageStats=false",
        "--client.showErrorDetails=none", "--server.enableXsrfProtection=true",
    ):  # fmt: skip
        assert setting in flags
    assert flags[-2:] == ["--", "worcestershire"]


def test_a_port_in_use_is_a_sentence_that_names_a_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UnusablePort, match=rf"^Port {port} is in use.*: forecast app --port \d+$") as error:
            serve("worcestershire", port)
    other = int(str(error.value).split()[-1])
    assert other != port
    with socket.socket() as free:
        free.bind(("127.0.0.1", other))


@pytest.mark.parametrize("port", [-1, 0, 80, 65_536])
def test_a_port_that_nobody_may_use_is_a_sentence(port):
    with pytest.raises(UnusablePort, match="is not between 1024 and 65535; use another"):
        serve("worcestershire", port)


def test_an_area_that_is_not_there_stops_the_app_before_it_starts():
    with pytest.raises(UnknownLabel, match="did you mean 'lancashire'"):
        serve("lancashir", 8765)
