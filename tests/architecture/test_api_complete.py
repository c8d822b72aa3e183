"""The API does what the pages do: every address of the desk has its operation, or a reason."""

import json
import re

import pytest
from jsonschema import Draft202012Validator

from bot.app import build as build_app
from bot.settings import model
from bot.web.acts import ACTS
from bot.web.api.build import build
from bot.web.api.examples import ANSWERS
from bot.web.site import AREAS

#: Each address of the desk, and the operations by which a program does or reads the same.
#: An operation's name is its `operationId`, the name of its function in `bot.web.api`.
SAME = {
    "GET /": ("posts", "lists"),
    "GET /articles/{key}": ("article", "posts", "comments"),
    "GET /cards/{sha256}": ("card",),
    "GET /cards/{sha256}/{number}": ("card_page",),
    "GET /posts/{post_id}/edit": ("post", "wordings", "draft"),
    "POST /posts/{post_id}/edit": ("edit",),
    "POST /posts/{post_id}/judge": ("judge",),
    "POST /posts/{post_id}/discard": ("discard",),
    "POST /posts/{post_id}/fix": ("fix",),
    "POST /posts/{post_id}/card": ("draw", "own_picture"),
    "POST /posts/{post_id}/time": ("time",),
    "GET /posts/{post_id}/wordings": ("wordings",),
    "POST /posts/{post_id}/restore": ("restore",),
    "POST /decide/{action}": ("decide", "decide_many"),
    "POST /posts/{post_id}/answer": ("answer",),
    "POST /articles/{key}/comments": ("say",),
    "GET /mentions": ("mentions",),
    "GET /corrections/{number}": ("correction", "corrections"),
    "POST /corrections/{number}/edit": ("reword_live",),
    "POST /corrections/{number}/delete": ("take_down",),
    "POST /corrections/{number}/done": ("correction_done",),
    "GET /held": ("held",),
    "POST /held/post": ("let_in",),
    "POST /held/drop": ("drop",),
    "GET /calendar": ("calendar",),
    "GET /pause": ("channels",),
    "POST /pause": ("pause",),
    "POST /resume": ("resume",),
    "GET /record": ("record", "counts"),
    "GET /record.json": ("record",),
    "GET /record/{post_id}": ("history", "known_numbers"),
    "POST /record/{post_id}/numbers": ("read_numbers",),
    "GET /account": ("me", "tokens"),
    "POST /account/tokens/revoke": ("revoke",),
    "GET /settings/people": ("users",),
    "POST /settings/people/add": ("invite",),
    "POST /settings/people/link": ("new_link",),
    "POST /settings/people/change": ("change_user",),
    "POST /settings/people/no-code": ("ask_no_code",),
    "POST /settings/people/no-passkeys": ("forget_passkeys",),
    "GET /settings/sources": ("sources",),
    "POST /settings/sources/find": ("find_source",),
    "POST /settings/sources/add": ("add_source",),
    "POST /settings/sources/pause": ("pause_source",),
    "POST /settings/sources/resume": ("resume_source",),
    "POST /settings/sources/remove": ("remove_source",),
    "GET /settings/accounts": ("accounts",),
    "POST /settings/accounts/check": ("check_accounts",),
    "POST /settings/accounts/resume": ("resume",),
    "GET /settings/schedule": ("settings",),
    "POST /settings/schedule": ("change_settings",),
    "GET /settings/policies": ("settings",),
    "POST /settings/policies": ("change_settings",),
    "GET /settings/words": ("word_files",),
    "GET /settings/words/{name}": ("word_file",),
    "POST /settings/words/{name}/try": ("try_words",),
    "POST /settings/words/{name}": ("save_words",),
}

_SESSION = "It begins or ends a browser's session; a program has a token."
_PROOF = "A further proof of who a person is, set up in the browser that will be asked for it."
_OWN = "It carries its own proof: a signature or a one-time secret, not a person's session."

#: What a program cannot do, and why.
ONLY_PAGES = {
    "GET /sign-in": _SESSION,
    "POST /sign-in": _SESSION,
    "POST /sign-in/code": _SESSION,
    "POST /sign-in/passkey/begin": _SESSION,
    "POST /sign-in/passkey": _SESSION,
    "POST /sign-out": _SESSION,
    "GET /welcome/{secret}": _SESSION,
    "POST /welcome/{secret}": _SESSION,
    "POST /account/sign-out-everywhere": _SESSION,
    "POST /account/code/begin": _PROOF,
    "POST /account/code/on": _PROOF,
    "POST /account/code/off": _PROOF,
    "POST /account/passkeys/begin": _PROOF,
    "POST /account/passkeys/add": _PROOF,
    "POST /account/passkeys/rename": _PROOF,
    "POST /account/passkeys/remove": _PROOF,
    "POST /account/password/off": _PROOF,
    "POST /account/tokens": "A token makes no tokens: a stolen one would outlive its revocation.",
    "GET /keys": "The keys of the keyboard.",
    "GET /settings": "It leads to the first page of the settings.",
    "GET /links/{secret}": _OWN,
    "GET /links/{secret}/cards/{sha256}": _OWN,
    "POST /links/{secret}": _OWN,
    "GET /hooks/in/{key}": _OWN,
    "POST /hooks/in/{key}": _OWN,
    "POST /hooks/slack": _OWN,
    "POST /hooks/telegram": _OWN,
}

DOCUMENT = build(build_app(model()())).openapi()
OPERATIONS = [
    (method, operation) for path in DOCUMENT["paths"].values() for method, operation in path.items()
]


def pages():
    return {
        f"{method} {route.path}"
        for area in AREAS
        for route in area.router.routes
        for method in route.methods
        if method != "HEAD"
    }


def test_the_api_does_what_the_pages_do():
    names = [operation["operationId"] for _, operation in OPERATIONS]
    assert len(names) == len(set(names)), "an operation has a name of its own"
    missing = pages() - set(SAME) - set(ONLY_PAGES)
    assert not missing, f"make an operation of {missing}, or say why there is none"
    assert set(SAME) | set(ONLY_PAGES) == pages(), "a page that is gone is still named here"
    assert not set(SAME) & set(ONLY_PAGES)
    unknown = {name for same in SAME.values() for name in same} - set(names)
    assert not unknown, f"there is no operation {unknown}"


def test_a_program_changes_by_an_operation_that_changes():
    methods = {operation["operationId"]: method for method, operation in OPERATIONS}
    for page, same in SAME.items():
        reads = {methods[name] == "get" for name in same}
        assert reads == {page.startswith("GET ")}, page


def test_a_program_decides_whatever_a_page_decides():
    for name in ("Decide", "DecideMany"):
        known = DOCUMENT["components"]["schemas"][name]["properties"]["action"]["enum"]
        assert set(known) == set(ACTS)


def test_every_change_can_be_repeated_safely():
    for method, operation in OPERATIONS:
        keys = [one["name"] for one in operation.get("parameters", ())]
        assert ("Idempotency-Key" in keys) == (method != "get"), operation["operationId"]


def test_every_answer_has_an_example_or_wraps_what_has_one():
    schemas = DOCUMENT["components"]["schemas"]
    for _, operation in OPERATIONS:
        for status, answer in operation["responses"].items():
            for kind, content in answer.get("content", {}).items():
                if "json" in kind:
                    for name in _named(content["schema"]):
                        assert _shown(schemas, name), (operation["operationId"], status, name)


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["schemas"]))
def test_every_example_is_what_its_model_says(name):
    schema = DOCUMENT["components"]["schemas"][name]
    whole = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    check = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for one in schema.get("examples", ()):
        assert [f"{e.json_path}: {e.message}" for e in check.iter_errors(one)] == []
        if name in ANSWERS:
            assert set(schema["required"]) <= set(one) <= set(schema["properties"])


def test_the_document_refers_to_nothing_outside_it():
    referred = set(re.findall(r'"\$ref": "([^"]*)"', json.dumps(DOCUMENT)))
    known = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert referred <= known


def _named(schema):
    """Return the names of the models a schema refers to."""
    return re.findall(r"#/components/schemas/(\w+)", json.dumps(schema))


def _shown(schemas, name):
    """Return whether a viewer has an example for this: its own, or those of what it wraps."""
    if schemas[name].get("examples") or "enum" in schemas[name]:
        return True
    wrapped = [part for field in schemas[name]["properties"].values() for part in _named(field)]
    return bool(wrapped) and all(_shown(schemas, one) for one in wrapped)


def test_every_request_body_has_an_example():
    for _, operation in OPERATIONS:
        if "requestBody" in operation:
            (body,) = operation["requestBody"]["content"].values()
            name = body["schema"]["$ref"].rsplit("/", 1)[1]
            assert DOCUMENT["components"]["schemas"][name].get("examples"), name
