import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// a leader opens the records of a signal, comes back, and says what became of it
tours.add("sales_discipline_signals", {
    steps: () => [
        {trigger: ".o_data_row:contains(Anna) button[name=action_open_records]", run: "click"},
        {trigger: ".o_pager_limit:contains(/^10$/)"},
        {trigger: ".breadcrumb-item.o_back_button a, .o_back_button", run: "click"},
        {trigger: ".o_data_row:contains(Anna) .o_data_cell[name=explanation]", run: "click"},
        {trigger: ".o_form_view .alert-info:contains(10 activities)"},
        {
            trigger: ".o_field_widget[name=comment] textarea",
            run: "edit She has written down the day of a colleague",
        },
        {trigger: "button[name=action_confirm]", run: "click"},
        {trigger: ".o_arrow_button_current:contains(Confirmed)"},
        {trigger: "button[name=action_reopen]", run: "click"},
        {trigger: ".o_arrow_button_current:contains(New)"},
        {trigger: "button[name=action_harmless]", run: "click"},
        {trigger: ".o_arrow_button_current:contains(Harmless)"},
    ],
});

// and answers spot checks with the telephone in the other hand
tours.add("sales_discipline_spot_checks", {
    steps: () => [
        {trigger: ".o_kanban_record a[href^='tel:']"},
        {trigger: ".o_kanban_record:contains(Client 1) button[name=action_confirmed]", run: "click"},
        {trigger: ".o_kanban_renderer:not(:contains(Client 1))"},
        {trigger: ".o_kanban_record:contains(Client 2) button[name=action_unreachable]", run: "click"},
        {trigger: ".o_kanban_record:contains(Client 2) .badge:contains(Not Reached)"},
        {trigger: ".o_kanban_record:contains(Client 2) button[name=action_denied]", run: "click"},
        {trigger: ".o_view_nocontent_smiling_face:contains(Nothing to verify)"},
    ],
});
