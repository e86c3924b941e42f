import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const line = (name) => `.o_discipline_report_line:contains(${name})`;

const enter = {
    trigger: `${line("Calls")} input`,
    run: "edit 5 && press Enter",
};

// a salesperson states the numbers of the day: Enter goes on, what was measured is shown afterwards
tours.add("sales_discipline_my_report", {
    steps: () => [
        {trigger: `${line("Calls")}:not(:contains(Measured)) input:focus`},
        {trigger: ".o_discipline_report_send", run: "click"},
        {trigger: `${line("Calls")}:contains(0 if there was none) input.is-invalid:focus`},
        enter,
        {trigger: `${line("Meetings")} input:focus`, run: "edit two && press Enter"},
        {trigger: ".o_discipline_report_send:focus", run: "click"},
        {trigger: `${line("Meetings")}:contains(no number) input.is-invalid:focus`, run: "edit 0"},
        {trigger: ".o_discipline_report_card textarea", run: "edit On the road"},
        {trigger: ".o_discipline_report_send", run: "click"},
        {trigger: ".o_notification:contains(handed in)"},
        {trigger: `${line("Calls")}:contains(Measured: 2) [data-claim=up]:contains(+3)`},
        {trigger: `${line("Meetings")} [data-claim=flat]`},
        {trigger: "body:not(:has(.o_discipline_report_send)):not(:has(.o_discipline_report_line input))"},
    ],
});

// the KPI page sends people to their report first
tours.add("sales_discipline_kpi_hidden", {
    steps: () => [
        {trigger: "button[data-period=day]", run: "click"},
        {trigger: ".o_discipline_kpi_row:contains(Calls):not(:contains(%))"},
        {trigger: "body:not(:has(.o_control_panel button:contains(Scorecard)))"},
        {trigger: ".o_discipline_kpi_hidden button", run: "click"},
        enter,
        {trigger: `${line("Meetings")} input:focus`, run: "edit 0"},
        {trigger: ".o_discipline_report_send", run: "click"},
        {trigger: `${line("Calls")}:contains(Measured: 2)`},
        {trigger: ".breadcrumb-item:contains(KPI) a", run: "click"},
        {trigger: ".o_discipline_kpi_row:contains(Calls):contains(%)", run: "click"},
        {trigger: ".o_discipline_kpi_aside [data-claim=up]:contains(+3)"},
    ],
});
