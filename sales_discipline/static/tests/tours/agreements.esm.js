import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// a manager starts a program for the clients that fit, and gives its tasks to people
tours.add("sales_discipline_program", {
    steps: () => [
        {trigger: ".o_kanban_record:contains(Autumn)", run: "click"},
        {trigger: ".o_field_widget[name=candidate_count]:contains(4)"},
        {trigger: "button[name=action_start]", run: "click"},
        {trigger: ".modal-footer .btn-primary", run: "click"},
        {trigger: "body:not(:has(.modal)) .o_arrow_button_current:contains(Running)"},
        {trigger: ".o_field_widget[name=client_count]:contains(4)"},
        {trigger: ".o_notebook_headers .nav-link:contains(Clients)", run: "click"},
        {trigger: ".o_field_widget[name=client_ids] .o_data_row:contains(Big)"},
        {trigger: "button[name=action_give_tasks]", run: "click"},
        {trigger: ".modal .o_field_widget[name=new_count]:contains(3)"},
        {trigger: ".modal button[name=action_apply]", run: "click"},
        {trigger: "body:not(:has(.modal)) .o_list_view .o_group_header:contains(Anna)"},
    ],
});

// a salesperson prepares the next quarter and agrees on it with a client
tours.add("sales_discipline_forecast", {
    steps: () => [
        {trigger: ".o_control_panel button:contains(Prepare a Quarter)", run: "click"},
        {trigger: ".modal .o_data_row:contains(Big):contains(200)"},
        {trigger: ".modal .o_field_widget[name=growth] input", run: "edit 50 && press Tab"},
        {trigger: ".modal .o_data_row:contains(Big):contains(300)"},
        {trigger: ".modal button[name=action_apply]", run: "click"},
        {
            trigger: "body:not(:has(.modal)) .o_data_row:contains(Big) .o_list_record_selector input",
            run: "click",
        },
        {trigger: ".o_control_panel button[name=action_agree]", run: "click"},
        {trigger: ".o_data_row [name=state]:contains(Agreed)"},
    ],
});

// and on My Day sees what is agreed on
tours.add("sales_discipline_day_agreements", {
    steps: () => [
        {trigger: "[data-part=tasks]:contains(Five calls)"},
        {trigger: "[data-part=drafts]:contains(Big)"},
        {trigger: "[data-part=tasks] li button", run: "click"},
        {
            trigger:
                ".o_form_view .o_field_widget[name=name]:contains(Five calls), .o_form_view [name=name] input",
        },
    ],
});
