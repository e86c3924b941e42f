import {Component, useEffect, useRef} from "@odoo/owl";
import {POINTS, formatPercent, getState, zoneLabel} from "./board_parts";
import {ZONE_COLORS, ZONE_ICONS} from "../fields/state_field";
import {keepOneStop, walkGrid} from "./grid_keys";
import {NO_DATA} from "../fields/measure";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate} from "@web/core/l10n/dates";
import {formatValue} from "../kpi_page/kpi_parts";

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

/** Everybody's days of a month as a map of colours, signs and numbers. */
export class HeatMap extends Component {
    static template = "sales_discipline.HeatMap";
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

    get days() {
        return this.props.page.days.map(({date, is_off: isOff}) => {
            const day = deserializeDate(date);
            return {
                date,
                isOff,
                number: day.day,
                weekday: day.toLocaleString({weekday: "narrow"}),
                label: day.toLocaleString({weekday: "long", day: "numeric", month: "long"}),
                isToday: date === this.props.page.today,
            };
        });
    }

    format(found) {
        const value = found[this.props.shows];
        if (value === null || value === undefined) {
            return NO_DATA;
        }
        return this.props.shows === "points" ? formatValue(value, POINTS) : formatPercent(value);
    }

    /** One day of somebody, or of a team. */
    describe(name, day, found) {
        if (!found || !found.zone) {
            const {icon, label} = getFree(found ? found.state : "none");
            return {
                icon,
                value: "",
                color: found?.state === "future" ? "" : "o_discipline_heat_free",
                title: `${day.label}: ${label}`,
            };
        }
        const state = found.state && found.state !== "frozen" && getState(found.state);
        const number = {
            efficiency: _t("efficiency %s", formatPercent(found.efficiency)),
            points: _t("%s points", found.points === null ? NO_DATA : formatValue(found.points, POINTS)),
        };
        const parts = [
            `${name}, ${day.label}`,
            number.efficiency,
            number.points,
            zoneLabel(found.zone),
            state?.label,
        ];
        return {
            icon: found.state === "excused" ? state.icon : ZONE_ICONS[found.zone] || "fa-minus-circle",
            value: found.state === "excused" ? "" : this.format(found),
            color: ZONE_COLORS[found.zone] || "o_discipline_heat_free",
            title: parts.filter(Boolean).join(" · "),
            isOpen: found.state === "open",
        };
    }

    cells(row, name) {
        return this.days.map((day) => ({
            day,
            found: row.days[day.date],
            shown: this.describe(name, day, row.days[day.date]),
        }));
    }

    zone(row) {
        return {icon: ZONE_ICONS[row.zone], color: ZONE_COLORS[row.zone], label: zoneLabel(row.zone)};
    }

    people(total) {
        return _t("%s people", total.people);
    }
}
