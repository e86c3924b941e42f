import {AMOUNTS, formatDay, formatMinutes, getKinds} from "./words";
import {Component, onWillStart, useExternalListener, useState} from "@odoo/owl";
import {NO_DATA, formatMeasure} from "../fields/measure";
import {TimeClock, TimeEstimate} from "./time_parts";
import {fromServer} from "../page/action";
import {KeepLast} from "@web/core/utils/concurrency";
import {Page} from "../page/page";
import {TimeDialog} from "./time_dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useProgress} from "../my_day/progress_service";
import {useService} from "@web/core/utils/hooks";

const MODEL = "discipline.time.study";

/** Where one's day goes, entered in seconds: a tap starts or stops a timer, or adds some minutes. */
export class TimeStudy extends Component {
    static template = "sales_discipline.TimeStudy";
    static components = {Page, TimeClock, TimeEstimate};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.display = {controlPanel: {}};
        this.latest = new KeepLast();
        this.amounts = AMOUNTS;
        this.state = useState({page: null, said: "", busy: false});
        useProgress(() => this.load(this.page.date).catch(() => {}));
        useExternalListener(window, "keydown", (ev) => this.onKey(ev));
        onWillStart(() => this.load());
    }

    get page() {
        return this.state.page;
    }

    async load(day = false) {
        this.show(await this.latest.add(this.orm.silent.call(MODEL, "get_time_page", [day])));
    }

    show(page) {
        this.state.page = page;
        for (const entry of page.cut || []) {
            this.notification.add(
                _t(
                    "The timer “%(name)s” of %(day)s had been forgotten: %(minutes)s are counted, up to the end of your working day. Correct them if that is wrong.",
                    {name: entry.category, day: formatDay(entry.date), minutes: formatMinutes(entry.minutes)}
                ),
                {type: "warning", sticky: true}
            );
        }
    }

    /** One tap, one request; a second tap waits until the first is stored. */
    async call(method, args, said) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            this.show(await this.orm.call(MODEL, method, args));
            this.state.said = said || "";
        } finally {
            this.state.busy = false;
        }
    }

    // ------------------------------------------------------------
    // What is written
    // ------------------------------------------------------------

    get kinds() {
        const labels = getKinds();
        const rows = this.page.categories.filter((row) => row.is_active);
        return Object.keys(labels)
            .map((kind) => ({kind, label: labels[kind], rows: rows.filter((row) => row.kind === kind)}))
            .filter(({rows: found}) => found.length);
    }

    /** The number key that starts a category's timer. */
    getKey(row) {
        const index = this.page.categories.filter(({is_active: active}) => active).indexOf(row);
        return index < 9 ? index + 1 : "";
    }

    get shown() {
        return this.page.days.find((day) => day.date === this.page.date);
    }

    get isToday() {
        return this.page.date === this.page.today;
    }

    get parts() {
        return this.page.categories.filter((row) => row.minutes);
    }

    minutes(value) {
        return formatMinutes(value);
    }

    percent(value) {
        return value === null ? NO_DATA : formatMeasure(value, "percent");
    }

    toggleTitle(row) {
        return row.is_running ? _t("Stop the timer") : _t("Start the timer");
    }

    addLabel(row, amount) {
        return amount
            ? _t("Add %(minutes)s: %(name)s", {minutes: formatMinutes(amount), name: row.name})
            : _t("Add minutes: %s", row.name);
    }

    editLabel(entry) {
        return _t("Correct: %s", entry.category);
    }

    removeLabel(entry) {
        return _t("Remove: %s", entry.category);
    }

    dayLabel(date) {
        return formatDay(date);
    }

    weekday(date) {
        return formatDay(date, {weekday: "short"});
    }

    dayTitle(day) {
        const words = {day: formatDay(day.date), done: formatMinutes(day.minutes)};
        return day.planned
            ? _t("%(day)s: %(done)s of %(planned)s entered", {...words, planned: formatMinutes(day.planned)})
            : _t("%(day)s: %(done)s entered", words);
    }

    // ------------------------------------------------------------
    // What can be done
    // ------------------------------------------------------------

    onKey(ev) {
        const isTyping = ev.target.closest?.("input, textarea, select, [contenteditable], .modal");
        if (isTyping || ev.ctrlKey || ev.altKey || ev.metaKey || ev.shiftKey || !this.page.study) {
            return;
        }
        const row = this.page.categories.filter(({is_active: active}) => active)[Number(ev.key) - 1];
        if (ev.key === "0" && this.page.timer) {
            this.stop();
        } else if (row && this.canTime) {
            this.toggle(row);
        }
    }

    get canTime() {
        return this.isToday && !this.page.estimate.asked && !this.page.study.is_over;
    }

    toggle(row) {
        return row.is_running ? this.stop() : this.start(row);
    }

    start(row) {
        return this.call("start_timer", [row.id], _t("The timer “%s” runs", row.name));
    }

    stop() {
        return this.call("stop_timer", [], _t("The timer is stopped"));
    }

    async add(row, minutes) {
        const words = {name: row.name, minutes: formatMinutes(minutes)};
        await this.call(
            "add_time",
            [row.id, minutes, this.page.date],
            _t("%(name)s: %(minutes)s added", words)
        );
        this.offerUndo(_t("%(name)s: %(minutes)s added", words), "remove_entry", this.page.added);
    }

    async remove(entry) {
        await this.call("remove_entry", [entry.id], _t("Removed"));
        this.offerUndo(_t("%s removed", formatMinutes(entry.minutes)), "restore_entry", entry.id);
    }

    offerUndo(text, method, entryId) {
        this.closeUndo?.();
        this.closeUndo = this.notification.add(text, {
            type: "success",
            buttons: [
                {
                    name: _t("Undo"),
                    onClick: () => {
                        this.closeUndo();
                        this.call(method, [entryId], _t("Undone"));
                    },
                },
            ],
        });
    }

    edit(entry) {
        this.dialog.add(TimeDialog, {
            entry,
            categories: this.page.categories,
            days: this.page.days.filter((day) => !day.is_future),
            save: (values) => this.call("change_entry", [entry.id, values], _t("Corrected")),
        });
    }

    setEstimate(percent) {
        return this.call("set_estimate", [percent], _t("Thank you"));
    }

    async openResult(studyId) {
        const action = await this.orm.call(MODEL, "action_open_result", [[studyId]]);
        return this.action.doAction(fromServer(action));
    }

    openStudies() {
        return this.action.doAction("sales_discipline.discipline_time_study_action");
    }
}

registry.category("actions").add("sales_discipline.time_study", TimeStudy);
