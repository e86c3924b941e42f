import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const section = (key) => `.o_discipline_morning_section[data-key=${key}]`;

// a leader looks at what went wrong, decides a signal and an appeal, and opens what was counted
tours.add("sales_discipline_morning_leader", {
    steps: () => [
        {trigger: ".o_discipline_morning_day:contains(March 10)"},
        {trigger: `${section("missed")} .o_discipline_morning_row:contains(Anna):contains(-2 points)`},
        {trigger: ".o_discipline_morning_quiet:contains(No spot checks to make)"},
        {trigger: `${section("signals")} button[data-action=confirm]`, run: "click"},
        {trigger: ".modal .btn-primary:disabled"},
        {trigger: ".modal textarea", run: "edit She said so"},
        {trigger: ".modal .btn-primary:enabled", run: "click"},
        {trigger: `body:not(:has(.modal)):not(:has(${section("signals")}))`},
        {trigger: ".o_discipline_morning_quiet:contains(No new signals)"},
        {trigger: `${section("appeals")} button[data-action=refuse]`, run: "click"},
        {trigger: ".modal .o_field_widget[name=answer] textarea", run: "edit It was not"},
        {trigger: ".modal button[name=action_apply]", run: "click"},
        {trigger: `body:not(:has(.modal)):not(:has(${section("appeals")}))`},
        {trigger: `${section("missed")} button[data-action=talk]`, run: "click"},
        {trigger: ".modal .o_field_widget[name=summary] input:value(Talk with Anna)"},
        {trigger: ".modal button[name=action_schedule_activities]", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {trigger: `${section("missed")} .o_discipline_morning_line:contains(Companies Added)`, run: "click"},
        {trigger: ".o_breadcrumb:contains(Companies Added)"},
        {trigger: ".breadcrumb-item:contains(Morning) a", run: "click"},
        {trigger: ".o_discipline_morning_previous", run: "click"},
        {trigger: ".o_discipline_morning_day:contains(March 9)"},
        {trigger: ".o_discipline_morning_next", run: "click"},
        {trigger: ".o_discipline_morning_day:contains(March 10)"},
        {trigger: `${section("missed")} button[data-action=excuse]`, run: "click"},
        {trigger: ".modal .o_field_widget[name=reason] input", run: "edit Sick"},
        {trigger: ".modal button[name=action_apply]", run: "click"},
        {trigger: `body:not(:has(.modal)):not(:has(${section("missed")}))`},
        {trigger: ".o_discipline_morning_tiles:contains(Excused)"},
    ],
});

// a manager of a company where nobody is scored yet reads what to do
tours.add("sales_discipline_morning_empty", {
    steps: () => [
        {trigger: ".o_discipline_morning_unscored:contains(Configuration)"},
        {trigger: ".o_discipline_morning_quiet:contains(No appeals to decide)"},
    ],
});

// on a telephone it is one column, with the telephone number of a spot check to call
tours.add("sales_discipline_morning_mobile", {
    steps: () => [
        {trigger: `${section("missed")} .o_discipline_morning_row:contains(Anna)`},
        {
            trigger: ".o_discipline_morning_page",
            run: ({anchor}) => {
                if (anchor.scrollWidth > anchor.clientWidth) {
                    throw new Error("The page is wider than the screen");
                }
            },
        },
        {trigger: `${section("missed")} button[data-action=kpi]`, run: "click"},
        {trigger: ".o_discipline_kpi_page:contains(Anna)"},
    ],
});
