import {Component, markup, onWillUpdateProps, useEffect, useRef, useState} from "@odoo/owl";
import {deserializeDate, deserializeDateTime, serializeDate} from "@web/core/l10n/dates";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {_t} from "@web/core/l10n/translation";
import {formatMeasure} from "../fields/measure";
import {useService} from "@web/core/utils/hooks";

/** What waits in the CRM, with the action beside each: activities that are due, and deals without a next step. */
export class DayTodo extends Component {
    static template = "sales_discipline.DayTodo";
    static components = {DateTimeInput};
    static props = {
        todo: Object,
        date: String, // today
        onDone: Function, // with what was done, in words
        log: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.store = useService("mail.store");
        this.root = useRef("root");
        // which form is open; what was typed stays while the lists around it are read again
        this.state = useState({id: false, form: "", text: "", date: false, busy: false, gone: []});
        onWillUpdateProps(({todo}) => {
            if (todo !== this.props.todo) {
                this.state.gone = []; // what was done here has been read by now
            }
        });
        useEffect(
            (id) => {
                if (id) {
                    this.root.el.querySelector(".o_discipline_day_form :is(textarea, button)")?.focus();
                }
            },
            () => [this.state.id, this.state.form]
        );
    }

    get sections() {
        const {overdue, planned} = this.props.todo;
        return [
            {key: "overdue", title: _t("Overdue"), icon: "fa-exclamation-triangle text-danger", ...overdue},
            {
                key: "planned",
                title: _t("Planned for Today"),
                icon: "fa-calendar-check-o text-info",
                ...planned,
            },
        ]
            .map(({rows, ...section}) => ({...section, rows: rows.filter((row) => !this.isGone(row))}))
            .filter((section) => section.rows.length);
    }

    isGone(row) {
        return this.state.gone.includes(row.id);
    }

    get isEmpty() {
        return !this.sections.length && !this.props.todo.stepless.count;
    }

    get today() {
        return deserializeDate(this.props.date);
    }

    get tomorrow() {
        return this.today.plus({days: 1});
    }

    get nextWeek() {
        return this.today.plus({weeks: 1}).startOf("week");
    }

    // ------------------------------------------------------------
    // What is written
    // ------------------------------------------------------------

    title(row) {
        return row.summary || row.type || _t("To-Do");
    }

    due(row) {
        if (row.is_overdue) {
            const days = this.today.diff(deserializeDate(row.date_deadline), "days").days;
            return days === 1 ? _t("Due yesterday") : _t("Due %s days ago", days);
        }
        if (row.start) {
            return deserializeDateTime(row.start).toFormat("HH:mm");
        }
        // within minutes; what is due by the end of the day needs no hour
        const due = row.due_at && deserializeDateTime(row.due_at);
        return due && due < this.today.endOf("day") ? _t("by %s", due.toFormat("HH:mm")) : "";
    }

    /** How to do it, as the rule says: text of an HTML field, which the server has cleaned. */
    rules(row) {
        return markup(row.rules || "");
    }

    amount(row) {
        return row.amount ? formatMeasure(row.amount, "money", row.currency_id) : "";
    }

    about(row) {
        return [row.partner, row.stage, this.amount(row)].filter(Boolean).join(" · ");
    }

    doneLabel(row) {
        return _t("Done: %s", this.title(row));
    }

    skipLabel(row) {
        return _t("Say why not: %s", this.title(row));
    }

    moveLabel(row) {
        return _t("Reschedule: %s", this.title(row));
    }

    callLabel(row) {
        return _t("Call %s", row.partner || row.name);
    }

    // ------------------------------------------------------------
    // Activities
    // ------------------------------------------------------------

    isOpen(row, form) {
        return this.state.id === row.id && this.state.form === form;
    }

    toggle(row, form) {
        if (form === "done" && row.step_id) {
            return this.handIn(row);
        }
        const isOpen = this.isOpen(row, form);
        Object.assign(this.state, {id: isOpen ? false : row.id, form, date: this.tomorrow});
        if (this.state.id !== this.typedFor) {
            this.state.text = "";
            this.typedFor = row.id;
        }
        return null;
    }

    /** A step of a regulation is handed in with what its rule asks for. */
    handIn(row) {
        return this.askForStep(row, "action_hand_in");
    }

    /** Or it is not done, and why. */
    skip(row) {
        return this.askForStep(row, "action_skip");
    }

    async askForStep(row, method) {
        const action = await this.orm.call("discipline.regulation.step", method, [[row.step_id]]);
        await this.action.doAction(action, {onClose: () => this.props.onDone("")});
    }

    /** Escape closes the form and goes back to its button. */
    onKeydown(ev, row) {
        if (ev.key === "Escape") {
            ev.stopPropagation();
            const {form} = this.state;
            this.toggle(row, form);
            this.root.el.querySelector(`[data-activity="${row.id}"] [data-form=${form}]`)?.focus();
        } else if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey) && this.state.form === "done") {
            this.markDone(row);
        }
    }

    /**
     * Runs what a button does, once, and closes the form.
     *
     * @param {Function} act
     * @param {string} said what was done, in words
     */
    async run(act, said) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await act();
        } finally {
            this.state.busy = false;
        }
        this.state.gone.push(this.state.id);
        Object.assign(this.state, {id: false, text: ""});
        this.root.el?.focus();
        this.props.onDone(said);
    }

    markDone(row) {
        const act = () =>
            this.orm.call("mail.activity", "action_feedback", [[row.id]], {feedback: this.state.text.trim()});
        return this.run(act, this.doneLabel(row));
    }

    /** Odoo's own form for the next one opens, unless the type of activity plans it by itself. */
    async markDoneAndPlan(row) {
        let next = false;
        await this.run(async () => {
            next = await this.orm.call("mail.activity", "action_feedback_schedule_next", [[row.id]], {
                feedback: this.state.text.trim(),
            });
        }, this.doneLabel(row));
        if (next) {
            await this.action.doAction(next, {onClose: () => this.props.onDone("")});
        }
    }

    reschedule(row, date) {
        const values = {date_deadline: serializeDate(date)};
        return this.run(() => this.orm.write("mail.activity", [row.id], values), this.moveLabel(row));
    }

    async openActivity(row) {
        const action = await this.orm.call("mail.activity", "action_open_document", [[row.id]]);
        return this.action.doAction(action, {onClose: () => this.props.onDone("")});
    }

    // ------------------------------------------------------------
    // Deals
    // ------------------------------------------------------------

    async plan(row) {
        await this.store.scheduleActivity("crm.lead", [row.id]);
        this.props.onDone("");
    }

    logOn(row) {
        this.props.log({resModel: "crm.lead", resId: row.id});
    }

    openDeal(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: row.id,
            views: [[false, "form"]],
        });
    }

    /** My pipeline, of those alone. */
    openAllDeals() {
        return this.action.doAction("crm.crm_lead_action_pipeline", {
            additionalContext: {search_default_discipline_no_step: 1},
        });
    }

    /** Odoo's own list of my activities, of those alone. */
    openAll(key) {
        const filter = {overdue: "past", planned: "today"}[key];
        return this.action.doAction("mail.mail_activity_action_my", {
            additionalContext: {[`search_default_filter_date_deadline_${filter}`]: 1},
        });
    }
}
