import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const aside = ".o_discipline_kpi_aside";

// a salesperson looks at the month, walks through it by keyboard, and opens what was counted
tours.add("sales_discipline_kpi_own", {
    steps: () => [
        {trigger: ".o_discipline_kpi_efficiency:contains(55%)"},
        {trigger: "body:not(:has(.o_discipline_kpi_person))"},
        {trigger: ".o_discipline_kpi_row.table-active:contains(Calls) .o_discipline_kpi_tick"},
        {trigger: `${aside}:contains(All phone calls done) canvas`},
        {
            trigger: ".o_discipline_kpi_row.table-active",
            run: ({anchor}) => {
                anchor.focus();
                anchor.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowDown", bubbles: true}));
            },
        },
        {trigger: `${aside} h3:contains(Companies Added)`},
        {trigger: ".o_discipline_kpi_row:contains(Calls)", run: "click"},
        {trigger: `${aside} h3:contains(Calls)`},
        {trigger: `${aside} .o_discipline_kpi_open`, run: "click"},
        {trigger: ".o_breadcrumb:contains(Calls)"},
        {trigger: ".o_data_row:contains(Deal)"},
        {trigger: ".breadcrumb-item:contains(KPI) a", run: "click"},
        {trigger: ".o_discipline_kpi_row.table-active:contains(Calls)"},
        {trigger: ".o_discipline_kpi_previous", run: "click"},
        {trigger: ".o_discipline_kpi_empty:contains(no scorecard) button", run: "click"},
        {trigger: ".o_discipline_kpi_period:contains(March 2026)"},
        {trigger: "button[data-period=day]", run: "click"},
        {trigger: ".o_discipline_kpi_empty:contains(another period)"},
    ],
});

// a leader chooses somebody of the team, and looks at the card itself
tours.add("sales_discipline_kpi_team", {
    steps: () => [
        {trigger: ".o_discipline_kpi_person .o_select_menu_toggler:contains(Lena)", run: "click"},
        {trigger: ".o_select_menu_menu:contains(Boris):not(:contains(Carla))"},
        {trigger: ".o_select_menu_item:contains(Anna)", run: "click"},
        {trigger: ".o_discipline_kpi_efficiency:contains(55%)"},
        {trigger: ".o_discipline_kpi_person .o_select_menu_toggler:contains(Anna)"},
        {trigger: ".o_control_panel button:contains(Scorecard)", run: "click"},
        {trigger: ".o_form_view .o_arrow_button_current:contains(Open)"},
        {trigger: "button[name=action_open_kpi_page]", run: "click"},
        {trigger: ".o_discipline_kpi_efficiency:contains(55%)"},
    ],
});

// on a telephone the indicators are cards that unfold
tours.add("sales_discipline_kpi_mobile", {
    steps: () => [
        {trigger: ".o_discipline_kpi_card:contains(Calls) > button", run: "click"},
        {trigger: ".o_discipline_kpi_card:contains(Calls) .o_discipline_kpi_open"},
        {trigger: ".o_discipline_kpi_card:contains(Calls) canvas"},
        {trigger: ".o_discipline_kpi_card:contains(Companies) > button", run: "click"},
        {trigger: ".o_discipline_kpi_card:contains(Calls):not(:has(canvas))"},
    ],
});
