import {CHANGE_COLORS, TREND_ICONS, ZONE_COLORS, ZONE_ICONS} from "../fields/state_field";
import {NO_DATA, formatMeasure} from "../fields/measure";
import {Component} from "@odoo/owl";
import {formatMonetary} from "@web/views/fields/formatters";
import {_t} from "@web/core/l10n/translation";

/** The periods that a page of scorecards can show, as [value, label]. */
export function getPeriods() {
    return [
        ["day", _t("Day")],
        ["week", _t("Week")],
        ["month", _t("Month")],
    ];
}

const BAR_COLORS = {green: "bg-success", yellow: "bg-warning", red: "bg-danger"};

/**
 * A number of the page in the unit of its line; a dash for no data.
 *
 * @param {number|null} value
 * @param {object} line with its unit
 * @param {number|boolean} currencyId
 * @returns {string}
 */
export function formatValue(value, line, currencyId) {
    return value === null || value === undefined ? NO_DATA : formatMeasure(value, line.unit, currencyId);
}

/**
 * The same where many numbers stand side by side: thousands need no cents.
 *
 * @param {number|null} value
 * @param {object} line with its unit
 * @param {number|boolean} currencyId
 * @returns {string}
 */
export function formatShort(value, line, currencyId) {
    if (line.unit === "money" && Math.abs(value) >= 1000) {
        return formatMonetary(value, {currencyId, digits: [16, 0]});
    }
    return formatValue(value, line, currencyId);
}

/** What a zone is called, for those who do not see its colour. */
export function zoneLabel(zone) {
    return {green: _t("Green"), yellow: _t("Yellow"), red: _t("Red"), none: _t("No Data")}[zone];
}

/** A zone as an icon and a word. */
export class KpiZone extends Component {
    static template = "sales_discipline.KpiZone";
    static props = {zone: String, count: {type: Number, optional: true}};

    get icon() {
        return ZONE_ICONS[this.props.zone] || "fa-minus-circle";
    }

    get color() {
        return ZONE_COLORS[this.props.zone] || "text-bg-300";
    }

    get label() {
        return zoneLabel(this.props.zone);
    }
}

/** Where a number went, and in a word whether that is better. */
export class KpiTrend extends Component {
    static template = "sales_discipline.KpiTrend";
    static props = {trend: String, change: [String, Boolean], slots: {type: Object, optional: true}};

    get icon() {
        return TREND_ICONS[this.props.trend];
    }

    get color() {
        return CHANGE_COLORS[this.props.change];
    }

    get label() {
        return {better: _t("Better"), same: _t("Same"), worse: _t("Worse")}[this.props.change];
    }
}

/** How much of the plan is reached, with a mark where one should be by now. */
export class KpiBar extends Component {
    static template = "sales_discipline.KpiBar";
    static props = {line: Object};

    get label() {
        const {completion} = this.props.line;
        return completion === null ? NO_DATA : formatMeasure(completion, "percent");
    }

    get width() {
        return Math.max(0, Math.min(this.props.line.completion || 0, 100));
    }

    get color() {
        return BAR_COLORS[this.props.line.zone] || "bg-secondary";
    }
}

/** Where one should be by now, and how far off that one is. */
export class KpiPace extends Component {
    static template = "sales_discipline.KpiPace";
    static props = {line: Object, currencyId: [Number, Boolean]};

    get expected() {
        const {line, currencyId} = this.props;
        return _t("%s by now", formatShort(line.pace.expected, line, currencyId));
    }

    get gap() {
        const {line, currencyId} = this.props;
        const gap = formatShort(Math.abs(line.pace.ahead), line, currencyId);
        return {down: _t("%s behind", gap), flat: _t("On pace"), up: _t("%s ahead", gap)}[line.pace.trend];
    }

    get isBehind() {
        return this.props.line.pace.trend === "down";
    }
}
