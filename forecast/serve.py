"""The app on this machine only: starts Streamlit with the settings that ship, and opens the browser."""

import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
import webbrowser
from collections.abc import Iterator, Mapping
from typing import Any, Final

import typer

from forecast.errors import ForecastError, UnknownLabel
from forecast.inputs.area import bundled_areas
from forecast.inputs.bundled import bundled

HOST: Final = "127.0.0.1"
"""Never `localhost`, which some council networks cannot reach."""
PORTS: Final = range(1024, 65536)
"""Ports that anyone may use."""
GUARDED: Final = ("browser", "client", "server")
"""Sections of the settings that keep figures on this machine; Streamlit finds the others beside app.py."""
PATIENCE, PAUSE = 60.0, 0.1
"""Seconds to wait for the app to answer before the browser is opened, and between two tries."""


class UnusablePort(ForecastError):
    """The port asked for cannot be used."""

    def __init__(self, port: int, why: str) -> None:
        super().__init__(f"Port {port} {why}; use another: forecast app --port {_free_port()}")


def serve(area: str, port: int) -> int:
    """Run the app until it is stopped, with Ctrl-C or by the system, and return its exit status.

    Parameters
    ----------
    area : folder of an area, or the name of one that ships
    port : on this machine

    Raises
    ------
    UnknownLabel
        There is no such area.
    UnusablePort
        The port is out of range, or something listens there already; the message names a free one.
    """
    if not os.path.exists(area) and area not in bundled_areas():  # noqa: PTH110 - never raises, whatever the name
        raise UnknownLabel("area", area, bundled_areas())
    _claim(port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    app = subprocess.Popen(command(area, port))  # noqa: S603 - our own program; the area is an argument to it
    try:
        if _answers(app, port):
            address = f"http://{HOST}:{port}"
            typer.echo(f"The app is at {address}\nTo stop it, press Ctrl-C here.")
            webbrowser.open(address)
        return app.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        app.terminate()
        app.wait()


def command(area: str, port: int) -> list[str]:
    """Program and arguments that start the app; what guards it are flags, which nothing else overrules."""
    settings = tomllib.loads(bundled(".streamlit", "config.toml").read_text(encoding="utf-8"))
    start = [sys.executable, "-m", "streamlit", "run", str(bundled("app.py"))]
    return [*start, *flags(settings), f"--server.port={port}", "--logger.hideWelcomeMessage=true", "--", area]


def flags(settings: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Settings of a configuration file as flags: a list is the same flag several times."""
    for section in GUARDED:
        for name, value in settings[section].items():
            for each in value if isinstance(value, list) else [value]:
                yield f"--{section}.{name}={str(each).lower() if isinstance(each, bool) else each}"


def _claim(port: int) -> None:
    """See that the port can be listened at."""
    if port not in PORTS:
        raise UnusablePort(port, f"is not between {PORTS.start} and {PORTS.stop - 1}")
    with socket.socket() as probe:
        if os.name == "posix":  # elsewhere this would take over a port in use
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise UnusablePort(port, "is in use, perhaps by this app in another window") from error


def _free_port() -> int:
    """A port that nothing listens at now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(app: subprocess.Popen[bytes], port: int) -> bool:
    """Whether the app listens, once it does; false if it has ended or has kept us waiting."""
    until = time.monotonic() + PATIENCE
    while app.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return True
        time.sleep(PAUSE)
    return False
