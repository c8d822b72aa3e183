"""LinkedIn's versioned REST API for one author."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from bot.http.client import Body, Session
from bot.platforms.linkedin.settings import Settings


class Refused(Exception):  # noqa: N818 -- an answer, not yet an error
    """An answer that is not 2xx."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__(f"LinkedIn answered {response.status_code}")
        self.response = response


class Client:
    """Sends requests with the headers LinkedIn wants; raises `Refused` for what is not 2xx.

    Sources: LinkedIn, Posts API, Images API and API versioning.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.version = settings.version
        self._session = Session((settings.connect_timeout, settings.read_timeout))

    def create(self, body: Body) -> requests.Response:
        """POST /rest/posts with exactly these bytes, on a connection of its own.

        A kept-alive connection may have died unnoticed, which would leave the outcome unclear.
        """
        self._session.close()
        headers = {"Content-Type": "application/json", "Connection": "close"}
        return self._request("POST", "/rest/posts", data=body, headers=headers)

    def comment(self, urn: str, body: Body) -> requests.Response:
        """POST a comment on a post with exactly these bytes, on a connection of its own."""
        self._session.close()
        headers = {"Content-Type": "application/json", "Connection": "close"}
        path = f"/rest/socialActions/{quote(urn, safe='')}/comments"
        return self._request("POST", path, data=body, headers=headers)

    def comments(self, urn: str) -> requests.Response:
        """GET the comments on a post (Comments API)."""
        return self._request("GET", f"/rest/socialActions/{quote(urn, safe='')}/comments?count=100")

    def initialize(self, kind: str = "images") -> requests.Response:
        """POST /rest/images?action=initializeUpload (or /rest/documents), owned by the author."""
        body = {"initializeUploadRequest": {"owner": self._settings.author}}
        return self._request("POST", f"/rest/{kind}?action=initializeUpload", json=body)

    def put(self, address: str, body: bytes) -> requests.Response:
        """PUT the file to the address that LinkedIn named; the token is needed there too."""
        headers = {"Content-Type": "application/octet-stream"}
        return _checked(
            self._session.put(
                address, data=body, headers={**self._bearer(), **headers}, allow_redirects=False
            )
        )

    def trusts(self, address: str) -> bool:
        """Whether the token may go to this address: LinkedIn's own, or where the API is."""
        try:
            named, ours = urlsplit(address), urlsplit(self._settings.base_url)
            host = named.hostname or ""
        except ValueError:
            return False
        linkedins = host == "linkedin.com" or host.endswith(".linkedin.com")
        return (named.scheme == "https" and linkedins and ours.scheme == "https") or (
            (named.scheme, named.netloc) == (ours.scheme, ours.netloc)
        )

    def uploaded(self, kind: str, urn: str) -> requests.Response:
        """GET /rest/images/{urn} or /rest/documents/{urn}: its processing status."""
        return self._request("GET", f"/rest/{kind}/{quote(urn, safe='')}")

    def update(self, urn: str, changes: dict[str, Any]) -> requests.Response:
        """POST /rest/posts/{urn}, PARTIAL_UPDATE: set these fields; repeated, it changes nothing."""
        headers = {"X-RestLi-Method": "PARTIAL_UPDATE"}
        body = {"patch": {"$set": changes}}
        return self._request(
            "POST", f"/rest/posts/{quote(urn, safe='')}", headers=headers, json=body
        )

    def remove(self, urn: str) -> requests.Response:
        """DELETE /rest/posts/{urn}: idempotent."""
        headers = {"X-RestLi-Method": "DELETE"}
        return self._request("DELETE", f"/rest/posts/{quote(urn, safe='')}", headers=headers)

    def remove_comment(self, urn: str, number: str) -> requests.Response:
        """DELETE a comment of the author's own."""
        actor = quote(self._settings.author, safe="")
        path = f"/rest/socialActions/{quote(urn, safe='')}/comments/{number}?actor={actor}"
        return self._request("DELETE", path)

    def statistics(self, urns: Sequence[str]) -> requests.Response:
        """GET a page's numbers for these posts (Organization Share Statistics)."""
        kinds = {"ugcPosts": "ugcPost", "shares": "share"}
        lists = []
        for name, kind in kinds.items():
            of_kind = [quote(urn, safe="") for urn in urns if f":{kind}:" in urn]
            lists += [f"&{name}=List({','.join(of_kind)})"] if of_kind else []
        page = quote(self._settings.author, safe="")
        query = f"?q=organizationalEntity&organizationalEntity={page}{''.join(lists)}"
        return self._request("GET", f"/rest/organizationalEntityShareStatistics{query}")

    def post(self, urn: str) -> requests.Response:
        """GET /rest/posts/{urn}."""
        return self._request("GET", f"/rest/posts/{quote(urn, safe='')}")

    def posts(self, start: int, count: int) -> requests.Response:
        """GET the author's posts, newest first (Posts API, Find posts by author)."""
        author = quote(self._settings.author, safe="")
        query = f"?q=author&author={author}&count={count}&start={start}&sortBy=CREATED"
        headers = {"X-RestLi-Method": "FINDER"}
        return self._request("GET", f"/rest/posts{query}", headers=headers)

    def roles(self) -> requests.Response:
        """GET the pages for which the member has a role (Organization Access Control)."""
        wanted = "elements*(*,organization~(id,localizedName,vanityName))"
        query = (
            f"?q=roleAssignee&state=APPROVED&count=100&projection=({quote(wanted, safe='()*~,')})"
        )
        headers = {"X-RestLi-Method": "FINDER"}
        return self._request("GET", f"/rest/organizationAcls{query}", headers=headers)

    def member(self) -> requests.Response:
        """GET /v2/userinfo: who is signed in. Unversioned: it refuses the version header."""
        return _checked(
            self._session.get(
                f"{self._settings.base_url}/v2/userinfo",
                headers=self._bearer(),
                allow_redirects=False,
            )
        )

    def _request(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **others: Any
    ) -> requests.Response:
        """Send one versioned request, without redirects or retries."""
        versioned = {
            **self._bearer(),
            "LinkedIn-Version": self.version,
            "X-Restli-Protocol-Version": "2.0.0",
            **(headers or {}),
        }
        address = self._settings.base_url + path
        return _checked(
            self._session.request(
                method, address, headers=versioned, allow_redirects=False, **others
            )
        )

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._settings.access_token.get_secret_value()}"}


def _checked(response: requests.Response) -> requests.Response:
    if not 200 <= response.status_code < 300:
        raise Refused(response)
    return response
