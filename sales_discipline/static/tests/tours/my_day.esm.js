import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const line = (name) => `.o_discipline_day_line:contains(${name})`;

// a salesperson does what is overdue, plans a step for a deal without one, and writes down a call, all on the page
tours.add("sales_discipline_my_day", {
    steps: () => [
        {
            trigger: `.o_discipline_countdown:contains(5 h 0 min), .o_discipline_countdown:contains(4 h 59 min)`,
        },
        {trigger: `${line("Calls")}:contains(2 more):contains(+1):contains(−2)`},
        {trigger: `${line("Calls")}:contains(5):contains(no fine)`},
        {trigger: `${line("Overdue")}:contains(1 too many)`},
        {trigger: "[data-section=overdue]:contains(Due 2 days ago) button[data-form=done]", run: "click"},
        {trigger: ".o_discipline_day_form textarea:focus", run: "edit Wants an offer"},
        {trigger: ".o_discipline_day_mark", run: "click"},
        {trigger: "body:not(:has([data-section=overdue]))"},
        {trigger: `${line("Calls")}:contains(1 more)`},
        {trigger: `${line("Overdue")}[data-done=true]:contains(Within the limit)`},
        {trigger: "[data-section=stepless]:contains(Forgotten) .o_discipline_day_plan", run: "click"},
        {trigger: ".modal button[name=action_schedule_activities]", run: "click"},
        {trigger: "body:not(:has(.modal)):not(:has([data-section=stepless]))"},
        {trigger: ".o_discipline_day_log", run: "click"},
        {trigger: ".modal .o_discipline_log_save", run: "click"},
        {trigger: ".modal [role=alert]:contains(lead or the contact)"},
        {trigger: ".modal .o_discipline_log_record input", run: "edit Forgotten"},
        {trigger: ".o-autocomplete--dropdown-item:contains(Forgotten)", run: "click"},
        {trigger: ".modal textarea", run: "edit Rang them up"},
        {trigger: ".modal .o_discipline_log_save", run: "click"},
        {trigger: `body:not(:has(.modal)) ${line("Calls")}[data-done=true]`},
        {trigger: ".o_discipline_progress button", run: "click"},
        {trigger: ".o_discipline_progress_menu:contains(Everything is done) .o_discipline_progress_open"},
    ],
});

// the report is handed in on the page; before that nothing on it, nor in the corner, says what was measured
tours.add("sales_discipline_my_day_report", {
    steps: () => [
        {trigger: ".o_discipline_day_card:has(.o_discipline_day_hidden)"},
        {trigger: `${line("Calls")}:contains(Plan: 3):not(:contains(2 of 3)):not(:contains(more))`},
        {trigger: ".o_discipline_progress button[title*='report is due']"},
        {trigger: ".o_discipline_report_line:contains(Calls) input", run: "edit 5"},
        {trigger: ".o_discipline_report_line:contains(Meetings) input", run: "edit 0"},
        {trigger: ".o_discipline_report_send", run: "click"},
        {trigger: `${line("Calls")}:contains(2 of 3)`},
        {trigger: ".o_discipline_progress button[title*='of 4 done']"},
        {trigger: ".o_discipline_report_line:contains(Measured: 2)"},
    ],
});

// somebody who leads others and has no plan is led on
tours.add("sales_discipline_my_day_leader", {
    steps: () => [
        {trigger: ".o_discipline_day_empty:contains(look after)"},
        {trigger: ".o_discipline_day_board", run: "click"},
        {trigger: ".o_breadcrumb:contains(Team Board)"},
        {trigger: "body:not(:has(.o_discipline_progress))"},
    ],
});
