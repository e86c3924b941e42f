import {registry} from "@web/core/registry";

// where the team stands, another period and metric, and on to what was counted
registry.category("web_tour.tours").add("sales_discipline_sales_plans", {
    steps: () => [
        {trigger: ".o_discipline_period:contains(May 2026)"},
        {trigger: "tr[data-key^=team]:contains(North):contains(30,000)"},
        {trigger: "tr[data-key^=person]:contains(Anna):contains(20,000):contains(45%):contains(Red)"},
        {trigger: "tr[data-key^=team]:contains(North) button[aria-expanded]", run: "click"},
        {trigger: "table:not(:contains(Anna))"},
        {trigger: "tr[data-key^=team]:contains(North) button[aria-expanded]", run: "click"},
        {trigger: "button[data-period=quarter]", run: "click"},
        {trigger: ".o_discipline_period:contains(Q2 2026)"},
        {trigger: ".o_discipline_next", run: "click"},
        {trigger: ".o_discipline_period:contains(Q3 2026)"},
        {trigger: ".alert:contains(Nobody has a plan)"},
        {trigger: ".o_discipline_previous", run: "click"},
        {trigger: ".o_discipline_metric", run: "selectByLabel Sales Invoiced"},
        {trigger: ".alert:contains(Sales Invoiced)"},
        {trigger: ".o_discipline_metric", run: "selectByLabel Sales Confirmed"},
        {
            trigger: "tr[data-key^=person]:contains(Anna) .o_discipline_open_facts:contains(9,000)",
            run: "click",
        },
        {trigger: ".o_breadcrumb:contains(Sales Confirmed)"},
        {trigger: ".o_data_row:contains(9,000)"},
        {trigger: ".o_breadcrumb a:contains(Sales Plans), .o_back_button", run: "click"},
        {trigger: ".o_discipline_period:contains(Q2 2026)"},
        {trigger: "tr[data-key^=person]:contains(Anna) .o_discipline_open_targets", run: "click"},
        {trigger: ".o_data_row:contains(20,000)"},
    ],
});

// a manager spreads a total, looks at it, and sets it
registry.category("web_tour.tours").add("sales_discipline_set_plan", {
    steps: () => [
        {trigger: ".o_discipline_spread", run: "click"},
        {trigger: ".modal .o_field_widget[name=metric_id] input"},
        {trigger: ".modal .o_field_widget[name=total] input", run: "edit 5000"},
        {trigger: ".modal button[name=action_preview]", run: "click"},
        {trigger: ".modal .o_discipline_matrix td:contains(Carla)"},
        {trigger: ".modal .o_discipline_matrix tfoot td:contains(5,000)"},
        {trigger: ".modal button[name=action_apply]", run: "click"},
        {trigger: "body:not(:has(.modal)) tr[data-key^=person]:contains(Carla):contains(1,000)"},
        {trigger: ".o_discipline_import", run: "click"},
        {trigger: ".modal button[name=action_preview]", run: "click"},
        {trigger: ".modal:contains(Choose the file)"},
    ],
});
