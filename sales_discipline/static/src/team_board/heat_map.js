import {Component, useEffect, useRef} from "@odoo/owl";
import {POINTS, formatPeople, formatPercent, getState} from "./board_parts";
import {ZONE_COLORS, ZONE_ICONS} from "../fields/state_field";
import {keepOneStop, walkGrid} from "./grid_keys";
import {NO_DATA} from "../fields/measure";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate} from "@web/core/l10n/dates";
import {formatValue, zoneLabel} from "../kpi_page/kpi_parts";

/** Why there is no scorecard on a day, as an icon and a word. */
function getFree(state) {
    return {
        off: {icon: "", label: _t("Day off")},
        holiday: {icon: "fa-flag-o", label: _t("Public holiday")},
        leave: {icon: "fa-plane", label: _t("On leave")},
        none: {icon: "fa-ban", label: _t("No plan")},
        future: {icon: "", label: _t("Not begun")},
    }[state];
}

/** What is shown of one day of somebody, or of a team. */
function describeDay(found, day, name, shows) {
    if (!found?.zone) {
        const {icon, label} = getFree(found ? found.state : "none");
        const color = found?.state === "future" ? "" : "o_discipline_heat_free";
        return {icon, value: "", color, title: `${name}, ${day.label}: ${label}`};
    }
    const state = found.state && found.state !== "frozen" && getState(found.state);
    const parts = [
        `${name}, ${day.label}`,
        _t("efficiency %s", formatNumber(found, "efficiency")),
        _t("%s points", formatNumber(found, "points")),
        zoneLabel(found.zone),
        state?.label,
    ];
    const isExcused = found.state === "excused";
    return {
        icon: isExcused ? state.icon : ZONE_ICONS[found.zone] || "fa-minus-circle",
        value: isExcused ? "" : formatNumber(found, shows),
        color: ZONE_COLORS[found.zone] || "o_discipline_heat_free",
        title: parts.filter(Boolean).join(" · "),
        isOpen: found.state === "open",
    };
}

function formatNumber(found, shows) {
    const value = found[shows];
    if (value === null || value === undefined) {
        return NO_DATA;
    }
    return shows === "points" ? formatValue(value, POINTS) : formatPercent(value);
}

/** The days of one person. */
export class HeatRow extends Component {
    static template = "sales_discipline.HeatRow";
    static props = {row: Object, days: Array, shows: String, month: String, openPerson: Function};

    get name() {
        return this.props.row.name;
    }

    get cells() {
        const {row, days, shows} = this.props;
        return days.map((day) => {
            const found = row.days[day.date];
            return {day, found, shown: describeDay(found, day, this.name, shows)};
        });
    }

    get sum() {
        const {row, shows} = this.props;
        return {
            icon: ZONE_ICONS[row.zone],
            color: ZONE_COLORS[row.zone],
            label: zoneLabel(row.zone),
            value: formatNumber(row, shows),
        };
    }
}

/** The days of a team, or of everybody. */
export class HeatTotal extends HeatRow {
    static template = "sales_discipline.HeatTotal";
    static props = {
        row: Object,
        name: String,
        days: Array,
        shows: String,
        isOpen: {type: Boolean, optional: true},
        toggle: {type: Function, optional: true},
    };

    get name() {
        return this.props.name;
    }

    get people() {
        return formatPeople(this.props.row.people);
    }
}

/** Everybody's days of a month as a map of colours, signs and numbers. */
export class HeatMap extends Component {
    static template = "sales_discipline.HeatMap";
    static components = {HeatRow, HeatTotal};
    static props = {
        page: Object,
        groups: Array,
        total: [Object, Boolean],
        shows: String, // efficiency or points
        closed: Object,
        toggle: Function,
        openDay: Function,
        openPerson: Function,
    };

    setup() {
        this.table = useRef("table");
        useEffect(() => keepOneStop(this.table.el));
    }

    onKeydown(ev) {
        walkGrid(ev);
    }

    /** The same array as long as the month is the same. */
    get days() {
        const {page} = this.props;
        if (this.known?.page !== page) {
            this.known = {page, days: page.days.map((day) => this.describeHead(day))};
        }
        return this.known.days;
    }

    describeHead({date, is_off: isOff}) {
        const day = deserializeDate(date);
        const isToday = date === this.props.page.today;
        return {
            date,
            number: day.day,
            weekday: day.toLocaleString({weekday: "narrow"}),
            label: day.toLocaleString({weekday: "long", day: "numeric", month: "long"}),
            color: isToday ? "text-bg-primary" : isOff ? "o_discipline_heat_free" : "",
        };
    }
}
