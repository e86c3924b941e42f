import {registry} from "@web/core/registry";

// from the list of clients who have fallen away to calls planned, and the campaign that follows them
registry.category("web_tour.tours").add("sales_discipline_winback_tour", {
    url: "/odoo/win-back",
    steps: () => [
        {trigger: ".o_facet_value:contains('Fell Away Recently')"},
        {trigger: ".o_data_row:contains('Client 0') .o_list_record_selector input", run: "click"},
        {trigger: ".o_data_row:contains('Client 1') .o_list_record_selector input", run: "click"},
        {trigger: "button[name=action_plan_calls]", run: "click"},
        {trigger: ".modal .o_field_widget[name=partner_count]:contains('2')"},
        {trigger: ".modal .o_field_widget[name=note] textarea", run: "edit Ask why"},
        {trigger: ".modal .o_field_widget[name=per_day] input", run: "edit 1"},
        {trigger: ".modal button[name=action_preview]", run: "click"},
        {trigger: ".modal table:contains('Anna')"},
        {trigger: ".modal button[name=action_apply]", run: "click"},
        {trigger: ".o_discipline_winback_figures td .o_field_widget[name=called]:contains('2')"},
        {trigger: ".o_data_row:contains('Client 1')"},
        {trigger: ".nav-link[name=others]", run: "click"},
        {trigger: ".o_data_row:contains('Client 2')"},
    ],
});
