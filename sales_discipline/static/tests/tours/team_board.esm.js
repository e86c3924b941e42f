import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const row = (name) => `.o_discipline_board_row:contains(${name})`;

function press(key) {
    return ({anchor}) => {
        anchor.focus();
        anchor.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
    };
}

// a leader sorts, compares, walks by keyboard, opens what was counted and somebody's own page
tours.add("sales_discipline_board_leader", {
    steps: () => [
        {trigger: ".o_discipline_board_period:contains(March 10, 2026)"},
        {trigger: `${row("Anna")} td[data-column]:contains(3):contains(2)`},
        {trigger: "body:not(:has(.o_discipline_board_row:contains(Carla)))"},
        {trigger: "body:not(:has(.o_discipline_board_team))"},
        {trigger: ".o_discipline_board_row:first:contains(Anna)"},
        {trigger: "th:contains(Companies Added) button", run: "click"},
        {trigger: "th[aria-sort=descending]:contains(Companies Added)"},
        {trigger: ".o_discipline_board_row:first:contains(Boris)"},
        {trigger: ".o_discipline_board_compare", run: "click"},
        {trigger: `${row("Anna")} td small:contains(+2)`},
        {trigger: ".o_discipline_board_row:first .o_discipline_board_person", run: press("ArrowDown")},
        {trigger: `${row("Anna")} .o_discipline_board_person:focus[tabindex='0']`, run: press("ArrowRight")},
        {trigger: `${row("Anna")} td button:focus`, run: "click"},
        {trigger: ".o_breadcrumb:contains(Companies Added)"},
        {trigger: ".o_data_row"},
        {trigger: ".breadcrumb-item:contains(Team Board) a", run: "click"},
        {trigger: "th[aria-sort=descending]:contains(Companies Added)"},
        {trigger: `${row("Anna")} td[data-column]:last button`, run: "click"},
        {trigger: ".o_breadcrumb:contains(Deals Won)"},
        {trigger: ".o_nocontent_help p.o_view_nocontent_smiling_face"}, // not the HTML of it
        {trigger: ".breadcrumb-item:contains(Team Board) a", run: "click"},
        {trigger: ".o_discipline_board_find", run: "edit bor"},
        {trigger: `body:not(:has(${row("Anna")})):not(:has(.o_discipline_board_table tfoot))`},
        {trigger: `${row("Boris")} .o_discipline_board_person`, run: "click"},
        {trigger: ".o_discipline_kpi_person .o_select_menu_toggler:contains(Boris)"},
    ],
});

// a manager sees all teams with their totals, folds one and keeps to another
tours.add("sales_discipline_board_manager", {
    steps: () => [
        {trigger: "tbody .o_discipline_board_total:contains(North):contains(3 people)"},
        {trigger: "tfoot .o_discipline_board_total:contains(5 people)"},
        {trigger: "tbody .o_discipline_board_total:contains(North) button", run: "click"},
        {trigger: `body:not(:has(${row("Anna")})):has(${row("Carla")})`},
        {trigger: ".o_discipline_board_group", run: "click"},
        {trigger: `body:has(${row("Anna")}):not(:has(tbody .o_discipline_board_total))`},
        {trigger: ".o_discipline_board_team", run: "selectByLabel South"},
        {trigger: `body:not(:has(${row("Anna")})):has(${row("Carla")})`},
        {trigger: "tfoot .o_discipline_board_total:contains(2 people)"},
        {trigger: ".o_discipline_board_previous", run: "click"},
        {trigger: ".o_discipline_board_period:contains(March 9, 2026)"},
        {trigger: "[data-state=frozen]:contains(2)"},
        {trigger: "button[data-period=month]", run: "click"},
        {trigger: ".o_discipline_board_empty:contains(no scorecards of this kind)"},
    ],
});

// a manager finds a day in the map, goes to it, and puts the ranking on the wall
tours.add("sales_discipline_board_map", {
    steps: () => [
        {trigger: ".o_discipline_board_days", run: "click"},
        {trigger: ".o_discipline_board_period:contains(March 2026)"},
        {trigger: ".o_discipline_heat_row:contains(Anna) button[data-date='2026-03-09']:contains(25%)"},
        {trigger: ".o_discipline_board_points", run: "click"},
        {trigger: ".o_discipline_heat_row:contains(Anna) button[data-date='2026-03-09']:contains(-4)"},
        {trigger: ".o_discipline_heat_row:contains(Anna) button[data-date='2026-03-10']:contains(-1)"},
        {trigger: "thead button[data-date='2026-03-09']", run: "click"},
        {trigger: ".o_discipline_board_period:contains(March 9, 2026)"},
        {trigger: `${row("Anna")} td[data-column=points]:contains(-4)`},
        {trigger: ".o_discipline_board_screen", run: "click"},
        {trigger: ".o_discipline_wall_row[data-rank='1']:contains(Anna)"},
        {trigger: ".o_discipline_wall_row[data-rank='1']:contains(Boris)"},
        {trigger: ".o_discipline_wall:contains(March 10, 2026) .o_discipline_wall_close", run: "click"},
        {trigger: "body:not(:has(.o_discipline_wall))"},
    ],
});

// on a telephone the names stay while the indicators scroll
tours.add("sales_discipline_board_mobile", {
    steps: () => [
        {
            trigger: row("Anna"),
            run: () => {
                const box = document.querySelector(".o_discipline_board_box");
                const name = document.querySelector(".o_discipline_board_row .o_discipline_board_who");
                const before = name.getBoundingClientRect().left;
                box.scrollLeft = 200;
                if (!box.scrollLeft || Math.abs(name.getBoundingClientRect().left - before) > 2) {
                    throw new Error("The names have to stay where they are");
                }
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("The page is wider than the telephone");
                }
            },
        },
        {trigger: ".o_discipline_board_days", run: "click"},
        {trigger: ".o_discipline_heat_row:contains(Anna)"},
    ],
});
