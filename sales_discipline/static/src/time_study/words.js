import {_t} from "@web/core/l10n/translation";
import {deserializeDate} from "@web/core/l10n/dates";

/** What one tap adds, in minutes. */
export const AMOUNTS = [5, 15, 30, 60];

export function getKinds() {
    return {selling: _t("Selling"), servicing: _t("Servicing"), other: _t("Other")};
}

/**
 * Minutes as people say them: 45 min, 2 h, 7 h 30 min.
 *
 * @param {number} minutes
 * @returns {string}
 */
export function formatMinutes(minutes) {
    const hours = Math.floor(minutes / 60);
    const rest = minutes % 60;
    if (!hours) {
        return _t("%s min", rest);
    }
    return rest ? _t("%(h)s h %(m)s min", {h: hours, m: rest}) : _t("%s h", hours);
}

/**
 * Seconds as a clock shows them: 0:07, 12:30, 1:05:09.
 *
 * @param {number} seconds
 * @returns {string}
 */
export function formatClock(seconds) {
    const two = (number) => String(number).padStart(2, "0");
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
    return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export function formatDay(date, format = {weekday: "long", day: "numeric", month: "long"}) {
    return deserializeDate(date).toLocaleString(format);
}
