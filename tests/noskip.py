"""CI may not skip what a laptop may: there, a skipped test is a failed one."""

import os

import pytest

#: What to tell somebody whose CI lacks a program.
WHY = "CI skips nothing: .ci/run installs what the tests need. Skipped: "


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return _strict((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return _strict((yield))


def _strict(report):
    # A test that is expected to fail is reported as skipped, too; it ran.
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        said = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"{WHY}{said}"
    return report
