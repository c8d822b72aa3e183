"""`bot notify test` reaches everybody there is, with a card if asked."""

from tests.ears import listening


def test_everybody_gets_it(bot):
    with listening() as editors, listening() as operators:
        env = {
            "BOT_MESSAGES__EDITORS": editors.address,
            "BOT_MESSAGES__OPERATORS": operators.address,
        }
        told = bot("notify", "test", "--card", env=env)
    assert (told.returncode, told.stdout) == (0, "Told: editors, operators.\n")
    assert [len(one["attachments"]) for one in editors.heard + operators.heard] == [1, 1]


def test_nobody_to_tell_is_a_wrong_setting(bot):
    told = bot("notify", "test")
    assert told.returncode == 2
    assert told.stderr.startswith("bot: Nobody would be told anything: set BOT_MESSAGES__EDITORS")
