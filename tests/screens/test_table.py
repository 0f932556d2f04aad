"""The table has every address of the site that shows a person something."""

from __future__ import annotations

import re
from collections import Counter

from tests.access import site
from tests.access.kinds import Kind
from tests.access.matrix import ADDRESSES
from tests.access.staff import SPACE
from tests.screens.table import screens

ACTS = {Kind.ACT, Kind.ACT_OF, Kind.OWNERS_ACT, Kind.OWNERS_ACT_OF}
WITHOUT_A_PAGE = {*ACTS, Kind.HOOK, Kind.BEARER, Kind.HEALTH, Kind.NOT_BEGUN, Kind.API}
LEADING_ON = {"arrive"}  # from a mail to another screen, at once
KINDS = {address.name: address.kind for address in ADDRESSES}
SHOWN = {screen.of for screen in screens()}


def test_has_a_screen_of_every_address_that_shows_one() -> None:
    names = {name for name, _route, _pattern in site.addresses() if not name.startswith(SPACE)} - LEADING_ON
    missing = sorted(name for name in names if KINDS.get(name) not in WITHOUT_A_PAGE and name not in SHOWN)

    assert not missing, (
        f"nobody looks at {', '.join(missing)}: add to tests/screens/table.py a line (name, address, path)"
        " under whoever sees it, with a way where a plain address shows nothing"
    )


def test_names_no_address_that_is_gone() -> None:
    names = {name for name, _route, _pattern in site.addresses()}

    assert SHOWN - names - {""} == set()


def test_names_no_screen_twice() -> None:
    assert [name for name, count in Counter(screen.name for screen in screens()).items() if count > 1] == []


def test_gives_every_screen_a_name_for_a_file() -> None:
    assert [screen.name for screen in screens() if not re.fullmatch(r"[a-z0-9_-]+", screen.name)] == []
