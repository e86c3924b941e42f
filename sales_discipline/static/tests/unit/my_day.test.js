import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {click, edit, press, queryAllTexts} from "@odoo/hoot-dom";
import {describe, expect, test} from "@odoo/hoot";
import {
    getService,
    makeMockEnv,
    mockService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {Countdown} from "@sales_discipline/my_day/countdown";
import {DayCard} from "@sales_discipline/my_day/day_card";
import {DayTodo} from "@sales_discipline/my_day/day_todo";
import {LogDialog} from "@sales_discipline/my_day/log_dialog";
import {MainComponentsContainer} from "@web/core/main_components_container";
import {ProgressSystray} from "@sales_discipline/my_day/progress_systray";
import {WebClient} from "@web/webclient/webclient";
import {browser} from "@web/core/browser/browser";
import {defineDisciplineModels} from "./discipline_test_helpers";
import {formatMoney, formatPoints, formatRemaining, leftInWords} from "@sales_discipline/my_day/words";
import {session} from "@web/session";

describe.current.tags("desktop");
defineDisciplineModels();

const LINE = {
    id: 7,
    metric_id: 1,
    name: "Calls",
    description: "Calls made",
    unit: "count",
    source: "facts",
    higher_is_better: true,
    target: 20,
    counted: 8,
    left: 12,
    completion: 40,
    zone: "red",
    done: false,
    pace: false,
    points: -2,
    points_done: 1,
    points_missed: -2,
    money_done: 5,
    money_missed: -8,
};

const CARD = {
    id: 3,
    plan: "Daily",
    period: "day",
    state: "open",
    trial: false,
    excused: false,
    is_hidden: false,
    no_fines: false,
    currency_id: 1,
    money_currency_id: 1,
    closes: "6:00 PM",
    closes_at: "18:00",
    now: "2026-03-10 12:00:00",
    deadline: "2026-03-10 17:00:00",
    earned: 0,
    possible: 1,
    points: -2,
    done: 0,
    count: 1,
    lines: [LINE],
};

const ROW = {
    id: 5,
    type: "Call",
    icon: "fa-phone",
    summary: "Ring up",
    date_deadline: "2026-03-08",
    res_model: "crm.lead",
    res_id: 2,
    name: "Deal",
    partner: "Customer Ltd",
    phone: "+49 30 123",
    start: false,
    postponed: 2,
    is_overdue: true,
};

const DEAL = {id: 2, name: "Big deal", partner: "Customer Ltd", stage: "New", phone: null, amount: 0};
const NOTHING = {count: 0, rows: []};

function todo(change = {}) {
    return {
        todo: {overdue: NOTHING, planned: NOTHING, stepless: NOTHING, ...change},
        date: "2026-03-10",
        onDone: (said) => expect.step(`done ${said}`),
        log: ({resId}) => expect.step(`log ${resId}`),
    };
}

test("what is left is said in words", async () => {
    await makeMockEnv(); // language and formats
    expect(leftInWords(LINE)).toBe("12 more");
    expect(leftInWords({...LINE, left: 0})).toBe("Done");
    expect(leftInWords({...LINE, left: null})).toBe("No data yet");
    expect(leftInWords({...LINE, higher_is_better: false, left: 3})).toBe("3 too many");
    expect(leftInWords({...LINE, higher_is_better: false, left: 0})).toBe("Within the limit");
    expect(leftInWords({...LINE, unit: "percent", left: 5})).toBe("20% to reach");
    expect(leftInWords({...LINE, unit: "percent", left: 5, higher_is_better: false})).toBe("20% at most");
});

test("points and money have their sign, and a dash where there are none", async () => {
    await makeMockEnv(); // language and formats
    expect([1, -2, 0, null].map(formatPoints)).toEqual(["+1", "−2", "0", "–"]);
    expect(formatMoney(null)).toBe("–");
    expect(formatMoney(-8)).toMatch(/^−.*8/);
    expect(formatMoney(5)).toMatch(/^\+.*5/);
});

test("the time left", async () => {
    await makeMockEnv(); // language and formats
    expect(formatRemaining(2 * 86400 + 3 * 3600)).toBe("2 d 3 h");
    expect(formatRemaining(3 * 3600 + 12 * 60 + 30)).toBe("3 h 12 min");
    expect(formatRemaining(125)).toBe("2:05");
    expect(formatRemaining(-5)).toBe("0:00");
});

test("the count-down goes by the server's clock, and ends once", async () => {
    let passed = 0;
    patchWithCleanup(browser, {performance: {now: () => passed}});
    const props = {now: "2026-03-10 16:59:00", deadline: "2026-03-10 17:00:00"};
    await mountWithCleanup(Countdown, {props: {...props, onEnd: () => expect.step("end")}});
    expect(".o_discipline_countdown").toHaveText("1:00 left");
    expect(".o_discipline_countdown").toHaveClass("text-bg-danger");
    passed = 30000;
    await advanceTime(1000);
    await animationFrame();
    expect(".o_discipline_countdown").toHaveText("0:30 left");
    passed = 61000;
    await advanceTime(3000);
    await animationFrame();
    expect(".o_discipline_countdown").toHaveText("0:00 left");
    expect.verifySteps(["end"]);
});

test("an indicator says what is left, earned and lost; what is done comes last", async () => {
    const done = {
        ...LINE,
        id: 8,
        name: "Meetings",
        left: 0,
        done: true,
        counted: 1,
        target: 1,
        zone: "green",
    };
    const card = {...CARD, lines: [done, LINE], no_fines: true};
    card.lines[1] = {...LINE, money_missed: 0};
    await mountWithCleanup(DayCard, {props: {card, openKpi: () => {}}});
    const texts = queryAllTexts(".o_discipline_day_line");
    expect(texts[0]).toMatch(/Calls[^]*12 more[^]*8 of 20[^]*Red[^]*40%[^]*\+1[^]*−2[^]*no fine/);
    expect(texts[1]).toMatch(/Meetings[^]*Done/);
});

test("where a limit of pay is reached, that is said instead of zeros", async () => {
    const card = {...CARD, lines: [{...LINE, money_done: 0, money_missed: 0}]};
    await mountWithCleanup(DayCard, {props: {card, openKpi: () => {}}});
    expect(".o_discipline_day_settled").toHaveCount(1);
    expect(".o_discipline_day_worth").not.toHaveText(/·/);
});

test("nothing measured is shown while a report is due", async () => {
    const hidden = {counted: null, left: null, completion: null, zone: "none", points: null};
    const card = {...CARD, is_hidden: true, done: null, lines: [{...LINE, ...hidden}]};
    await mountWithCleanup(DayCard, {props: {card, openKpi: () => {}}});
    expect(".o_discipline_day_hidden").toHaveCount(1);
    expect(".o_discipline_day_left").toHaveCount(0);
    expect(".progress").toHaveCount(0);
    expect(".o_discipline_day_name button").toHaveCount(0);
});

test("an activity is marked as done with its result", async () => {
    onRpc("mail.activity", "action_feedback", ({args, kwargs}) => {
        expect.step([args[0][0], kwargs.feedback]);
        return 1;
    });
    await mountWithCleanup(DayTodo, {props: todo({overdue: {count: 1, rows: [ROW]}})});
    expect(".o_discipline_day_activity").toHaveText(/Due 2 days ago[^]*2× postponed[^]*Deal[^]*Customer Ltd/);
    expect("a[href='tel:+49 30 123']").toHaveCount(1);
    await click("[data-form=done]");
    await animationFrame();
    expect("textarea").toBeFocused();
    await edit("Wants an offer");
    await click(".o_discipline_day_mark");
    await animationFrame();
    expect.verifySteps([[5, "Wants an offer"], "done Done: Ring up"]);
    expect("[data-activity]").toHaveCount(0); // at once: nobody does it twice
});

test("what is typed stays when the lists are read again, and Escape closes the form", async () => {
    const todoComponent = await mountWithCleanup(DayTodo, {
        props: todo({overdue: {count: 1, rows: [ROW]}}),
    });
    await click("[data-form=done]");
    await animationFrame();
    await edit("Half a sen");
    todoComponent.render(true);
    await animationFrame();
    expect("textarea").toHaveValue("Half a sen");
    expect("textarea").toBeFocused();
    await press("Escape");
    await animationFrame();
    expect("textarea").toHaveCount(0);
    expect("[data-form=done]").toBeFocused();
});

test("an activity is moved to tomorrow", async () => {
    onRpc("mail.activity", "write", ({args}) => {
        expect.step(args);
        return true;
    });
    await mountWithCleanup(DayTodo, {props: todo({overdue: {count: 1, rows: [ROW]}})});
    await click("[data-form=move]");
    await animationFrame();
    await click(".o_discipline_day_form button:contains(Tomorrow)");
    await animationFrame();
    expect.verifySteps([[[5], {date_deadline: "2026-03-11"}], "done Reschedule: Ring up"]);
});

test("deals without a step, and nothing to do", async () => {
    await mountWithCleanup(DayTodo, {props: todo({stepless: {count: 1, rows: [DEAL]}})});
    await click("[data-section=stepless] button:contains(Log)");
    expect.verifySteps(["log 2"]);
    await mountWithCleanup(DayTodo, {props: todo()});
    expect(".o_discipline_day_todo:contains(every deal has a next step)").toHaveCount(1);
});

test("the log says what is missing before it asks the server", async () => {
    onRpc("discipline.scorecard", "log_my_activity", ({args}) => {
        expect.step(args);
        return 1;
    });
    const props = {types: [{id: 1, name: "Call", icon: ""}], resModel: "crm.lead", resId: 2};
    onRpc("crm.lead", "web_search_read", () => ({records: [{id: 2, display_name: "Big deal"}], length: 1}));
    await mountWithCleanup(MainComponentsContainer);
    getService("dialog").add(
        LogDialog,
        {...props, onLogged: (said) => expect.step(`${said}`)},
        {onClose: () => expect.step("close")}
    );
    await animationFrame();
    await click(".o_discipline_log_save");
    await animationFrame();
    expect("[role=alert]").toHaveCount(1);
    await click("textarea");
    await edit("Rang them up");
    await click(".o_discipline_log_save");
    await animationFrame();
    expect.verifySteps([["crm.lead", 2, 1, "Rang them up"], "close", "Logged"]);
});

test("the corner shows the progress, and reads it again when something was counted", async () => {
    let done = 0;
    onRpc("discipline.scorecard", "get_my_progress", () => {
        expect.step("read");
        return {...CARD, done: done++};
    });
    patchWithCleanup(session, {sales_discipline: true});
    await mountWithCleanup(ProgressSystray);
    await advanceTime(300);
    await animationFrame();
    expect.verifySteps(["read"]);
    expect(".o_discipline_progress button").toHaveAttribute("title", "My Day: 0 of 1 done");
    getService("sales_discipline.progress").trigger("changed");
    await animationFrame();
    expect.verifySteps(["read"]);
    expect(".o_discipline_progress button").toHaveAttribute("title", "My Day: 1 of 1 done");
});

test("several notifications are one reading", async () => {
    const handlers = {};
    patchWithCleanup(session, {sales_discipline: true});
    mockService("bus_service", {subscribe: (name, handler) => (handlers[name] = handler)});
    onRpc("discipline.scorecard", "get_my_progress", () => {
        expect.step("read");
        return false;
    });
    await mountWithCleanup(ProgressSystray);
    await advanceTime(300);
    expect.verifySteps(["read"]);
    expect(".o_discipline_progress").toHaveCount(0);
    expect(handlers).toInclude("mail.activity/updated");
    handlers["sales_discipline/counted"]();
    handlers["sales_discipline/counted"]();
    await advanceTime(1000);
    expect.verifySteps(["read"]);
});

function page(change = {}) {
    return {
        now: CARD.now,
        date: "2026-03-10",
        name: "Anna",
        cards: [CARD],
        reports: [],
        results: {week: 3, month: null, last: false},
        todo: {overdue: {count: 1, rows: [ROW]}, planned: NOTHING, stepless: NOTHING},
        work: {},
        types: [],
        is_leader: false,
        empty: "",
        ...change,
    };
}

onRpc("discipline.statement", "get_my_pay_summary", () => false);

test("the page reads itself again, and what is being typed stays where it is", async () => {
    let counted = 8;
    onRpc("discipline.scorecard", "get_my_day", () => {
        const line = {...LINE, counted, left: 20 - counted};
        counted += 1;
        return page({cards: [{...CARD, lines: [line]}]});
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({type: "ir.actions.client", tag: "sales_discipline.my_day"});
    expect(".o_discipline_day_line").toHaveText(/12 more/);
    await click("[data-form=done]");
    await animationFrame();
    await edit("Half a sen");
    getService("sales_discipline.progress").trigger("changed");
    await animationFrame();
    expect(".o_discipline_day_line").toHaveText(/11 more/);
    expect(".o_discipline_day_form textarea").toHaveValue("Half a sen");
    expect(".o_discipline_day_form textarea").toBeFocused();
});

test("a closed day says so, with its result", async () => {
    onRpc("discipline.scorecard", "get_my_day", () =>
        page({cards: [{...CARD, state: "frozen", lines: [{...LINE, money_done: null, money_missed: null}]}]})
    );
    await mountWithCleanup(WebClient);
    await getService("action").doAction({type: "ir.actions.client", tag: "sales_discipline.my_day"});
    expect(".o_discipline_day_closed").toHaveText("Closed at 18:00");
    expect(".o_discipline_countdown").toHaveCount(0);
    expect(".o_discipline_day_points").toHaveText(/−2[^]*0 of 1 indicators done/);
    expect(".o_discipline_day_worth").toHaveText("points −2");
});

test("a refresh that fails leaves the page as it was", async () => {
    let fails = false;
    onRpc("discipline.scorecard", "get_my_day", () => {
        if (fails) {
            throw new Error("no connection");
        }
        return page();
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({type: "ir.actions.client", tag: "sales_discipline.my_day"});
    fails = true;
    getService("sales_discipline.progress").trigger("changed");
    await animationFrame();
    expect(".o_discipline_day_line").toHaveText(/12 more/);
    expect(".o_error_dialog").toHaveCount(0);
});
