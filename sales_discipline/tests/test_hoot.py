import re
from pathlib import Path

from odoo.tests import no_retry, tagged

from odoo.addons.web.tests.test_js import unit_test_error_checker

from .browser_common import BrowserCase, listen_to_console

SUITE = "@sales_discipline"
UNIT = Path(__file__).parents[1] / "static" / "tests" / "unit"
TEST = re.compile(r"^(?:test\.tags\((?P<tags>[^)]*)\);\s*)?test\(", re.MULTILINE)
FILE_TAGS = re.compile(r"^describe\.current\.tags\((?P<tags>[^)]*)\)", re.MULTILINE)


def get_id(name: str) -> str:
    """What the test page calls a suite or a test by: 32 bits of its full name."""
    number = 0
    for letter in name:
        number = (number << 5) - number + ord(letter) & 0xFFFFFFFF
    return f"{number:08x}"


def get_tags() -> list[set]:
    """The tags of each test of the addon's components, those of its file among them."""
    found = []
    for path in sorted(UNIT.rglob("*.test.js")):
        text = path.read_text("utf-8")
        shared = {tag for match in FILE_TAGS.finditer(text) for tag in re.findall(r"\w+", match["tags"])}
        found += [shared | set(re.findall(r"\w+", match["tags"] or "")) for match in TEST.finditer(text)]
    return found


class HootCase(BrowserCase):
    """The unit tests of the components in a browser. An unknown suite would run those of Odoo's web client, and one
    that is not found none, so each test that is written has to be one that passed."""

    def _run(self, preset: str, expected: int, options=""):
        self.assertGreater(expected, 0)
        with listen_to_console(self, r"Passed (\d+) tests") as passed:
            self.browser_js(
                f"/web/tests?headless&loglevel=2&preset={preset}&timeout=15000{options}&id={get_id(SUITE)}",
                "",
                login="admin",
                timeout=600,
                success_signal="[HOOT] Test suite succeeded",
                error_checker=unit_test_error_checker,
            )
        self.assertEqual(passed, [str(expected)], "as many tests passed as static/tests/unit has")


@tagged("post_install", "-at_install")
class TestHoot(HootCase):
    @no_retry
    def test_desktop(self):
        self._run("desktop", sum("mobile" not in tags for tags in get_tags()))


@tagged("post_install", "-at_install")
class TestHootMobile(HootCase):
    """The same on a telephone, but for what is tagged as made for a desktop, and what shows nothing."""

    browser_size = "375x667"
    touch_enabled = True

    @no_retry
    def test_mobile(self):
        self._run("mobile", sum(not tags & {"desktop", "headless"} for tags in get_tags()), "&tag=-headless")
