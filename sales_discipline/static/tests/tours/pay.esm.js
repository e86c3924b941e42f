import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// the payroll officer computes the month, looks at who needs a look, confirms it and hands it over
tours.add("sales_discipline_pay_month", {
    steps: () => [
        {trigger: ".o_list_button_add, .o-kanban-button-new", run: "click"},
        {trigger: ".o_form_editable .o_field_widget[name=date_from]"},
        {trigger: "button[name=action_compute]", run: "click"},
        {trigger: ".o_data_row:contains(Anna)"},
        {
            trigger: "div[name=checks] li:contains(without a pay scheme) button[name=action_open_statements]",
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row:contains(Carl)"},
        {trigger: ".o_list_view:not(:contains(Anna))"},
        {trigger: ".o_back_button, .breadcrumb-item.o_back_button a", run: "click"},
        {trigger: "button[name=action_confirm]:contains(Confirm)", run: "click"},
        {trigger: ".modal-body:contains(check list)"},
        {trigger: ".modal-footer .btn-primary", run: "click"},
        {trigger: ".o_arrow_button_current:contains(Confirmed)"},
        {trigger: "button[name=action_xlsx]", run: "click"},
        {trigger: "body:not(:has(.o_error_dialog)) button[name=action_paid]"},
    ],
});

// a long run shows how far it is
tours.add("sales_discipline_pay_long", {
    steps: () => [
        {trigger: ".o_list_button_add, .o-kanban-button-new", run: "click"},
        {trigger: ".o_form_editable .o_field_widget[name=date_from]"},
        {trigger: "button[name=action_compute]", run: "click"},
        {trigger: ".o_discipline_progress:contains(0 of 3 people) [role=progressbar]"},
        {trigger: "button[name=action_stop]"},
        {trigger: ".o_form_view:not(:has(button[name=action_confirm]))"},
    ],
});

// a salesperson does not agree with a line
tours.add("sales_discipline_pay_dispute", {
    steps: () => [
        {trigger: ".o_data_row .o_data_cell, .o_kanban_record", run: "click"},
        {trigger: ".o_field_widget[name=line_ids] .o_data_row .o_data_cell[name=explanation]", run: "click"},
        {trigger: "button[name=action_dispute]", run: "click"},
        {trigger: ".modal .o_field_widget[name=question] textarea", run: "edit The 8th is missing"},
        {trigger: ".modal button[name=action_send]", run: "click"},
        {trigger: ".o_field_widget[name=dispute_ids]:contains(The 8th is missing):contains(Open)"},
    ],
});

// the officer answers, and pays what is due with the next run
tours.add("sales_discipline_pay_answer", {
    steps: () => [
        {trigger: ".o_data_row:contains(The 8th is missing) .o_data_cell", run: "click"},
        {trigger: ".o_field_widget[name=answer] textarea", run: "edit You are right"},
        {trigger: "button[name=action_accept]", run: "click"},
        {trigger: ".o_arrow_button_current:contains(Accepted)"},
        {trigger: "button[name=action_add_entry]", run: "click"},
        {trigger: ".modal .o_field_widget[name=amount] input", run: "edit 25"},
        {trigger: ".modal .o_form_button_save", run: "click"},
        {trigger: ".o_field_widget[name=entry_ids] .o_data_row:contains(25.00)"},
    ],
});
