"""A post that carries a document shows its pages at the desk."""

import re

from tests.web import served


def test_the_pages_of_a_document_are_shown(tmp_path):
    with served(tmp_path, cards={"linkedin_document": True}) as place:
        place.user("ada")
        article = place.article()
        posts = place.posts(article)
        assert posts["x"].content.document_title == ""
        assert posts["linkedin"].content.document_title == article.title
        visitor = place.visitor("ada")
        screen = visitor.get(f"/articles/{article.key}").text
        name = posts["linkedin"].content.card
        shown = re.findall(rf'src="(/cards/{name}/\d)"', screen)
        assert len(shown) == place.app.store.shelf.pages(name) >= 3
        for address in shown:
            page = visitor.get(address)
            assert page.headers["content-type"] == "image/png"
            assert page.content.startswith(b"\x89PNG")
        sent = visitor.get(f"/cards/{name}")
        assert sent.headers["content-type"] == "application/pdf"
        assert sent.content == place.app.store.shelf.read(name)
        assert visitor.get(f"/cards/{name}/99").status_code == 422
