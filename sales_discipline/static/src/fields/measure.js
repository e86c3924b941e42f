import {formatFloat, formatMonetary} from "@web/views/fields/formatters";
import {_t} from "@web/core/l10n/translation";
import {user} from "@web/core/user";

export const NO_DATA = "–";

/**
 * A measured number in the unit of its metric: 12, $ 491,970, $ 0.50, 83.5%, 15 min.
 *
 * @param {number} value
 * @param {string} unit of the metric: count, money, percent, minutes or score
 * @param {number} [currencyId] of a money metric; the company's by default
 * @returns {string}
 */
export function formatMeasure(value, unit, currencyId) {
    if (unit === "money") {
        return formatMonetary(value, {
            currencyId: currencyId || user.activeCompany.currency_id,
            trailingZeros: Math.round(value * 100) % 100 !== 0, // cents if there are any, never half of them
        });
    }
    const number = formatFloat(value, {digits: [16, unit === "count" ? 2 : 1], trailingZeros: false});
    if (unit === "percent") {
        return `${number}%`;
    }
    return unit === "minutes" ? _t("%s min", number) : number;
}

/**
 * Whether a record has no data for a number. Null comes to the browser as 0.0, so another field has to say it.
 *
 * @param {object} record
 * @param {string} name of a selection, of which 'none' means no data
 * @returns {boolean}
 */
export function hasNoData(record, name) {
    return record.data[name] === "none";
}
