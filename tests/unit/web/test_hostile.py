"""What an article says is shown, and never done."""

from urllib.parse import quote

import pytest
from lxml import html

from bot.domain.article import SourceLink
from bot.domain.people import Role
from tests.stories import story
from tests.web import served

PAYLOADS = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    '<a href="javascript:alert(1)">x</a>',
    "<a href='jAvAsCrIpT:alert(1)'>x</a>",
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="data:text/html,<script>alert(1)</script>"></object>',
    '<embed src="data:text/html;base64,PHNjcmlwdD4=">',
    '<form action="https://evil.example"><button>x</button></form>',
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
    "<textarea></textarea><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "{{ 7*7 }}{% import os %}${7*7}",
    '<div hx-get="/decide/approve" hx-trigger="load">x</div>',
    '<button formaction="/decide/approve">x</button>',
    "<input name=csrf value=x>",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with served(tmp_path_factory.mktemp("hostile")) as place:
        place.user("asha", Role.ADMIN)
        yield place


@pytest.fixture(scope="module")
def asha(place):
    return place.visitor("asha")


def hostile(place, number, payload):
    title, dek, body = story(number)
    return place.article(
        f"{title} {payload}",
        dek=f"{dek} {payload}",
        body=(f"{body[0]} {payload}", *body[1:]),
        section=payload,
        author=payload,
        tags=(payload,),
        source=payload,
        sources=(SourceLink(title=payload, url="javascript:alert(1)"),),
    )


def shape(page):
    """Return what a page is made of, without its words: elements and attributes that act."""
    tree = html.fromstring(page)
    found = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (element.tag, name, value)
            if name in ("href", "src", "action", "formaction", "data", "xlink:href"):
                assert not value.strip().casefold().startswith(("javascript:", "data:")), value
        if element.tag in ("script", "link", "img", "iframe", "object", "embed", "base", "source"):
            where = element.get("src") or element.get("href") or ""
            assert where.startswith("/"), html.tostring(element)
            assert not where.startswith("//"), html.tostring(element)
        assert element.tag not in ("iframe", "object", "embed", "base", "video", "math")
        if element.tag == "style":
            raise AssertionError("a style element")
        found.append(element.tag)
    return found


@pytest.mark.parametrize("number", range(4))
def test_it_stays_words_on_every_page(place, asha, number):
    payloads = PAYLOADS[number::4]
    article = hostile(place, number, " ".join(payloads))
    post = next(iter(place.posts(article).values()))
    pages = ["/", f"/articles/{article.key}", f"/record/{post.id}", "/?q=" + quote(payloads[0])]
    for path in pages:
        answer = asha.get(path)
        assert answer.status_code == 200, path
        shape(answer.text)
        for payload in payloads:
            assert "<" not in payload or payload not in answer.text, (path, payload)


def test_reasons_and_names_stay_words_too(place, asha):
    payload = PAYLOADS[2]
    title, dek, body = story(45)
    post = place.posts(place.article(title, dek=dek, body=body))["x"]
    token = asha.token("/")
    asha.post("/decide/hold", {"post": post.id, "reason": payload}, token=token)
    for path in ("/?list=held", f"/record/{post.id}", f"/articles/{post.article_key}"):
        page = asha.get(path).text
        shape(page)
        assert payload not in page
