import importlib.util
import json
from pathlib import Path

from odoo.tests import freeze_time, tagged

from .browser_common import listen_to_console
from .page_common import READY, PageCase
from .test_page_cost import PAGES

# What axe checks by rules of WCAG 2.1 A and AA, on what is ours: the page below Odoo's control panel, and our buttons there.
AUDIT = """
(async () => {
    const [source, pages] = %s;
    await new Promise((resolve, reject) => {
        const script = Object.assign(document.createElement("script"), {onload: resolve, onerror: reject, src: source});
        document.head.append(script);
    });
    const {action} = odoo.__WOWL_DEBUG__.root.env.services;
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    for (const [name, xmlid, css] of pages) {
        await action.doAction(xmlid, {clearBreadcrumbs: true});
        for (let left = 200; !document.querySelector(css); left--) {
            if (!left) {
                throw new Error(`${name} has no ${css}`);
            }
            await pause(50);
        }
        await pause(300); // transitions change colours
        const {violations} = await axe.run(
            {include: [".o_action_manager"], exclude: [".o_control_panel_navigation", ".o_cp_searchview"]},
            {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], resultTypes: ["violations"]}
        );
        const found = violations.flatMap(({id, impact, nodes}) =>
            nodes.map(({html, any}) => `${impact} ${id}: ${html.slice(0, 200)} ${any[0]?.message || ""}`)
        );
        const wide = document.querySelector(".o_content");
        if (wide.scrollWidth > wide.clientWidth + 1) {
            found.push(`the page scrolls sideways: ${wide.scrollWidth} in ${wide.clientWidth} px`);
        }
        const filler = Object.assign(document.createElement("div"), {style: "flex: none; height: 3000px"});
        wide.append(filler);
        const fits = (box) => box.scrollHeight <= box.clientHeight + 1;
        const flow = (box) => getComputedStyle(box).overflowY;
        let box = wide;
        while (box !== document.body && (fits(box) || flow(box) === "visible")) {
            box = box.parentElement;
        }
        if (flow(box) === "hidden") {
            found.push(`what is below the window cannot be scrolled to: ${box.className}`);
        }
        filler.remove();
        console.log(`PAGE_FAULTS ${JSON.stringify([name, found])}`);
    }
    console.log("test successful");
})().catch((error) => console.error(error.stack));
"""


def get_axe() -> bytes:
    """The source of axe-core, of a package that the development set-up installs (requirements.in)."""
    package = importlib.util.find_spec("axe_playwright_python")
    if not package:
        raise AssertionError("axe-playwright-python of requirements.lock is not installed: run ./dev setup")
    return Path(package.submodule_search_locations[0], "axe.min.js").read_bytes()


class AccessibilityCase(PageCase):
    def _check(self):
        axe = self.env["ir.attachment"].create(
            {"name": "axe.js", "raw": get_axe(), "mimetype": "text/javascript", "public": True}
        )
        for who in dict.fromkeys(page[0] for page in PAGES.values()):
            pages = [[name, *page[1:3]] for name, page in PAGES.items() if page[0] == who]
            with freeze_time(self.AT), listen_to_console(self, r"^PAGE_FAULTS (.*)") as found:
                login = getattr(self, who).login
                code = AUDIT % json.dumps([f"/web/content/{axe.id}", pages])
                self.browser_js("/odoo/my-report", code, READY, login, timeout=120)
            self.assertEqual(len(found), len(pages))
            for name, faults in map(json.loads, found):
                with self.subTest(name):
                    self.assertFalse(faults, "\n".join(faults))


@tagged("post_install", "-at_install")
class TestAccessibility(AccessibilityCase):
    """Our pages keep the rules of WCAG 2.1 AA that a program can check: contrast, names of buttons and fields, roles;
    each can be scrolled down, and none sideways."""

    browser_size = "1440x900"

    def test_pages(self):
        self._check()


@tagged("post_install", "-at_install")
class TestAccessibilityTablet(AccessibilityCase):
    browser_size = "768x1024"

    def test_pages(self):
        self._check()


@tagged("post_install", "-at_install")
class TestAccessibilityMobile(AccessibilityCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_pages(self):
        self._check()
