import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// the running month: what it comes to, and what would raise it
tours.add("sales_discipline_my_pay_page", {
    steps: () => [
        {trigger: ".o_discipline_pay h2:contains(October 2026)"},
        {trigger: ".o_discipline_pay_state:contains(So far)"},
        {trigger: ".o_discipline_pay_total:contains(400)"},
        {trigger: ".o_discipline_pay_steps .progress[role=progressbar][aria-valuenow='40']"},
        {trigger: ".o_discipline_pay_part[data-kind=kpi_bonus] h4:contains(kpi_bonus)"},
        {trigger: ".o_discipline_pay_next:disabled"},
        // the month before is confirmed: it can be opened and disputed
        {trigger: ".o_discipline_pay_previous", run: "click"},
        {trigger: ".o_discipline_pay_state:contains(Confirmed)"},
        {trigger: ".o_discipline_pay_part[data-kind=points]:contains(Week 37)"},
        {trigger: ".o_discipline_pay_dispute", run: "click"},
        {trigger: ".modal .o_field_widget[name=question] textarea", run: "edit A day is missing"},
        {trigger: ".modal button[name=action_send]", run: "click"},
        {trigger: ".o_discipline_pay_line:contains(Disputed)"},
        {
            trigger: ".o_discipline_pay_history tr:contains(September 2026):contains(Disputed)",
            run() {
                if (!window.location.search.includes("month=2026-09-01")) {
                    throw new Error("the month is not in the address");
                }
            },
        },
        {trigger: ".o_discipline_pay_open", run: "click"},
        {trigger: ".o_form_view:contains(September 2026)"},
        {trigger: ".o_back_button, .breadcrumb-item:contains(My Pay)", run: "click"},
        {trigger: ".o_discipline_pay h2:contains(September 2026)"},
        {trigger: ".o_discipline_pay_past", run: "click"},
        {trigger: ".o_data_row:contains(September 2026), .o_kanban_record:contains(September 2026)"},
    ],
});

// who has no scheme reads what to do
tours.add("sales_discipline_my_pay_empty", {
    steps: () => [
        {trigger: ".o_discipline_pay_empty:contains(You are not an employee of Pay & Co)"},
        {trigger: ".o_discipline_pay_previous", run: "click"},
        {trigger: ".o_discipline_pay h2:contains(September 2026)"},
    ],
});
