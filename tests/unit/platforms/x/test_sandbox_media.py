"""The stand-in X: pictures, in one request or three, and their alt text."""

import base64
import json

import pytest

from tests.unit.http.sandbox.clients import png, x_client

UPLOAD = "/2/media/upload"


@pytest.fixture
def x():
    with x_client() as client:
        yield client


def describe(x, media_id, text):
    metadata = {"alt_text": {"text": text}}
    return x.post("/2/media/metadata", json={"id": media_id, "metadata": metadata})


def test_multipart(x):
    picture = png(1200, 675)
    answer = x.upload(picture)
    data = answer.json()["data"]
    assert answer.status_code == 200
    assert data == {
        "id": data["id"],
        "media_key": f"3_{data['id']}",
        "size": len(picture),
        "expires_after_secs": 86400,
        "image": {"w": 1200, "h": 675, "image_type": "image/png"},
    }
    assert x.state.get_blob(data["id"]) == picture


def test_base64_in_json(x):
    picture = png(kind="JPEG")
    body = {"media": base64.b64encode(picture).decode(), "media_category": "tweet_image"}
    answer = x.post(UPLOAD, json=body)
    assert answer.json()["data"]["image"]["image_type"] == "image/jpeg"
    assert x.state.get_blob(answer.json()["data"]["id"]) == picture


def test_the_picture_stays_on_the_post(x):
    data = x.upload().json()["data"]
    x.tweet("Look", media={"media_ids": [data["id"]]})
    assert x.posts()[0]["media"][0]["key"] == data["media_key"]


@pytest.mark.parametrize(
    "body",
    [b"", b"no picture", png()[:60], b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a"],
)
def test_what_is_no_whole_picture(x, body):
    assert x.upload(body).status_code == 400


def test_too_large_a_picture(x):
    padded = png() + b"\0" * (5 * 1024 * 1024)
    assert x.upload(padded).status_code == 400


@pytest.mark.parametrize("category", ["", "tweet_video", "poster", "tweet_gif"])
def test_categories_that_do_not_fit(x, category):
    assert x.upload(category=category).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {"media": base64.b64encode(png()).decode()},
        {"media_category": "tweet_image"},
        {"media": "not base64!", "media_category": "tweet_image"},
        {"media": 1, "media_category": "tweet_image"},
        {"media": None, "media_category": "tweet_image"},
        {"media": "", "media_category": ["tweet_image"]},
        {"media": "", "media_category": "tweet_image", "media_type": "image/png"},
        [],
    ],
)
def test_json_uploads_outside_the_specification(x, body):
    assert x.post(UPLOAD, json=body).status_code == 400


def test_multipart_that_cannot_be_read(x):
    for header in ("multipart/form-data", "multipart/form-data; boundary=x"):
        answer = x.post(UPLOAD, data=b"--x\r\nnonsense", headers={"Content-Type": header})
        assert answer.status_code == 400


def test_in_three_requests(x):
    picture = png(90, 60)
    start = {"media_type": "image/png", "total_bytes": len(picture)}
    begun = x.post(f"{UPLOAD}/initialize", json=start | {"media_category": "tweet_image"}).json()
    media_id = begun["data"]["id"]
    assert x.tweet("Early", media={"media_ids": [media_id]}).status_code == 400
    second = {"segment_index": "1"}
    path = f"{UPLOAD}/{media_id}/append"
    assert x.post(path, files={"media": ("b", picture[50:])}, data=second).status_code == 200
    first = {"segment_index": 0, "media": base64.b64encode(picture[:50]).decode()}
    assert x.post(path, json=first).json()["data"]["expires_at"]
    data = x.post(f"{UPLOAD}/{media_id}/finalize").json()["data"]
    assert (data["id"], data["size"], data["image"]["w"]) == (media_id, len(picture), 90)
    assert x.get(f"{UPLOAD}?command=STATUS&media_id={media_id}").json()["data"] == data
    assert x.tweet("Look", media={"media_ids": [media_id]}).status_code == 201


def test_segments_have_to_add_up(x):
    start = {"media_type": "image/png", "total_bytes": 10, "media_category": "tweet_image"}
    media_id = x.post(f"{UPLOAD}/initialize", json=start).json()["data"]["id"]
    assert x.post(f"{UPLOAD}/{media_id}/finalize").status_code == 400
    wrong = {"segment_index": "1000"}
    answer = x.post(f"{UPLOAD}/{media_id}/append", files={"media": ("a", b"a")}, data=wrong)
    assert answer.status_code == 400
    assert x.post(f"{UPLOAD}/1/append", json={}).status_code == 400
    assert x.get(f"{UPLOAD}?media_id={media_id}").status_code == 400


def test_alt_text(x):
    media_id = x.media_id()
    answer = describe(x, media_id, "A card")
    assert (answer.status_code, answer.json()) == (
        200,
        {"data": {"id": media_id, "associated_metadata": {"alt_text": {"text": "A card"}}}},
    )
    x.tweet("Look", media={"media_ids": [media_id]})
    assert x.posts()[0]["media"][0]["alt"] == "A card"


def test_alt_text_is_a_thousand_characters_at_most(x):
    media_id = x.media_id()
    assert describe(x, media_id, "a" * 1000).status_code == 200
    assert describe(x, media_id, "a" * 1001).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {"id": "1", "metadata": {"alt_text": {"text": "A card"}}},
        {"id": "abc"},
        {"media_id": "1", "alt_text": {"text": "the 1.1 way"}},
        {"id": 1},
    ],
)
def test_alt_text_outside_the_specification(x, body):
    assert x.post("/2/media/metadata", data=json.dumps(body)).status_code == 400
