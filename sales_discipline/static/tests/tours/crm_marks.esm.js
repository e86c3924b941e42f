import {registry} from "@web/core/registry";

const card = (name) => `.o_kanban_record:contains(${name})`;

// a salesperson finds the deal that lacks a next step, and plans one where it says so
registry.category("web_tour.tours").add("sales_discipline_crm_marks", {
    steps: () => [
        {trigger: `${card("Bare deal")} .o_discipline_marks:contains(No next step)`},
        {trigger: `${card("Planned deal")}:not(:has(.badge:contains(No next step)))`},
        {trigger: ".o_searchview_dropdown_toggler", run: "click"},
        {trigger: ".o_filter_menu .dropdown-item:contains(No Next Step)", run: "click"},
        {trigger: `body:not(:has(${card("Planned deal")})) ${card("Bare deal")}`, run: "click"},
        {trigger: ".o_discipline_lacks button:contains(Plan the Next Step)", run: "click"},
        {trigger: ".modal .o_field_widget[name=summary] input", run: "edit Send the offer"},
        {trigger: ".modal button[name=action_schedule_activities]", run: "click"},
        {trigger: ".o_discipline_lacks:not(:contains(Nothing is planned))"},
    ],
});
