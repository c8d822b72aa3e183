"""The stand-in LinkedIn: what it takes, what it refuses and in which words."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from bot.platforms.linkedin.sandbox import Sandbox
from bot.platforms.linkedin.sandbox_account import live, version_for
from tests.unit.http.sandbox.clients import LinkedInClient, linkedin_client, png, running

FINDER = {"X-RestLi-Method": "FINDER"}


@pytest.fixture
def page():
    """The organisation, with its own token."""
    with linkedin_client() as client:
        yield client


@pytest.fixture
def member():
    """A member with a self-serve token."""
    with linkedin_client(kind="member") as client:
        yield client


def listing(client, **params):
    params = {"q": "author", "author": client.author, "count": 10, "sortBy": "CREATED"} | params
    return client.get("/rest/posts", params=params, headers=FINDER)


# ---- taken --------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["organization", "member", ""])
def test_a_post_is_answered_with_a_urn_and_nothing_else(kind):
    with linkedin_client(kind=kind) as client:
        answer = client.share("Hello")
        assert (answer.status_code, answer.content) == (201, b"")
        urn = answer.headers["X-RestLi-Id"]
        milliseconds = int(urn.removeprefix("urn:li:share:")) >> 22
        assert milliseconds == int(client.clock.now().timestamp() * 1000)
        assert client.posts()[0]["request"] == client.body("Hello")


def test_urns_only_grow(page):
    urns = [int(page.urn(f"Post {number}").rsplit(":", 1)[1]) for number in range(3)]
    assert urns == sorted(set(urns))


def test_a_single_image_an_article_and_several_images(page):
    first, second = page.image(), page.image()
    article = {"source": "https://theshiftmaker.com/a", "title": "A title", "thumbnail": first}
    images = [{"id": first, "altText": "One"}, {"id": second}]
    for content in (
        {"media": {"id": first, "altText": "A card"}},
        {"article": article | {"description": "More", "thumbnailAltText": "A card"}},
        {"multiImage": {"images": images}},
    ):
        assert page.share(f"With {next(iter(content))}", content=content).status_code == 201
    assert [[media["alt"] for media in post["media"]] for post in page.posts()] == [
        ["A card"],
        ["A card"],
        ["One", ""],
    ]


# ---- versions and headers -------------------------------------------------------


def test_a_missing_version(page):
    del page.headers["LinkedIn-Version"]
    answer = page.share()
    assert (answer.status_code, answer.json()["code"]) == (400, "VERSION_MISSING")


@pytest.mark.parametrize("version", ["202504", "202511", "202512", "202611", "latest", "20260901"])
def test_versions_that_are_not_active(page, version):
    page.headers["LinkedIn-Version"] = version
    answer = page.share()
    assert (answer.status_code, answer.json()) == (
        426,
        {
            "status": 426,
            "code": "NONEXISTENT_VERSION",
            "message": f"Requested version {version}01 is not active",
        },
    )


@pytest.mark.parametrize("version", ["202601", "202605", "202609", "202610"])
def test_versions_that_are_live(page, version):
    page.headers["LinkedIn-Version"] = version
    assert page.share().status_code == 201


def test_a_version_dies_in_the_middle_of_its_month_a_year_later():
    assert live("202601", datetime(2027, 1, 14, tzinfo=UTC))
    assert not live("202601", datetime(2027, 1, 15, tzinfo=UTC))


@pytest.mark.parametrize("year", range(2026, 2032))
@pytest.mark.parametrize("month", range(1, 13))
def test_the_sandboxs_own_version_never_dies(year, month):
    now = datetime(year, month, 16, tzinfo=UTC)
    assert live(version_for(now), now)


def test_headers_support_asks_for(page):
    answers = [page.share("One"), page.share("Two")]
    uuids = {answer.headers["x-li-uuid"] for answer in answers}
    assert len(uuids) == 2


# ---- signing in ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "code", "service"),
    [
        ("", "EMPTY_ACCESS_TOKEN", 65604),
        ("Bearer ", "EMPTY_ACCESS_TOKEN", 65604),
        ("Basic YTpi", "EMPTY_ACCESS_TOKEN", 65604),
        ("Bearer wrong", "INVALID_ACCESS_TOKEN", 65600),
        (f"Bearer {Sandbox.REVOKED_TOKEN}", "REVOKED_ACCESS_TOKEN", 65601),
        (f"Bearer {Sandbox.EXPIRED_TOKEN}", "EXPIRED_ACCESS_TOKEN", 65602),
    ],
)
def test_tokens_that_do_not_get_in(page, header, code, service):
    page.headers["Authorization"] = header
    answer = page.share()
    assert answer.status_code == 401
    assert (answer.json()["code"], answer.json()["serviceErrorCode"]) == (code, service)


def test_a_member_token_cannot_speak_for_the_organisation(member):
    member.author = Sandbox.ORGANIZATION
    answer = member.share()
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("Organization permissions must be used")
    assert member.initialize().status_code == 400


def test_nobody_speaks_for_strangers(page):
    page.author = "urn:li:person:somebody"
    assert page.share().status_code == 400


def test_userinfo(member, page):
    del member.headers["LinkedIn-Version"]
    body = member.get("/v2/userinfo").json()
    assert f"urn:li:person:{body['sub']}" == member.author
    del page.headers["LinkedIn-Version"]
    assert page.get("/v2/userinfo").status_code == 403


def test_userinfo_takes_no_version(member):
    assert member.get("/v2/userinfo").status_code == 426


# ---- refused ------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["author", "commentary", "visibility", "distribution", "lifecycleState"]
)
def test_required_fields(page, name):
    body = page.body()
    del body[name]
    answer = page.post("/rest/posts", json=body)
    message = f"ERROR :: /{name} :: field is required but not found and has no default value\n"
    assert (answer.status_code, answer.json()) == (422, {"message": message, "status": 422})


def test_an_article_needs_a_title(page):
    answer = page.share(content={"article": {"source": "https://example.com"}})
    assert (answer.status_code, answer.json()) == (
        422,
        {
            "message": "ERROR :: /content/article/title :: field is required but not found and has"
            " no default value\n",
            "status": 422,
        },
    )


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"commentary": ""}, 422),
        ({"commentary": "\n "}, 422),
        ({"commentary": 1}, 400),
        ({"author": ["urn:li:organization:104738291"]}, 400),
        ({"visibility": "EVERYONE"}, 400),
        ({"lifecycleState": "DRAFT"}, 400),
        ({"distribution": {}}, 422),
        ({"distribution": "MAIN_FEED"}, 422),
        ({"scheduledAt": 1}, 422),
        ({"content": {}}, 400),
        ({"content": {"media": {}, "article": {}}}, 400),
        ({"content": {"media": "urn:li:image:1"}}, 400),
        ({"content": {"media": {}}}, 422),
        ({"content": {"media": {"id": "urn:li:image:1"}}}, 400),
        ({"content": {"carousel": {}}}, 422),
        ({"content": {"multiImage": {"images": [{"id": "urn:li:image:1"}]}}}, 400),
        ({"content": {"multiImage": {"images": [1, 2]}}}, 422),
        ({"content": {"article": {"source": "https://a.example", "title": "a" * 400}}}, 422),
        ({"content": {"article": {"source": "https://a.example", "title": 1}}}, 400),
    ],
)
def test_bodies_linkedin_does_not_take(page, fields, status):
    answer = page.share(**fields)
    assert answer.status_code == status
    assert answer.json()["status"] == status
    assert page.posts() == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"[" * 100_000, b'{"author": "\\ud800"}'])
def test_bodies_that_are_no_json_object(page, body):
    assert page.post("/rest/posts", data=body).status_code == 400


def test_length_is_counted_in_shown_utf16_units(page):
    assert page.share("a" * 3000).status_code == 201
    assert page.share("\\(" * 3000).status_code == 201
    assert page.share("😀" * 1500).status_code == 201
    answer = page.share("😀" * 1500 + "a")
    assert answer.status_code == 400
    assert answer.json()["errorDetails"]["inputErrors"][0]["code"] == "FIELD_ARRAY_SIZE_TOO_HIGH"
    assert "(3001 characters) exceeded the maximum allowed (3000 characters)" in answer.text


def test_an_exact_repeat_names_the_first(page):
    urn = page.urn("Same")
    answer = page.share("Same")
    assert answer.status_code == 422
    assert answer.json()["message"].endswith(f"Content is a duplicate of {urn}")
    assert answer.json()["errorDetails"]["inputErrors"][0]["code"] == "DUPLICATE_POST"
    assert page.share("Same", visibility="LOGGED_IN").status_code == 201
    page.clock.forward(minutes=10)
    assert page.share("Same").status_code == 201


def test_a_deleted_post_is_a_ghost_duplicate(page):
    urn = page.urn("Same")
    page.call("DELETE", page.of(urn))
    assert urn in page.share("Same").json()["message"]
    assert page.get(page.of(urn)).status_code == 404


def test_an_unknown_address(page):
    answer = page.get("/v2/shares")
    assert (answer.status_code, answer.json()["code"]) == (404, "RESOURCE_NOT_FOUND")


# ---- images ---------------------------------------------------------------------


def test_the_upload_address_is_on_the_same_host(page):
    value = page.initialize().json()["value"]
    assert value["uploadUrl"].startswith(page.keys["base_url"] + "/dms-uploads/")
    assert value["uploadUrlExpiresAt"] > page.clock.now().timestamp() * 1000


def test_the_upload_needs_the_token_and_the_key(page):
    url = page.initialize().json()["value"]["uploadUrl"]
    assert page.call("PUT", url[:-1] + "!", data=b"x").status_code == 404
    page.headers["Authorization"] = ""
    assert page.call("PUT", url, data=b"x").status_code == 401


def test_an_image_that_was_never_uploaded_or_is_none(page):
    waiting = page.initialize().json()["value"]["image"]
    failed = page.image(b"no picture")
    for urn, code in ((waiting, "WAITING_UPLOAD"), (failed, "PROCESSING_FAILED")):
        answer = page.share(content={"media": {"id": urn}})
        assert (answer.status_code, answer.json()["code"]) == (400, f"MEDIA_ASSET_{code}")
        assert page.get(f"/rest/images/{quote(urn, safe='')}").json()["status"] == code


def test_webp_is_not_taken(page):
    urn = page.image(png(kind="WEBP"))
    assert page.share(content={"media": {"id": urn}}).status_code == 400


def test_an_image_of_somebody_else():
    with running() as (server, clock):
        member, page = LinkedInClient(server, clock, "member"), LinkedInClient(server, clock)
        answer = page.share(content={"media": {"id": member.image()}})
        assert answer.status_code == 400
        message = "One or more of the assets is not owned by the author"
        assert answer.json()["message"] == message


def test_an_image_takes_its_time_and_the_post_with_it():
    with linkedin_client(Sandbox.Options(processing=timedelta(seconds=20))) as page:
        urn = page.image()
        path = f"/rest/images/{quote(urn, safe='')}"
        assert page.get(path).json()["status"] == "PROCESSING"
        assert page.share(content={"media": {"id": urn}}).status_code == 201
        shown = page.server.sandboxes["linkedin"].shown
        assert shown(page.state, page.clock.now()) == []
        page.clock.forward(seconds=20)
        assert page.get(path).json()["status"] == "AVAILABLE"
        assert len(shown(page.state, page.clock.now())) == 1


def test_members_cannot_ask_for_an_images_status(member):
    assert member.get(f"/rest/images/{quote(member.image(), safe='')}").status_code == 403


def test_an_upload_address_expires(page):
    url = page.initialize().json()["value"]["uploadUrl"]
    page.clock.forward(hours=24)
    assert page.call("PUT", url, data=b"x").status_code == 400


@pytest.mark.parametrize("body", [{}, {"initializeUploadRequest": {}}, [], None])
def test_an_upload_without_an_owner(page, body):
    answer = page.post("/rest/images?action=initializeUpload", json=body)
    assert answer.status_code == 400


# ---- reading back, editing, deleting ------------------------------------------------


def test_reading_back_gives_the_whole_text_though_followers_see_less(page):
    urn = page.urn("Hello world (this is a test)")
    body = page.get(page.of(urn)).json()
    assert body["commentary"] == "Hello world (this is a test)"
    assert body["createdAt"] == int(page.clock.now().timestamp() * 1000)
    post = page.posts()[0]
    assert (post["shown"], post["cut_at"]) == ("Hello world ", "(")


def test_raw_colons_in_a_path(page):
    urn = page.urn()
    answer = page.get(f"/rest/posts/{urn}")
    assert answer.status_code == 400
    assert answer.json()["message"] == "Syntax exception in path variables"


def test_a_members_posts_cannot_be_read(member):
    urn = member.urn()
    assert member.get(member.of(urn)).status_code == 403
    answer = listing(member)
    assert answer.status_code == 403
    assert "partnerApiPostsExternal.FINDER-author" in answer.json()["message"]
    assert answer.json()["serviceErrorCode"] == 100


def test_an_organisations_posts_can_be_listed(page):
    urns = []
    for number in range(3):
        urns.append(page.urn(f"Post {number}"))
        page.clock.forward(seconds=1)
    body = listing(page).json()
    assert [post["id"] for post in body["elements"]] == urns[::-1]
    assert [post["id"] for post in listing(page, start=1, count=1).json()["elements"]] == [urns[1]]
    assert listing(page, author=Sandbox.PERSON).json()["elements"] == []


def test_the_listing_may_lag_behind():
    with linkedin_client(Sandbox.Options(index_delay=timedelta(minutes=1))) as page:
        page.share()
        assert listing(page).json()["elements"] == []
        page.clock.forward(minutes=1)
        assert len(listing(page).json()["elements"]) == 1


@pytest.mark.parametrize("params", [{"q": "owner"}, {"count": "ten"}])
def test_listings_linkedin_does_not_know(page, params):
    assert listing(page, **params).status_code == 400


def test_a_listing_needs_its_method(page):
    assert page.get(f"/rest/posts?q=author&author={page.author}").status_code == 400


def test_editing_the_text(page):
    urn = page.urn("Befor")
    page.clock.forward(minutes=1)
    change = {"patch": {"$set": {"commentary": "Before"}}}
    headers = {"X-RestLi-Method": "PARTIAL_UPDATE"}
    assert page.post(page.of(urn), json=change, headers=headers).status_code == 204
    body = page.get(page.of(urn)).json()
    assert (body["commentary"], body["lifecycleStateInfo"]["isEditedByAuthor"]) == ("Before", True)
    assert page.post(page.of(urn), json=change).status_code == 400
    assert page.post(page.of(urn), json={"patch": 1}, headers=headers).status_code == 400


def test_a_member_may_delete_but_not_edit(member):
    urn = member.urn()
    headers = {"X-RestLi-Method": "PARTIAL_UPDATE"}
    assert member.post(member.of(urn), json={}, headers=headers).status_code == 403
    assert member.call("DELETE", member.of(urn)).status_code == 204


def test_deleting_twice_is_fine(page):
    urn = page.urn()
    assert [page.call("DELETE", page.of(urn)).status_code for _ in range(2)] == [204, 204]
    assert page.posts() == []
    assert page.call("DELETE", page.of("urn:li:person:1")).status_code == 400


def test_comments_are_closed_to_members(member):
    urn = quote(member.urn(), safe="")
    answer = member.post(f"/rest/socialActions/{urn}/comments", json={})
    assert answer.status_code == 403
    assert answer.json()["message"] == (
        "Not enough permissions to access: partnerApiSocialActions.CREATE.20260901"
    )
