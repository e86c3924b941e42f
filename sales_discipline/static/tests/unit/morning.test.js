import {click, edit, queryAllTexts} from "@odoo/hoot-dom";
import {expect, test} from "@odoo/hoot";
import {
    getService,
    makeDialogMockEnv,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {MorningComment} from "@sales_discipline/morning/morning_comment";
import {MorningSection} from "@sales_discipline/morning/morning_section";
import {WebClient} from "@web/webclient/webclient";
import {animationFrame} from "@odoo/hoot-mock";
import {defineDisciplineModels} from "./discipline_test_helpers";

defineDisciplineModels();

const LINE = {id: 5, name: "Calls", unit: "count", target: 10, actual: 3, currency_id: 1};

function makeRow(values) {
    return {
        key: "row",
        model: "discipline.scorecard",
        id: 7,
        text: "",
        note: false,
        person: "Anna",
        user_id: false,
        partner_id: 3,
        team: "North",
        date: "2026-03-09",
        zone: false,
        card_id: 7,
        lines: [],
        actions: [],
        ...values,
    };
}

function mountSection(key, rows, more = false) {
    const section = {key, count: rows.length, rows, more};
    return mountWithCleanup(MorningSection, {props: {section, reload: () => expect.step("reload")}});
}

test("a missed indicator opens what was counted, as its button would", async () => {
    mockService("action", {
        doActionButton: ({name, resModel, resId}) => expect.step(`${resModel} ${resId} ${name}`),
    });
    await mountSection("missed", [makeRow({points: -2, efficiency: null, zone: "red", lines: [LINE]})]);
    expect(".o_discipline_morning_row").toHaveText(/Anna[\s\S]*North/);
    expect(".o_discipline_morning_row").toHaveText(/-2 points/);
    expect(".o_discipline_badge").toHaveText("Red");
    expect(".o_discipline_morning_line").toHaveText(/Calls\s*3 \/ 10/);
    await click(".o_discipline_morning_line");
    expect.verifySteps(["discipline.scorecard.line 5 action_open_facts"]);
});

test("each action is a button that names the person", async () => {
    await mountSection("appeals", [makeRow({actions: ["grant", "refuse", "kpi"]})]);
    expect(queryAllTexts(".o_discipline_morning_row button")).toEqual(["Grant", "Refuse", "KPI"]);
    expect("button[data-action=grant]").toHaveAttribute("aria-label", "Grant: Anna");
    expect("button[data-action=grant]").toHaveClass("btn-primary");
    expect("button[data-action=refuse]").toHaveClass("btn-secondary");
});

test("a talk is planned with the person, about what was missed", async () => {
    mockService("action", {
        doAction: ({context}) => {
            expect.step(`${context.active_model} ${context.active_ids} ${context.default_summary}`);
        },
    });
    await mountSection("missed", [makeRow({actions: ["talk"], lines: [LINE]})]);
    await click("button[data-action=talk]");
    expect.verifySteps(["res.partner 3 Talk with Anna: Calls"]);
});

test("all of a section are opened by the same domain", async () => {
    mockService("action", {
        loadAction: async (xmlid) => ({xmlid, context: {search_default_mine: 1}}),
        doAction: ({xmlid, domain, context}) => {
            expect.step([xmlid, JSON.stringify(domain), JSON.stringify(context)].join(" "));
        },
    });
    const more = {action: "sales_discipline.discipline_signal_action", domain: [["state", "=", "new"]]};
    await mountSection("signals", [makeRow({})], more);
    await click(".o_discipline_morning_more");
    await animationFrame();
    expect.verifySteps(['sales_discipline.discipline_signal_action [["state","=","new"]] {}']);
});

test("a section is named by its heading", async () => {
    await mountSection("spots", [makeRow({phone: "+49 30 1234"})]);
    expect("section").toHaveAttribute("aria-labelledby", "o_discipline_morning_spots");
    expect("#o_discipline_morning_spots").toHaveText(/Spot Checks to Make\s*1/);
    expect("a[href='tel:+49 30 1234']").toHaveCount(1);
});

test("a comment that is needed has to be there", async () => {
    const props = {title: "Confirm: Anna", text: "Ten within seconds", label: "Confirm", needed: true};
    await mountWithCleanup(MorningComment, {
        env: await makeDialogMockEnv(),
        props: {...props, decide: (comment) => expect.step(comment), close: () => expect.step("close")},
    });
    expect(".modal .btn-primary").not.toBeEnabled();
    await click("textarea");
    await edit("  ");
    await animationFrame();
    expect(".modal .btn-primary").not.toBeEnabled();
    await edit("She said so");
    await animationFrame();
    await click(".modal .btn-primary");
    await animationFrame();
    expect.verifySteps(["She said so", "close"]);
});

test("a morning without anything to do says so", async () => {
    onRpc("discipline.scorecard", "get_morning", () => ({
        date: "2026-03-10",
        is_today: true,
        since: "2026-03-09",
        until: "2026-03-09",
        previous_date: "2026-03-09",
        next_date: false,
        is_manager: true,
        summary: {people: 3, done: 3, missed: 0, excused: 0, points: 6, efficiency: 100},
        sections: [{key: "missed", count: 0, rows: [], more: false}],
    }));
    await mountWithCleanup(WebClient);
    await getService("action").doAction({type: "ir.actions.client", tag: "sales_discipline.morning"});
    await animationFrame();
    expect(".o_discipline_morning_clear").toHaveText(/Everything is in order/);
    expect(".o_discipline_morning_quiet li").toHaveText("Everybody did what was planned");
    expect(".o_discipline_morning_section").toHaveCount(0);
    expect(".o_discipline_morning_next").not.toBeEnabled();
    expect(".o_discipline_morning_tiles").toHaveText(/100%/);
});
