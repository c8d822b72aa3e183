"""The API is what its OpenAPI document says: random requests, valid and not, at every endpoint."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bot.app import build as build_app
from bot.http.fetch import Fetcher
from bot.http.guard import Guard
from bot.settings import model
from bot.web.api.build import build

#: Requests to each operation and of each kind; all of them take about 20 s of one core.
EXAMPLES = 5

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]

DOCUMENT = build(build_app(model()())).openapi()
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = [(path, method) for path, item in DOCUMENT["paths"].items() for method in item]


def nowhere(*asked):
    raise OSError("no test leaves this machine")


@pytest.fixture(scope="module")
def posts(place):
    """Posts in several states, so that random requests also meet something."""
    place.app.__dict__["fetcher"] = Fetcher(guard=Guard(resolve=nowhere, dial=nowhere))
    return [post for _ in range(3) for post in place.posts(place.article()).values()]


def test_there_is_something_to_try():
    assert len(OPERATIONS) > 20
    for path, method in OPERATIONS:
        responses = DOCUMENT["paths"][path][method]["responses"]
        assert {"401", "403", "422", "503"} <= set(responses), (path, method)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_it_answers_as_documented(place, program, posts, path, method, mode):
    caller, statuses = program(), set()
    try:
        strategy = SCHEMA[path][method].as_strategy(generation_mode=mode)
    except TypeError:  # nothing in it can be wrong
        strategy = st.nothing()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy, pick=st.integers(0, 2 * len(posts)))
    def answers(case, pick):
        if pick < len(posts) and "{number}" in path:
            meet(case, posts[pick])
        response = case.call(base_url=caller.url, session=caller.session, timeout=20)
        statuses.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    answers()
    assert statuses


def meet(case, post):
    """Make a random request be about a post that is there."""
    case.path_parameters["number"] = post.id
    if isinstance(case.body, dict) and "content_hash" in case.body:
        case.body["content_hash"] = post.fingerprint
