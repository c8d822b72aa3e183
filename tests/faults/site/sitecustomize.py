"""Python runs this first in every process whose path leads here: the tests' way into `bot`."""

import os

if "FAULTS_KILL_AT" in os.environ:
    from tests.faults import hook

    hook.install(os.environ)
