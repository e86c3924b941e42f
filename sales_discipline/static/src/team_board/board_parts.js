import {CHANGE_COLORS, TREND_ICONS, ZONE_COLORS, ZONE_ICONS} from "../fields/state_field";
import {formatShort, formatValue, zoneLabel} from "../kpi_page/kpi_parts";
import {Component} from "@odoo/owl";
import {NO_DATA} from "../fields/measure";
import {_t} from "@web/core/l10n/translation";

export const POINTS = {unit: "score"};
export const PERCENT = {unit: "percent"};

/** The state of somebody's scorecard as an icon and a word. */
export function getState(state) {
    return {
        open: {icon: "fa-unlock", label: _t("Open")},
        frozen: {icon: "fa-lock", label: _t("Frozen")},
        excused: {icon: "fa-bed", label: _t("Excused")},
        absent: {icon: "fa-plane", label: _t("Not at work")},
        waiting: {icon: "fa-hourglass-start", label: _t("Not opened yet")},
        none: {icon: "fa-ban", label: _t("No plan")},
        future: {icon: "fa-calendar-o", label: _t("Not begun")},
    }[state];
}

/** A difference; of percentages in percentage points. */
export function formatSigned(value, column, currencyId) {
    const sign = value > 0 ? "+" : "";
    if (column.unit === "percent") {
        return _t("%s pp", `${sign}${formatValue(Math.round(value), POINTS)}`);
    }
    return `${sign}${formatShort(value, column, currencyId)}`;
}

/** A whole percentage: nobody compares people by fractions of it. */
export function formatPercent(value) {
    return value === null || value === undefined ? NO_DATA : formatValue(Math.round(value), PERCENT);
}

/**
 * What is shown of one cell of the board.
 *
 * @param {object} cell
 * @param {object} column
 * @param {number|boolean} currencyId
 * @returns {object}
 */
export function describeCell(cell, column, currencyId) {
    const format = (value) => formatShort(value, column, currencyId);
    const direction = {up: _t("up"), down: _t("down"), flat: _t("as before")}[cell.trend];
    const parts = [
        _t("%(name)s: %(fact)s of %(plan)s", {
            name: column.name,
            fact: format(cell.fact),
            plan: format(cell.target),
        }),
        zoneLabel(cell.zone),
        direction,
        cell.change !== null &&
            _t("%s against the period before", formatSigned(cell.change, column, currencyId)),
        cell.adjusted && _t("adjusted by a leader"),
        cell.late && _t("some was entered late"),
    ];
    return {
        fact: format(cell.fact),
        plan: format(cell.target),
        change: cell.change === null ? NO_DATA : formatSigned(cell.change, column, currencyId),
        icon: ZONE_ICONS[cell.zone] || "fa-minus-circle",
        color: ZONE_COLORS[cell.zone] || "",
        trendIcon: TREND_ICONS[cell.trend],
        trendColor: CHANGE_COLORS[cell.is_better] || "text-muted",
        title: parts.filter(Boolean).join(" · "),
    };
}

/** One row of the board: a person, or the total of several. */
export class BoardRow extends Component {
    static template = "sales_discipline.BoardRow";
    static props = {
        person: Object,
        columns: Array,
        compare: Boolean,
        open: Function, // what was counted in a cell
        openPerson: Function,
    };

    get person() {
        return this.props.person;
    }

    get state() {
        return getState(this.person.state);
    }

    /** A frozen card is what one expects, everything else is said. */
    get isSpecial() {
        return !["frozen", "open"].includes(this.person.state) || this.person.trial;
    }

    get zone() {
        const {zone} = this.person;
        return {
            icon: ZONE_ICONS[zone] || "fa-minus-circle",
            color: ZONE_COLORS[zone],
            label: zoneLabel(zone),
        };
    }

    get cells() {
        const {cells, currency_id: currency} = this.person;
        return this.props.columns.map((column) => ({
            key: column.key,
            column,
            cell: cells[column.key],
            shown: cells[column.key] && describeCell(cells[column.key], column, currency),
        }));
    }

    get efficiency() {
        return formatPercent(this.person.efficiency);
    }

    get points() {
        return formatValue(this.person.points, POINTS);
    }

    signed(value, unit) {
        return value === null || value === undefined ? NO_DATA : formatSigned(value, unit);
    }

    get pointsChange() {
        return this.signed(this.person.points_change, POINTS);
    }

    get efficiencyChange() {
        return this.signed(this.person.efficiency_change, PERCENT);
    }
}

/**
 * @param {number} count
 * @returns {string}
 */
export function formatPeople(count) {
    return count === 1 ? _t("1 person") : _t("%s people", count);
}

/** The total of a team, or of everybody. */
export class BoardTotal extends BoardRow {
    static template = "sales_discipline.BoardTotal";
    static props = {
        total: Object,
        name: String,
        columns: Array,
        compare: Boolean,
        isOpen: {type: Boolean, optional: true},
        toggle: {type: Function, optional: true},
    };

    get person() {
        return this.props.total;
    }

    get people() {
        return formatPeople(this.person.people);
    }
}
