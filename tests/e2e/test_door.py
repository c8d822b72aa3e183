"""The desk's door at the very first moment: who knocks while the bot still loads is let in."""

import re

import requests


def test_a_visitor_of_the_first_moment_is_let_in(start):
    process = start("web", env={"BOT_DESK__PORT": 0})
    address = re.search(r"http://[\d.:]+", process.stdout.readline())[0]
    assert requests.get(f"{address}/sign-in", timeout=30).status_code == 200
