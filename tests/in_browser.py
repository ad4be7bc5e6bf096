"""What tests in a real browser share: Chromium, a port, an app that answers, a page that tells what it asked for."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
PATIENCE = 90
"""Seconds for a first page: Python, the libraries and a forecast."""


def need_chromium():
    """Skip without Chromium, or fail where it must be there."""
    if CHROMIUM is None:
        absent = "Chromium is not installed"
        if os.environ.get("FORECAST_REQUIRE_BROWSER") == "1":
            pytest.fail(absent)
        pytest.skip(absent)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, app):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and app.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    pytest.fail("the app does not answer")


@contextmanager
def served(away, root):
    """Address of `forecast app` on Worcestershire, run in a folder; afterwards it must have ended well.

    Parameters
    ----------
    away : folder to run in, and to keep the log in
    root : folder of the program
    """
    need_chromium()
    port = free_port()
    start = [sys.executable, "-m", "forecast", "app", "worcestershire", "--port", str(port)]
    about = os.environ | {"BROWSER": f'"{sys.executable}" -c 0 %s', "PYTHONPATH": str(root)}
    with (away / "log.txt").open("wb") as said:
        app = subprocess.Popen(start, cwd=away, env=about, stdout=said, stderr=said)
    try:
        wait_for(port, app)
        yield f"http://127.0.0.1:{port}"
        app.send_signal(signal.SIGINT)
        assert app.wait(timeout=20) == 0
        assert "Traceback" not in (away / "log.txt").read_text(encoding="utf-8")
    finally:
        app.kill()
        app.wait()


@contextmanager
def browser():
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield found
        found.close()


def at(chromium, address, width):
    """A page of a width; what it asks for is on its list `asked`."""
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.set_default_timeout(PATIENCE * 1000)
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("websocket", lambda socket: page.asked.append(socket.url))
    page.goto(address)
    return page


def hosts(asked):
    """Hosts that were asked, but for what a page holds within itself."""
    return {urlsplit(url).hostname for url in asked if urlsplit(url).scheme not in {"data", "blob"}}
