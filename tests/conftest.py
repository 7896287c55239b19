"""What every test shares: repeatable hypothesis runs, and skips that can be forbidden.

`.ci/run` sets NNLIB_REQUIRE_TORCH and NNLIB_REQUIRE_SITE where PyTorch and the built site must be
there: a test that would have been skipped for want of them then fails instead.
"""

import importlib.util
import os

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=False)
settings.load_profile("repeatable")

TORCH = importlib.util.find_spec("torch") is not None
REQUIRE_TORCH = os.environ.get("NNLIB_REQUIRE_TORCH") == "1"


def pytest_sessionstart():
    if REQUIRE_TORCH and not TORCH:
        pytest.exit("PyTorch is required by NNLIB_REQUIRE_TORCH and is not installed", 1)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("parity") and not TORCH:
            item.add_marker(pytest.mark.skip(reason="PyTorch is not installed: no parity tests"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    if REQUIRE_TORCH and report.skipped and item.get_closest_marker("parity"):
        report.outcome = "failed"
        report.longrepr = f"a parity test was skipped: {report.longrepr}"
    return report
