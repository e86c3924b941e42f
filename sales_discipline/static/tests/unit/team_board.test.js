import {BoardRow, describeCell, formatSigned} from "@sales_discipline/team_board/board_parts";
import {animationFrame, advanceTime} from "@odoo/hoot-mock";
import {click, edit, press, queryAllTexts} from "@odoo/hoot-dom";
import {describe, expect, test} from "@odoo/hoot";
import {getService, makeMockEnv, mountWithCleanup, onRpc} from "@web/../tests/web_test_helpers";
import {TeamWall} from "@sales_discipline/team_board/team_wall";
import {WebClient} from "@web/webclient/webclient";
import {defineDisciplineModels} from "./discipline_test_helpers";

describe.current.tags("desktop");
defineDisciplineModels();

const COLUMN = {
    key: "1,own",
    metric_id: 1,
    scope: "own",
    name: "Calls",
    description: "Calls made",
    category: "kpi",
    unit: "count",
    source: "facts",
};
const CELL = {
    id: 7,
    fact: 4,
    target: 5,
    completion: 80,
    zone: "yellow",
    trend: "down",
    is_better: "worse",
    change: -2,
    late: false,
    adjusted: true,
};

function makePerson(id, name, values = {}) {
    return {
        id,
        name,
        user_id: id,
        team_id: 1,
        team: "North",
        card_id: id,
        plan_id: 1,
        plan: "Daily",
        trial: false,
        state: "frozen",
        excused: false,
        deadline: "",
        points: 1,
        points_change: 1,
        efficiency: 80,
        efficiency_change: null,
        zone: "yellow",
        done: 1,
        count: 1,
        currency_id: 1,
        cells: {"1,own": CELL},
        ...values,
    };
}

function makeTotal(values = {}) {
    return {
        people: 2,
        points: 3,
        points_change: null,
        efficiency: 90,
        efficiency_change: null,
        zone: "green",
        zones: [["green", 2]],
        states: [["frozen", 2]],
        done: 2,
        count: 2,
        currency_id: 1,
        cells: {"1,own": {...CELL, fact: 9}},
        ...values,
    };
}

const PAGE = {
    period: "day",
    date_from: "2026-03-10",
    date_to: "2026-03-10",
    today: "2026-03-11",
    previous_date: "2026-03-09",
    next_date: false,
    last_date: "2026-03-10",
    columns: [COLUMN],
    teams: [
        {id: 1, name: "North"},
        {id: 2, name: "South"},
    ],
    people: [
        makePerson(1, "Anna"),
        makePerson(2, "Boris", {points: 5, cells: {"1,own": {...CELL, fact: 9, zone: "green"}}}),
        makePerson(3, "Carla", {
            team_id: 2,
            team: "South",
            state: "absent",
            points: null,
            efficiency: null,
            zone: "none",
            cells: {},
        }),
    ],
    totals: {all: makeTotal(), 1: makeTotal(), 2: makeTotal({people: 0})},
    is_manager: true,
    empty: "",
};

const names = () => queryAllTexts(".o_discipline_board_row .o_discipline_board_person");

async function openBoard(page = PAGE) {
    onRpc("get_team_board", () => page);
    await mountWithCleanup(WebClient);
    await getService("action").doAction({type: "ir.actions.client", tag: "sales_discipline.team_board"});
}

test("a cell says in words what its colour and its arrow say", async () => {
    await makeMockEnv(); // language and formats
    const shown = describeCell(CELL, COLUMN, 1);
    expect(shown.title).toInclude("Calls: 4 of 5");
    expect(shown.title).toInclude("Yellow");
    expect(shown.title).toInclude("down");
    expect(shown.title).toInclude("adjusted by a leader");
    expect(shown.change).toBe("-2");
});

test("no data is a dash, and a difference of percentages is in percentage points", async () => {
    await makeMockEnv(); // language and formats
    const shown = describeCell({...CELL, fact: null, change: null, zone: "none"}, COLUMN, 1);
    expect(shown.fact).toBe("–");
    expect(shown.change).toBe("–");
    expect(formatSigned(12.4, {unit: "percent"})).toBe("+12 pp");
});

test("a row says why there is no scorecard", async () => {
    const props = {person: PAGE.people[2], columns: [COLUMN], compare: false, open() {}, openPerson() {}};
    await mountWithCleanup(BoardRow, {props});
    expect(".o_discipline_board_person").toHaveText(/Not at work/);
    expect("td[data-column='1,own']").toHaveText("–");
    expect("td[data-column='1,own'] button").toHaveCount(0);
});

test("people are sorted, no data last, and searched for; totals are those of whole teams", async () => {
    await openBoard();
    expect(names()[0]).toInclude("Anna");
    expect("tfoot tr").toHaveCount(1);
    await click(".o_discipline_board_group");
    await click("th[data-column=points] button");
    await animationFrame();
    expect("th[data-column=points]").toHaveAttribute("aria-sort", "descending");
    expect(names().map((name) => name.split("\n")[0])).toEqual(["Boris", "Anna", "Carla"]);
    await click("th[data-column=points] button");
    await animationFrame();
    expect(names().map((name) => name.split("\n")[0])).toEqual(["Anna", "Boris", "Carla"]);
    await click(".o_discipline_board_find");
    await edit("bor");
    await animationFrame();
    expect(names()).toEqual(["Boris"]);
    expect("tfoot tr").toHaveCount(0);
});

test("the arrows walk through the cells, and the table is one stop of the Tab key", async () => {
    await openBoard();
    expect(".o_discipline_board_table [tabindex='0']").toHaveCount(1);
    document.querySelector(".o_discipline_board_row .o_discipline_board_person").focus();
    await press("ArrowRight");
    expect("tr[data-person='1'] td[data-column='1,own'] button").toBeFocused();
    await press("ArrowDown");
    expect("tr[data-person='2'] td[data-column='1,own'] button").toBeFocused();
    expect(".o_discipline_board_table [tabindex='0']").toHaveCount(1);
});

test("an empty period says why, and leads to the last scorecards", async () => {
    await openBoard({...PAGE, people: [], empty: "Nobody has a scorecard for this period"});
    expect(".o_discipline_board_empty p").toHaveText("Nobody has a scorecard for this period");
    expect(".o_discipline_board_empty button").toHaveText("Show the last scorecards");
});

test("the wall refreshes itself, keeps what it has without a connection, and may do without names", async () => {
    let asked = 0;
    onRpc("get_team_wall", () => {
        asked++;
        if (asked > 1) {
            throw new Error("no server");
        }
        return {
            period: "day",
            date_from: "2026-03-10",
            date_to: "2026-03-10",
            is_anonymous: true,
            title: "",
            empty: "",
            teams: [],
            total: makeTotal(),
            rows: [
                {
                    key: 1,
                    rank: 1,
                    name: "",
                    team: "",
                    user_id: false,
                    points: 5,
                    efficiency: 100,
                    zone: "green",
                    done: 1,
                    count: 1,
                },
            ],
        };
    });
    await mountWithCleanup(TeamWall, {
        props: {period: "day", team: false, close: () => expect.step("closed")},
    });
    expect(".o_discipline_wall_row").toHaveText(/1/);
    expect(".o_discipline_wall footer").not.toHaveText(/No connection/);
    await advanceTime(60_000);
    await animationFrame();
    expect(asked).toBe(2);
    expect(".o_discipline_wall_row").toHaveCount(1);
    expect(".o_discipline_wall footer").toHaveText(/No connection/);
    await press("Escape");
    expect.verifySteps(["closed"]);
});
