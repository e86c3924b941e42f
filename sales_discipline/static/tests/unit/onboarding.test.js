import {contains, mockService, mountWithCleanup, onRpc} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {OnboardingPanel} from "@sales_discipline/onboarding/onboarding";
import {defineDisciplineModels} from "./discipline_test_helpers";

defineDisciplineModels();

const step = {title: "Plan", text: "What to do", label: "Plans"};
const PANEL = {
    done: 1,
    steps: [
        {...step, key: "people", done: true, action: "x.people"},
        {...step, key: "plan", done: false, action: "x.plans"},
        {...step, key: "scheme", done: false, action: false},
    ],
};

test("steps are ticked off, and lead where they are taken", async () => {
    mockService("action", {doAction: (action) => expect.step(action)});
    await mountWithCleanup(OnboardingPanel, {props: {panel: PANEL}});
    expect("[data-step=people] [aria-label=Done]").toHaveCount(1);
    expect("[data-step=plan] .badge").toHaveText("2");
    expect("button.btn-sm").toHaveCount(1, {message: "neither for what is done nor for what others do"});
    await contains("[data-step=plan] button").click();
    expect.verifySteps(["x.plans"]);
});

test("who has closed the panel does not see it again", async () => {
    onRpc("discipline.onboarding", "close_panel", () => {
        expect.step("closed");
        return true;
    });
    await mountWithCleanup(OnboardingPanel, {props: {panel: PANEL}});
    await contains(".o_discipline_onboarding_close").click();
    expect(".o_discipline_onboarding").toHaveCount(0);
    expect.verifySteps(["closed"]);
});

test("nothing to do is nothing to see", async () => {
    await mountWithCleanup(OnboardingPanel, {props: {panel: false}});
    expect(".o_discipline_onboarding").toHaveCount(0);
});
