"""What a post on the stand-in LinkedIn must have and may carry."""

from typing import Any

from bot.http.sandbox import Call, Refused
from bot.platforms.linkedin.sandbox_account import refuse
from bot.platforms.linkedin.sandbox_images import status

_REQUIRED = ("author", "commentary", "visibility", "distribution", "lifecycleState")
_KNOWN = frozenset(
    {
        *_REQUIRED,
        "content",
        "isReshareDisabledByAuthor",
        "reshareContext",
        "adContext",
        "container",
        "contentLandingPage",
        "contentCallToActionLabel",
    }
)
_VISIBILITY = frozenset({"PUBLIC", "CONNECTIONS", "LOGGED_IN", "CONTAINER"})

#: Characters a field may have (LinkedIn Marketing, "Posts API" schemas).
_LENGTHS = {"title": 399, "description": 4085, "thumbnailAltText": 4085, "altText": 4086}


def check_envelope(body: dict[str, Any]) -> None:
    """Refuse a post without what every post must have."""
    for name in _REQUIRED:
        if name not in body:
            raise missing_field(f"/{name}")
    for name in sorted(body.keys() - _KNOWN):
        raise refuse(422, f"ERROR :: /{name} :: unrecognized field found but not allowed\n")
    if not isinstance(body["author"], str) or not isinstance(body["commentary"], str):
        raise refuse(400, "author and commentary must be strings", "INVALID_VALUE_FOR_FIELD")
    if not body["commentary"].strip() and "reshareContext" not in body:
        raise refuse(422, "ERROR :: /commentary :: blank", "INVALID_VALUE_BLANK_FIELD")
    _check_values(body)


def _check_values(body: dict[str, Any]) -> None:
    if body["visibility"] not in _VISIBILITY:
        raise refuse(400, "ERROR :: /visibility :: not a known value", "INVALID_VALUE_FOR_FIELD")
    if body["lifecycleState"] != "PUBLISHED":
        message = "ERROR :: /lifecycleState :: only PUBLISHED can be created"
        raise refuse(400, message, "INVALID_VALUE_FOR_FIELD")
    distribution = body["distribution"]
    feed = distribution.get("feedDistribution") if isinstance(distribution, dict) else None
    if feed not in {"MAIN_FEED", "NONE"}:
        raise missing_field("/distribution/feedDistribution")


def missing_field(path: str) -> Refused:
    """Return the 422 for a field that is not there (body as captured from the live API)."""
    return refuse(
        422, f"ERROR :: {path} :: field is required but not found and has no default value\n"
    )


def check_content(call: Call, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the pictures of a post, or refuse what it carries."""
    content = body.get("content")
    if content is None:
        return []
    if not isinstance(content, dict) or len(content) != 1:
        raise refuse(400, "content holds exactly one kind", "INVALID_CONTENT")
    kind, value = next(iter(content.items()))
    if not isinstance(value, dict):
        raise refuse(400, f"ERROR :: /content/{kind} :: not an object", "INVALID_CONTENT")
    match kind:
        case "media" if str(value.get("id")).startswith("urn:li:document:"):
            return [_document(call, body, value)]
        case "media":
            return [_image(call, body, value, "/content/media", "altText")]
        case "article":
            return _article(call, body, value)
        case "multiImage":
            return _images(call, body, value)
        case _:
            raise refuse(422, f"ERROR :: /content/{kind} :: unrecognized field found\n")


def _article(call: Call, body: dict[str, Any], article: dict[str, Any]) -> list[dict[str, Any]]:
    for name in ("source", "title"):
        if not article.get(name):
            raise missing_field(f"/content/article/{name}")
    for name in ("title", "description"):
        _check_field(f"/content/article/{name}", article.get(name, ""), name)
    if "thumbnail" not in article:
        return []
    named = {"id": article["thumbnail"], "thumbnailAltText": article.get("thumbnailAltText", "")}
    return [_image(call, body, named, "/content/article/thumbnail", "thumbnailAltText")]


def _document(call: Call, body: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    if not value.get("title"):
        raise missing_field("/content/media/title")
    _check_field("/content/media/title", value["title"], "title")
    named = {"id": value["id"], "altText": ""}
    kept = _image(call, body, named, "/content/media", "altText")
    pages = (call.state.get("linkedin.images", value["id"]) or {})["pages"]
    return kept | {"document": value["title"], "pages": pages}


def _images(call: Call, body: dict[str, Any], value: dict[str, Any]) -> list[dict[str, Any]]:
    images = value.get("images")
    if not isinstance(images, list) or not 2 <= len(images) <= 20:
        raise refuse(400, "multiImage takes 2 to 20 images", "INVALID_VALUE_FOR_FIELD")
    path = "/content/multiImage/images/{}"
    return [
        _image(call, body, image if isinstance(image, dict) else {}, path.format(at), "altText")
        for at, image in enumerate(images)
    ]


def _image(
    call: Call, body: dict[str, Any], value: dict[str, Any], path: str, alt: str
) -> dict[str, Any]:
    urn = value.get("id")
    if not urn:
        raise missing_field(f"{path}/id")
    _check_field(f"{path}/{alt}", value.get(alt, ""), alt)
    image = call.state.get("linkedin.images", str(urn))
    if image is None:
        raise refuse(400, f"{path} :: {urn} is not a valid image", "INVALID_IMAGE_ID")
    if image["owner"] != body["author"]:
        raise refuse(400, "One or more of the assets is not owned by the author")
    state = status(image, call.now)
    if state in {"WAITING_UPLOAD", "PROCESSING_FAILED"}:
        raise refuse(400, f"Media asset {urn} is {state}", f"MEDIA_ASSET_{state}")
    return {
        "id": urn,
        "key": "",
        "alt": value.get(alt, ""),
        "width": image["width"],
        "height": image["height"],
    }


def _check_field(path: str, value: Any, name: str) -> None:
    if not isinstance(value, str):
        raise refuse(400, f"ERROR :: {path} :: not a string", "INVALID_VALUE_FOR_FIELD")
    if len(value) > _LENGTHS[name]:
        message = f"ERROR :: {path} :: length is longer than {_LENGTHS[name]}\n"
        raise refuse(422, message, "FIELD_LENGTH_TOO_LONG")
