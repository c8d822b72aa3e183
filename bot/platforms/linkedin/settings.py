"""Settings of the LinkedIn account: BOT_LINKEDIN__* variables."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.domain.accounts import SignedIn
from bot.http.address import SecureAddress


class Settings(BaseModel):
    """The LinkedIn account: a member or a page. Keys: linkedin.com/developers, your app."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: API Terms of Use, section 3.1: not "to automate posting on the LinkedIn Services".
    AUTOMATION: ClassVar[str] = (
        "LinkedIn's API terms are understood to forbid fully automated posting: have somebody read "
        "them before posts go out there that no person has approved."
    )

    access_token: SecretStr = Field(
        SecretStr(""), description="OAuth 2 access token; lasts 60 days."
    )
    author: str = Field(
        "",
        pattern=r"^(urn:li:(person|organization):[A-Za-z0-9_-]+)?$",
        description="Who posts: urn:li:person:… or urn:li:organization:….",
    )
    client_id: str = Field(
        "",
        description="For `bot auth linkedin` as a member: client id of an app with Share on LinkedIn "
        "and Sign In with LinkedIn.",
    )
    client_secret: SecretStr = Field(SecretStr(""), description="Its primary client secret.")
    page_client_id: str = Field(
        "",
        description="For `bot auth linkedin` as a page: client id of another app, whose only product "
        "is the Community Management API.",
    )
    page_client_secret: SecretStr = Field(SecretStr(""), description="Its primary client secret.")
    page_scopes: str = Field(
        "w_organization_social r_organization_social rw_organization_admin r_basicprofile "
        "w_organization_social_feed r_organization_social_feed",
        description="What a page's sign-in asks for; LinkedIn refuses it if the app lacks one.",
    )
    version: str = Field(
        "202609",
        pattern=r"^20[0-9]{2}(0[1-9]|1[0-2])$",
        description="API version, YYYYMM. Each lives about a year; 202609 until 2027-09-15.",
    )
    limit: int = Field(
        3000, ge=1, le=4000, description="Most characters, in UTF-16 units, before escaping."
    )
    hashtag_style: Literal["template", "plain"] = Field(
        "template", description="How hashtags are sent: {hashtag|\\#|tag} or #tag."
    )
    url_policy: Literal["escape", "leave"] = Field(
        "escape",
        description="Whether reserved characters (such as _ in utm_source) are escaped in links; "
        "the documentation asks for it. Look at your first live post.",
    )
    image_wait: float = Field(
        10,
        ge=0,
        le=30,
        description="Most seconds to wait until an uploaded card can be used. LinkedIn does not "
        "tell a member's app, so there it is waited out in full.",
    )
    base_url: SecureAddress = Field("https://api.linkedin.com", description="Where the API is.")
    web_url: SecureAddress = Field("https://www.linkedin.com", description="Where permalinks lead.")
    connect_timeout: float = Field(5, gt=0, description="Seconds to connect.")
    read_timeout: float = Field(30, gt=0, description="Seconds to wait for an answer.")

    @property
    def organization(self) -> bool:
        """Whether a page posts; only a page's posts can be read back."""
        return self.author.startswith("urn:li:organization:")


def signed_in(settings: Settings, who: SignedIn) -> Settings:
    """Return the settings with the account that has signed in, in place of one from `.env`."""
    token = SecretStr(who.access_token)
    return settings.model_copy(update={"access_token": token, "author": who.account.id})
