import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// a salesperson says on the KPI page what is missing
tours.add("sales_discipline_appeal", {
    steps: () => [
        {trigger: "button[data-period=day]", run: "click"},
        {trigger: ".o_discipline_kpi_row:contains(Calls)", run: "click"},
        {trigger: ".o_discipline_kpi_aside .o_discipline_kpi_appeal", run: "click"},
        {trigger: ".modal .o_field_widget[name=amount] input", run: "edit 1"},
        {trigger: ".modal .o_field_widget[name=reason] input[data-value=system]", run: "click"},
        {trigger: ".modal .o_field_widget[name=text] textarea", run: "edit The app was offline"},
        {trigger: ".modal button[name=action_send]", run: "click"},
        {trigger: "body:not(:has(.modal))"},
    ],
});

// the leader finds it among the appeals and grants it
tours.add("sales_discipline_appeal_decide", {
    steps: () => [
        {trigger: ".o_data_row:contains(offline) .o_data_cell[name=text]", run: "click"},
        {trigger: ".o_form_view .o_field_widget[name=text]:contains(offline)"},
        {trigger: "button[name=action_grant]", run: "click"},
        {trigger: ".modal .o_field_widget[name=total]:contains(2)"},
        {trigger: ".modal .o_field_widget[name=answer] textarea", run: "edit I was in the car with her"},
        {trigger: ".modal button[name=action_apply]", run: "click"},
        {trigger: ".o_arrow_button_current:contains(Granted)"},
        {trigger: ".o_field_widget[name=answer]:contains(in the car)"},
        {trigger: "button[name=action_open_card]", run: "click"},
        {trigger: ".o_discipline_kpi_row:contains(Calls) .fa-pencil"},
    ],
});
