"""Who lets posts go out, by channel and section, and what happens when nobody answers."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from bot import platforms
from bot.choices import Group
from bot.domain.policy import Policy, Terms, Unanswered, chosen
from bot.domain.steps import read as read_steps

_EXAMPLE = "x=veto,linkedin/AI=earned,*/Opinion=required"


class Approval(Group):
    """Who may let a post go out."""

    policy: Literal["required", "auto", "veto", "earned"] = Field(
        "required",
        description='"required": a person approves each post. "auto": a post against which nothing '
        'was found is approved at once. "veto": it goes out at its time unless somebody stops it. '
        '"earned": as auto, once enough of its channel and section were approved as they were. '
        "What is not clean waits for a person. LinkedIn's API terms are understood to forbid fully "
        "automated posting: there only BOT_APPROVAL__POLICY_EXCEPTIONS can choose another.",
    )
    policy_exceptions: Annotated[dict[str, str], NoDecode] = Field(
        {},
        description=f"Other policies for channels and sections, the nearest wins: {_EXAMPLE}.",
    )
    unanswered: Literal["hold", "skip", "post_if_clean"] = Field(
        "hold",
        description='A post that needs a person when nobody has answered by its time: "hold" it, '
        '"skip" it for good, or "post_if_clean": send it if nothing was found against it, nobody '
        "changed it and its article stands; else hold it.",
    )
    unanswered_exceptions: Annotated[dict[str, str], NoDecode] = Field(
        {}, description="Likewise for channels and sections: x=post_if_clean,*/Opinion=skip."
    )
    veto_minutes: float = Field(
        15, ge=1, le=1440, description="Under veto people have at least this long to say no."
    )
    answer_minutes: float = Field(
        60,
        ge=1,
        le=1440,
        description="People have at least this long to answer, also about a post that was made "
        "or changed just before its time.",
    )
    earned_after: int = Field(
        10,
        ge=1,
        le=1000,
        description="Posts in a row that people approved unchanged until trust is earned. A "
        "rejection, an edit or a finding begins the count anew.",
    )
    steps: str = Field(
        "any approver",
        description='Whose yes a post needs: "any approver", "all approver" (everybody with just '
        'that role), or two steps by different people: "any editor, any approver".',
    )
    not_own: bool = Field(
        False, description="Whoever wrote a post's present words may not approve it."
    )

    @field_validator("policy_exceptions", "unanswered_exceptions", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        pairs = [pair.partition("=") for pair in value.split(",") if pair.strip()]
        return {_place(place): wanted.strip() for place, _, wanted in pairs}

    @field_validator("policy_exceptions")
    @classmethod
    def _policies(cls, value: dict[str, str]) -> dict[str, str]:
        return _known(value, Policy)

    @field_validator("unanswered_exceptions")
    @classmethod
    def _unanswered(cls, value: dict[str, str]) -> dict[str, str]:
        return _known(value, Unanswered)

    @field_validator("steps")
    @classmethod
    def _steps(cls, value: str) -> str:
        read_steps(value)
        return value

    def terms(self, channel: str, section: str) -> Terms:
        """Return what holds for posts of a channel about a section.

        Where a network's terms ask for a person, only an exception that names the channel lets
        posts go out without one.
        """
        policy = self._choice(self.policy, self.policy_exceptions, channel, section)
        otherwise = self._choice(self.unanswered, self.unanswered_exceptions, channel, section)
        return Terms(
            policy=Policy(policy or Policy.REQUIRED),
            unanswered=Unanswered(otherwise or Unanswered.HOLD),
            veto=timedelta(minutes=self.veto_minutes),
            answer=timedelta(minutes=self.answer_minutes),
            earned_after=self.earned_after,
        )

    def _choice(
        self, usual: str, exceptions: dict[str, str], channel: str, section: str
    ) -> str | None:
        found = chosen([*exceptions.items()], channel, section)
        choice, is_named = found or (usual, False)
        wants_person = not is_named and platforms.caution(channel)
        return None if wants_person and choice not in _BY_PEOPLE else choice


#: Under these nothing goes out that no person has approved.
_BY_PEOPLE = (Policy.REQUIRED, Unanswered.HOLD, Unanswered.SKIP)


def _place(written: str) -> str:
    """Return a channel, or a channel and section, as it is looked up."""
    channel, slash, section = written.strip().partition("/")
    return f"{channel.strip().lower()}{slash}{section.strip().casefold()}"


def _known(value: dict[str, str], choices: type[Policy] | type[Unanswered]) -> dict[str, str]:
    names = platforms.names()
    for place, choice in value.items():
        channel, slash, section = place.partition("/")
        if (
            channel not in (*names, "*")
            or (channel == "*" and not section)
            or (slash and not section)
        ):
            raise ValueError(
                f"write a channel ({', '.join(names)}), channel/section or */section, not {place!r}"
            )
        if choice not in [str(one) for one in choices]:
            raise ValueError(f"write {place}={' or '.join(choices)}, not {choice!r}")
    return value
