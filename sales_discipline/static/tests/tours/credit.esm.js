import {registry} from "@web/core/registry";

// a salesperson shares a deal that two have won
registry.category("web_tour.tours").add("sales_discipline_credit", {
    steps: () => [
        {trigger: "button[name=action_share_credit]", run: "click"},
        {trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:contains(Anna)"},
        {trigger: ".modal .o_field_x2many_list_row_add a", run: "click"},
        {trigger: ".modal .o_selected_row .o_field_widget[name=user_id] input", run: "edit Boris"},
        {trigger: ".o-autocomplete--dropdown-item a:contains(Boris)", run: "click"},
        {trigger: ".modal .o_selected_row .o_field_widget[name=percent] input", run: "edit 40 && press Tab"},
        {trigger: ".modal .text-danger:contains(has to be 100)"},
        {trigger: ".modal:not(:has(button[name=action_apply]))"},
        {trigger: ".modal button[name=action_split_evenly]", run: "click"},
        {trigger: ".modal .o_data_row:contains(Boris):contains(50.00)"},
        {trigger: ".modal button[name=action_apply]", run: "click"},
        {trigger: ".o_field_widget[name=credit_summary]:contains(Anna 50 %, Boris 50 %)"},
    ],
});
