import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const tile = (name) => `.o_discipline_time_tile:contains(${name})`;
const entry = (name) => `.o_discipline_time_entry:contains(${name})`;

// the estimate first; then a timer, minutes by a tap, a correction, a removal and its undoing
tours.add("sales_discipline_time_study", {
    steps: () => [
        {trigger: ".o_discipline_time_guess", run: "click"},
        {trigger: ".o_discipline_time_estimate [role=alert]"},
        {trigger: ".o_discipline_time_estimate button:contains(30%)", run: "click"},
        {trigger: ".o_discipline_time_guess", run: "click"},
        {trigger: `${tile("Calls and Meetings")} .o_discipline_time_toggle`, run: "click"},
        {trigger: ".o_discipline_time_running:contains(Calls and Meetings) .o_discipline_time_clock"},
        {trigger: `${tile("Calls and Meetings")}.o_running`},
        {trigger: `${tile("Claims")} .o_discipline_time_toggle`, run: "click"},
        {trigger: ".o_discipline_time_running:contains(Claims)"},
        {trigger: ".o_discipline_time_stop", run: "click"},
        {trigger: ".o_discipline_time_page:not(:has(.o_discipline_time_running))"},
        {trigger: `${tile("Claims")} .o_discipline_time_add[data-minutes='60']`, run: "click"},
        {trigger: `${entry("Claims")}:contains(1 h)`},
        {trigger: `${tile("Proposals")} .o_discipline_time_add[data-minutes='30']`, run: "click"},
        {trigger: `${entry("Proposals")} .o_discipline_time_edit`, run: "click"},
        {trigger: "#o_discipline_time_minutes", run: "edit 0"},
        {trigger: ".o_discipline_time_save", run: "click"},
        {trigger: ".o_discipline_time_dialog [role=alert]"},
        {trigger: "#o_discipline_time_minutes", run: "edit 45"},
        {trigger: "#o_discipline_time_text", run: "edit Offer for the lab"},
        {trigger: ".o_discipline_time_save", run: "click"},
        {trigger: `${entry("Proposals")}:contains(45 min):contains(Offer for the lab)`},
        {trigger: `${entry("Claims")} .o_discipline_time_remove`, run: "click"},
        {trigger: `.o_discipline_time_day:not(:has(${entry("Claims")}))`},
        {trigger: ".o_notification:contains(1 h removed) button:contains(Undo)", run: "click"},
        {trigger: `${entry("Claims")}:contains(1 h)`},
        {trigger: "button[data-date='2026-03-09']", run: "click"},
        {trigger: ".o_discipline_time_day:contains(Monday):contains(Nothing is entered)"},
        {trigger: `${tile("Travel")} .o_discipline_time_toggle:disabled`},
        {trigger: `${tile("Travel")} .o_discipline_time_add[data-minutes='15']`, run: "click"},
        {trigger: `${entry("Travel")}:contains(15 min)`},
    ],
});

// on My Day: the timer is started, switched and stopped
tours.add("sales_discipline_time_day", {
    steps: () => [
        {trigger: ".o_discipline_time_card .o_discipline_time_start:contains(Proposals)", run: "click"},
        {trigger: ".o_discipline_time_card .o_discipline_time_running:contains(Proposals)"},
        {
            trigger: ".o_discipline_time_card .o_discipline_time_start:contains(Calls and Meetings)",
            run: "click",
        },
        {trigger: ".o_discipline_time_card .o_discipline_time_running:contains(Calls and Meetings)"},
        {trigger: ".o_discipline_time_card .o_discipline_time_stop", run: "click"},
        {trigger: ".o_discipline_time_card:not(:has(.o_discipline_time_running))"},
        {trigger: ".o_discipline_time_card button:contains(Enter Time)", run: "click"},
        {trigger: ".o_discipline_time_tiles"},
    ],
});

// a leader starts a study of the own team, and looks at the result of the last
tours.add("sales_discipline_time_leader", {
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        {trigger: ".o_field_widget[name=name] input", run: "edit Where our time goes"},
        {trigger: ".o_field_widget[name=team_ids] input", run: "edit North"},
        {trigger: ".o_field_widget[name=team_ids] .dropdown-item:contains(North)", run: "click"},
        {trigger: "button[name=action_start]", run: "click"},
        {trigger: ".o_statusbar_status .o_arrow_button_current:contains(Running)"},
        {trigger: ".o_field_widget[name=participant_ids] .o_data_row:contains(Anna)"},
        {trigger: "button[name=action_open_result]", run: "click"},
        {trigger: ".o_discipline_time_result_page:contains(Running)"},
        {trigger: ".o_discipline_time_choose", run: "selectByIndex 1"},
        {trigger: "[data-table=people] [data-name=Anna]:contains(37.5%)"},
        {trigger: "[data-tile=share]:contains(37.5%)"},
    ],
});
