import {_t} from "@web/core/l10n/translation";

/** What the sections are called, what they mean, and what is said when there is nothing in them. */
export const SECTIONS = {
    missed: {
        icon: "fa-bullseye",
        title: _t("Missed Indicators"),
        none: _t("Everybody did what was planned"),
    },
    unreported: {
        icon: "fa-pencil-square-o",
        title: _t("Reports Not Handed In"),
        none: _t("All reports were handed in"),
    },
    late: {
        icon: "fa-clock-o",
        title: _t("Late Entries"),
        none: _t("Nothing was entered late"),
    },
    appeals: {
        icon: "fa-gavel",
        title: _t("Appeals to Decide"),
        none: _t("No appeals to decide"),
    },
    signals: {
        icon: "fa-flag-o",
        title: _t("New Signals"),
        none: _t("No new signals"),
    },
    spots: {
        icon: "fa-phone",
        title: _t("Spot Checks to Make"),
        none: _t("No spot checks to make"),
    },
    disputes: {
        icon: "fa-balance-scale",
        title: _t("Disputes to Answer"),
        none: _t("No disputes to answer"),
    },
    realism: {
        icon: "fa-line-chart",
        title: _t("Unrealistic Sales Plans"),
        none: _t("The sales plans look realistic"),
    },
    unscored: {
        icon: "fa-user-times",
        title: _t("Not Scored"),
        none: _t("Everybody is scored by a plan"),
    },
    unread: {
        icon: "fa-book",
        title: _t("Plans Not Acknowledged"),
        none: _t("Everybody has acknowledged their plan"),
    },
    untargeted: {
        icon: "fa-calendar-plus-o",
        title: _t("Targets Missing"),
        none: _t("The targets of the coming month are there"),
    },
};

/** Actions of a row: the words on the button, its icon, and whether it is the one that one would choose. */
export const ACTIONS = {
    kpi: {label: _t("KPI"), icon: "fa-bar-chart"},
    message: {label: _t("Write"), icon: "fa-comment-o", title: _t("Write a message")},
    talk: {label: _t("Plan a Talk"), icon: "fa-calendar-check-o"},
    excuse: {label: _t("Excuse"), icon: "fa-medkit"},
    late: {label: _t("Entries"), icon: "fa-list"},
    grant: {label: _t("Grant"), icon: "fa-check", primary: true},
    refuse: {label: _t("Refuse"), icon: "fa-times"},
    harmless: {label: _t("Harmless"), icon: "fa-check", primary: true},
    confirm: {label: _t("Confirm"), icon: "fa-exclamation-triangle"},
    records: {label: _t("Records"), icon: "fa-list"},
    confirmed: {label: _t("Confirmed"), icon: "fa-check", primary: true},
    denied: {label: _t("Not Confirmed"), icon: "fa-times"},
    unreachable: {label: _t("Not Reached"), icon: "fa-phone"},
    sales_plans: {label: _t("Set the Plan"), icon: "fa-sliders", primary: true},
    targets: {label: _t("Set Targets"), icon: "fa-sliders", primary: true},
    plans: {label: _t("Plans"), icon: "fa-sliders", primary: true},
    employees: {label: _t("Employees"), icon: "fa-users", primary: true},
    open: {label: _t("Open"), icon: "fa-external-link"},
};
