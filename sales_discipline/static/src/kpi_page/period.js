import {deserializeDate, serializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";

/**
 * A day, a week or a month as people write it.
 *
 * @param {object} page with period, date_from and date_to
 * @returns {string}
 */
export function getPeriodLabel(page) {
    const {period, date_from, date_to} = page;
    const [first, last] = [deserializeDate(date_from), deserializeDate(date_to)];
    if (period === "day") {
        return first.toLocaleString({weekday: "long", day: "numeric", month: "long", year: "numeric"});
    }
    if (period === "week") {
        const short = {day: "numeric", month: "short"};
        const dates = `${first.toLocaleString(short)} – ${last.toLocaleString({...short, year: "numeric"})}`;
        return _t("Week %(number)s, %(dates)s", {number: first.weekNumber, dates});
    }
    return first.toFormat("LLLL yyyy");
}

/** The first day of the period with a card before this one, else the day before. */
export function getPreviousDate({previous_date, date_from}) {
    return previous_date || serializeDate(deserializeDate(date_from).minus({days: 1}));
}

/** The first day of the period with a card after this one, else the day after; false in the future. */
export function getNextDate({next_date, date_to, today}) {
    const after = serializeDate(deserializeDate(date_to).plus({days: 1}));
    return next_date || (after <= today && after);
}
