import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const menu = (xmlid) => `[data-menu-xmlid='sales_discipline.${xmlid}']`;

// For people: each step is pointed at and waits for a click on it. None of them changes anything.
tours.add("sales_discipline_my_day_tour", {
    steps: () => [
        {
            trigger: ".o_discipline_day_date",
            content: _t(
                "Your working day, and how long it lasts until your scorecard closes. Click to go on."
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_discipline_day_tiles",
            content: _t("Your points: of today so far, of your last day, of this week and month."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_discipline_day_main > *",
            content: _t("What your plan asks of you today, how much is left, and what it is worth."),
            tooltipPosition: "top",
            run: "click",
        },
        {
            trigger: ".o_discipline_day_side > *",
            content: _t("What is due or lacks a next step. You can do it, move it or plan it right here."),
            tooltipPosition: "top",
            run: "click",
        },
        {
            trigger: ".o_discipline_day_log",
            content: _t("Just made a call that nobody had planned? Log it here, and it counts."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".modal-header .btn-close, .modal-header .oi-arrow-left",
            content: _t("That is all it takes. Close it for now."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {trigger: "body:not(:has(.modal))"},
        {
            isActive: ["desktop"],
            trigger: `.o_menu_sections ${menu("menu_discipline")}`,
            content: _t("Weeks, months and everything else are in this menu."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: `.dropdown-item${menu("menu_kpi")}`,
            content: _t("Your KPIs, with their history."),
            tooltipPosition: "right",
            run: "click",
        },
        {isActive: ["desktop"], trigger: ".o_discipline_kpi"},
    ],
});

tours.add("sales_discipline_morning_tour", {
    steps: () => [
        {
            trigger: ".o_discipline_morning_day",
            content: _t("The days that this morning looks back on. Click to go on."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_discipline_morning_sections > *",
            content: _t(
                "What went wrong and what waits for you, the most urgent first, each with what to do about it."
            ),
            tooltipPosition: "top",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: `.o_menu_sections ${menu("menu_discipline")}`,
            content: _t("The whole team is one click away."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: `.dropdown-item${menu("menu_team_board")}`,
            content: _t("People and indicators side by side, of a day, a week or a month."),
            tooltipPosition: "right",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_discipline_board_choice",
            content: _t(
                "Choose the period and the team. A click on a number opens what was counted, one on a name their KPIs."
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
    ],
});
