import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const score = (name) => `.o_data_row:contains(${name}) input.o_discipline_score`;

// an expert who is a plain salesperson scores whom they have to, row after row, an explicit 0 included
tours.add("sales_discipline_assess", {
    steps: () => [
        {trigger: score("Anna"), run: "edit 0 && press Enter"},
        {trigger: ".o_data_row:contains(Anna) .badge:contains(/^Scored$/)"},
        {trigger: score("Boris"), run: "edit 101 && press Tab"},
        {trigger: ".o_data_row:contains(Boris) .o_field_invalid"},
        {trigger: score("Boris"), run: "edit 75.5 && press Tab"},
        {trigger: ".o_data_row:contains(Boris) .badge:contains(/^Scored$/)"},
        {trigger: ".o_data_row:contains(Boris) .o_data_cell[name=comment]", run: "click"},
        {
            trigger:
                ".o_selected_row .o_field_widget[name=comment] textarea, .o_selected_row [name=comment] input",
            run: "edit Fine",
        },
        {trigger: ".o_list_button_save", run: "click"},
        {trigger: ".o_data_row:contains(Boris):contains(Fine):not(.o_selected_row)"},
    ],
});

// and another one on the phone
tours.add("sales_discipline_assess_phone", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(Lena) input.o_discipline_score",
            run: "edit 88 && press Enter",
        },
        {trigger: ".o_kanban_record:contains(Lena) i.fa-check"},
    ],
});
