import {contains, mountWithCleanup, onRpc} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {ReportCard} from "@sales_discipline/my_report/report_card";
import {defineDisciplineModels} from "./discipline_test_helpers";
import {press} from "@odoo/hoot-dom";

defineDisciplineModels();

function makeReport(change = {}) {
    const line = {
        description: "",
        target: 5,
        claimed: null,
        measured: null,
        claim: "none",
        gap: 0,
        unit: "count",
    };
    return {
        id: 7,
        plan: "Daily",
        state: "due",
        comment: "",
        can_submit: true,
        submitted_at: "",
        deadline: "6:00 PM",
        is_hidden: true,
        currency_id: 1,
        lines: [
            {...line, id: 1, name: "Calls"},
            {...line, id: 2, name: "Sales", unit: "money"},
        ],
        ...change,
    };
}

const input = (id) => `[data-line='${id}'] input`;
const button = ".o_discipline_report_send";

async function mountReport(card) {
    await mountWithCleanup(ReportCard, {
        props: {card, onSubmitted: (answer) => expect.step(["answered", answer.state])},
    });
}

test("what is missing, no number or negative is marked in words, and nothing is sent", async () => {
    onRpc("submit_report", () => expect.step("sent"));
    await mountReport(makeReport());
    await contains(button).click();
    expect(".text-danger[role=alert]").toHaveCount(2);
    expect("[data-line='1'] [role=alert]").toHaveText("Type in a number, 0 if there was none.");
    expect(input(1)).toBeFocused();
    await contains(input(1)).edit("many", {confirm: false});
    await contains(input(2)).edit("-20", {confirm: false});
    expect("[role=alert]").toHaveCount(0, {message: "typing takes the mark away"});
    await contains(button).click();
    expect("[data-line='1'] [role=alert]").toHaveText("This is no number.");
    expect(input(1)).toHaveAttribute("aria-invalid", "true");
    expect("[data-line='2'] [role=alert]").toHaveCount(0, {message: "refunds make money negative"});
    await contains(input(1)).edit("-1", {confirm: false});
    await contains(button).click();
    expect("[data-line='1'] [role=alert]").toHaveText("This cannot be negative.");
    expect.verifySteps([]);
});

test("Enter goes from number to number and to the button, and the numbers are sent as numbers", async () => {
    onRpc("submit_report", ({args}) => {
        expect.step(args);
        return makeReport({state: "done"});
    });
    await mountReport(makeReport());
    await contains(input(1)).edit("0", {confirm: false});
    await press("Enter");
    expect(input(2)).toBeFocused();
    await contains(input(2)).edit("1,234.5", {confirm: false});
    await press("Enter");
    expect(button).toBeFocused();
    await contains("textarea").edit("On the road", {confirm: false});
    await contains(button).click();
    expect.verifySteps([
        [7, {1: 0, 2: 1234.5}, "On the road"],
        ["answered", "done"],
    ]);
});

test("a report that is handed in can be sent again only once it says something else", async () => {
    const lines = makeReport().lines.map((line) => ({...line, claimed: 3}));
    await mountReport(makeReport({state: "done", submitted_at: "5:00 PM", lines}));
    expect(input(1)).toHaveValue("3");
    expect(button).toHaveText("Hand In the Correction");
    expect(button).not.toBeEnabled();
    await contains(input(1)).edit("4", {confirm: false});
    expect(button).toBeEnabled();
});

test("what was measured stands beside what was stated, once it may be seen", async () => {
    const [calls] = makeReport().lines;
    const line = {...calls, claimed: 5, measured: 2, claim: "up", gap: 3};
    await mountReport(makeReport({state: "done", can_submit: false, is_hidden: false, lines: [line]}));
    expect("input").toHaveCount(0);
    expect(".o_discipline_report_stated").toHaveText("5");
    expect(".o_discipline_report_measured").toHaveText(/Measured: 2/);
    expect("[data-claim=up]").toHaveText(/\+3/);
});
