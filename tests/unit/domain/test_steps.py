"""Whose yes is missing."""

import pytest

from bot.domain.people import Role
from bot.domain.steps import lowest, missing, read

PEOPLE = {
    "vera": Role.VIEWER,
    "eli": Role.EDITOR,
    "emma": Role.EDITOR,
    "asha": Role.APPROVER,
    "amit": Role.APPROVER,
    "root": Role.ADMIN,
}


@pytest.mark.parametrize(
    ("steps", "said", "left"),
    [
        ("any approver", [], ["an approver"]),
        ("any approver", ["eli"], ["an approver"]),
        ("any approver", ["asha"], []),
        ("any approver", ["root"], []),
        ("any approver", ["somebody at the terminal"], []),
        ("all approver", ["asha"], ["amit (approver)"]),
        ("all approver", ["asha", "amit"], []),
        ("all approver", ["root"], ["asha (approver)", "amit (approver)"]),
        ("any editor, any approver", ["asha"], ["an editor"]),
        ("any editor, any approver", ["asha", "asha"], ["an editor"]),
        ("any editor, any approver", ["eli"], ["an approver"]),
        ("any editor, any approver", ["eli", "emma"], ["an approver"]),
        ("any editor, any approver", ["eli", "asha"], []),
        ("any editor, any approver", ["amit", "asha"], []),
        ("any approver, any approver", ["amit", "asha"], []),
        ("any approver, any admin", ["amit", "asha"], ["an admin"]),
        ("all editor, any approver", ["eli", "asha"], ["emma (editor)"]),
        ("all editor, any approver", ["emma", "eli", "asha"], []),
    ],
)
def test_missing(steps, said, left):
    assert list(missing(read(steps), said, PEOPLE)) == left


def test_everybody_of_a_role_nobody_has_is_anybody_of_at_least_that_role():
    assert missing(read("all editor"), [], {"root": Role.ADMIN}) == ("an editor",)
    assert missing(read("all editor"), ["root"], {"root": Role.ADMIN}) == ()


def test_the_least_role_that_counts():
    assert lowest(read("any approver, all editor")) is Role.EDITOR


@pytest.mark.parametrize("written", ["", "any", "two approver", "any viewer", "any editor," * 3])
def test_what_is_no_step_is_refused(written):
    with pytest.raises(ValueError, match="one or two steps"):
        read(written)
