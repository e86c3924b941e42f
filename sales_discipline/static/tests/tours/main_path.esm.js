import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// a manager writes the rules of the game
tours.add("sales_discipline_rules", {
    steps: () => [
        {trigger: ".o_list_button_add, .o-kanban-button-new", run: "click"},
        {trigger: ".o_field_widget[name=name] input", run: "edit Daily activity plan"},
        {trigger: ".o_field_widget[name=line_ids] .o_field_x2many_list_row_add a", run: "click"},
        {trigger: ".o_field_widget[name=metric_id] input", run: "edit Calls"},
        {trigger: ".o-autocomplete--dropdown-item a:contains(/^Calls$/)", run: "click"},
        {trigger: ".o_selected_row .o_field_widget[name=target] input", run: "edit 1"},
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved button[name=action_activate]", run: "click"},
        {trigger: ".o_arrow_button_current:contains(Active)"},
    ],
});

// a salesperson makes the call that is planned on the deal
tours.add("sales_discipline_work", {
    steps: () => [
        {trigger: ".o-mail-Activity .o-mail-Activity-markDone", run: "click"},
        {trigger: ".o-mail-ActivityMarkAsDone textarea", run: "edit They want an offer"},
        {trigger: ".o-mail-ActivityMarkAsDone button[aria-label=Done]", run: "click"},
        {trigger: ".o-mail-Message:contains(They want an offer)"},
    ],
});

// in the evening the day is frozen, and each number can be opened
tours.add("sales_discipline_card", {
    steps: () => [
        {trigger: ".o_data_row .o_data_cell[name=plan_id]:contains(Daily activity plan)", run: "click"},
        {trigger: ".o_arrow_button_current:contains(Frozen)"},
        {trigger: ".o_data_row:contains(Calls):contains(Green) button[name=action_open_facts]", run: "click"},
        {trigger: ".o_breadcrumb:contains(Calls)"},
        {trigger: ".o_data_row:contains(Deal)"},
        {trigger: ".o_data_row:not(:contains(Secret))"},
    ],
});

// the payroll clerk pays the month
tours.add("sales_discipline_pay", {
    steps: () => [
        {trigger: ".o_list_button_add, .o-kanban-button-new", run: "click"},
        {trigger: ".o_form_editable .o_field_widget[name=date_from]"},
        {trigger: "button[name=action_compute]", run: "click"},
        {trigger: ".o_data_row:contains(Anna)"},
        {trigger: "button[name=action_confirm]", run: "click"},
        {trigger: ".modal-footer .btn-primary", run: "click"},
        {trigger: ".o_arrow_button_current:contains(Confirmed)"},
        {trigger: "button[name=action_paid]"},
    ],
});

// and the salesperson reads what the points came to
tours.add("sales_discipline_my_pay", {
    steps: () => [
        {trigger: ".o_data_row .o_data_cell, .o_kanban_record", run: "click"},
        {trigger: ".o_form_view:contains(points)"},
    ],
});
