import {NO_DATA} from "../fields/measure";
import {_t} from "@web/core/l10n/translation";
import {formatMonetary} from "@web/views/fields/formatters";
import {formatShort} from "../kpi_page/kpi_parts";

/**
 * What is left to do on an indicator: 12 more.
 *
 * @param {object} line of a scorecard of My Day
 * @param {number|boolean} currencyId
 * @returns {string}
 */
export function leftInWords(line, currencyId) {
    const {left, unit} = line;
    if (left === null) {
        return _t("No data yet");
    }
    if (!left) {
        return line.higher_is_better ? _t("Done") : _t("Within the limit");
    }
    if (unit === "percent" || unit === "score") {
        const target = formatShort(line.target, line, currencyId);
        return line.higher_is_better ? _t("%s to reach", target) : _t("%s at most", target);
    }
    const amount = formatShort(left, line, currencyId);
    return line.higher_is_better ? _t("%s more", amount) : _t("%s too many", amount);
}

/**
 * @param {number|null} value
 * @param {Function} format of what has no sign
 * @returns {string}
 */
function signed(value, format) {
    if (value === null || value === undefined) {
        return NO_DATA;
    }
    const sign = value > 0 ? "+" : value < 0 ? "−" : "";
    return `${sign}${format(Math.abs(value))}`;
}

/**
 * Points with their sign: +1, −2.
 *
 * @param {number|null} points
 * @returns {string}
 */
export function formatPoints(points) {
    return signed(points, (value) => formatShort(value, {unit: "score"}));
}

/**
 * Money with its sign, without cents that are none.
 *
 * @param {number|null} amount
 * @param {number|boolean} currencyId
 * @returns {string}
 */
export function formatMoney(amount, currencyId) {
    return signed(amount, (value) => formatMonetary(value, {currencyId, trailingZeros: false}));
}

/**
 * How long until a moment: 2 d 3 h, 3 h 12 min, 12:05.
 *
 * @param {number} seconds
 * @returns {string}
 */
export function formatRemaining(seconds) {
    const left = Math.max(0, Math.ceil(seconds));
    const [days, hours, minutes] = [left / 86400, (left % 86400) / 3600, (left % 3600) / 60].map(Math.floor);
    if (days) {
        return _t("%(days)s d %(hours)s h", {days, hours});
    }
    if (hours) {
        return _t("%(hours)s h %(minutes)s min", {hours, minutes});
    }
    return `${minutes}:${String(left % 60).padStart(2, "0")}`;
}
