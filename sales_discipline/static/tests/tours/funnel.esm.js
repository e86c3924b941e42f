import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// a manager looks at the company, opens what a number counts, and comes back to where they were
tours.add("sales_discipline_funnel", {
    steps: () => [
        {trigger: ".o_funnel_title:contains(March 2026)"},
        {trigger: ".o_funnel_step[data-key=calls] .o_funnel_count:contains(/^7$/)"},
        {trigger: ".o_funnel_conversion[data-key=conversion_call_meeting]:contains(28.6%)"},
        {trigger: ".o_funnel_people tr:contains(Carla) td:contains(–)"},
        {trigger: ".o_funnel_scope", run: "selectByLabel North"},
        {trigger: ".o_funnel_step[data-key=calls] .o_funnel_count:contains(/^4$/)"},
        {trigger: ".o_funnel_people:not(:contains(Carla))"},
        {trigger: ".o_funnel_step[data-key=meetings]", run: "click"},
        {trigger: ".o_breadcrumb:contains(Meetings)"},
        {trigger: ".o_data_row:contains(Anna):contains(Meeting)"},
        {trigger: ".o_data_row:nth-child(2) .o_data_cell[name=res_name]", run: "click"},
        {trigger: ".o_form_view .o_field_widget[name=kind]:contains(Activity Done)"},
        {trigger: ".breadcrumb-item a:contains(Funnel), .o_back_button", run: "click"},
        {trigger: ".o_funnel_step[data-key=calls] .o_funnel_count:contains(/^4$/)"},
        {trigger: ".o_funnel_filters [data-name=source_id] input", run: "edit Fair"},
        {trigger: ".o-autocomplete--dropdown-item a:contains(/^Fair$/)", run: "click"},
        {trigger: ".o_funnel_empty .btn-primary:contains(Remove the filters)", run: "click"},
        {trigger: ".o_funnel_step[data-key=calls] .o_funnel_count:contains(/^4$/)"},
        {trigger: ".o_funnel_earlier", run: "click"},
        {trigger: ".o_funnel_title:contains(February 2026)"},
        {trigger: ".o_funnel_empty"},
        {trigger: ".o_funnel_period", run: "select custom"},
        {trigger: ".o_funnel_from", run: "edit 2026-03-09"},
        {trigger: ".o_funnel_empty"},
    ],
});

// a salesperson has one funnel: the own
tours.add("sales_discipline_funnel_own", {
    steps: () => [
        {trigger: ".o_funnel_step[data-key=calls] .o_funnel_count:contains(/^3$/)"},
        {trigger: ".o_funnel_scope:not(:has(option:nth-child(2)))"},
        {trigger: ".o_funnel_people:contains(Carla):not(:contains(Anna))"},
    ],
});
