import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {formatFloat} from "@web/views/fields/formatters";
import {formatValue} from "../kpi_page/kpi_parts";
import {DisciplineClaim} from "../fields/claim_field";
import {_t} from "@web/core/l10n/translation";
import {parseFloat} from "@web/views/fields/parsers";
import {useService} from "@web/core/utils/hooks";

const STATES = {
    due: {icon: "fa-hourglass-half", color: "text-bg-warning"},
    done: {icon: "fa-check", color: "text-bg-success"},
    missing: {icon: "fa-times", color: "text-bg-danger"},
};

/** The report on one scorecard: numbers to type in, or what was stated beside what was measured. */
export class ReportCard extends Component {
    static template = "sales_discipline.ReportCard";
    static components = {DisciplineClaim};
    static props = {card: Object, onSubmitted: Function, focus: {type: Boolean, optional: true}};

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.state = useState({texts: {}, bad: {}, comment: "", busy: false});
        // the stored numbers, again after each answer of the server
        useEffect(
            (card) => {
                this.state.texts = Object.fromEntries(
                    card.lines.map((line) => [line.id, this.asText(line.claimed)])
                );
                this.state.comment = card.comment;
                this.state.bad = {};
            },
            () => [this.card]
        );
        useEffect(
            (focus) => {
                if (focus) {
                    this.inputs[0]?.focus();
                }
            },
            () => [this.props.focus && this.card.state === "due"]
        );
    }

    get card() {
        return this.props.card;
    }

    get inputs() {
        return [...this.root.el.querySelectorAll("input")];
    }

    get badge() {
        const labels = {due: _t("Due"), done: _t("Handed in"), missing: _t("No report")};
        return {...STATES[this.card.state], label: labels[this.card.state]};
    }

    get isChanged() {
        const {lines, comment} = this.card;
        return (
            this.state.comment.trim() !== comment ||
            lines.some((line) => this.state.texts[line.id] !== this.asText(line.claimed))
        );
    }

    asText(number) {
        return number === null ? "" : formatFloat(number, {digits: [16, 2], trailingZeros: false});
    }

    format(value, line) {
        return formatValue(value, line, this.card.currency_id);
    }

    gap(line) {
        return `${line.gap > 0 ? "+" : ""}${this.format(line.gap, line)}`;
    }

    // ------------------------------------------------------------
    // Typing
    // ------------------------------------------------------------

    onInput(line, ev) {
        this.state.texts[line.id] = ev.target.value;
        delete this.state.bad[line.id];
    }

    /** Enter goes on to the next number, and from the last one to the button. */
    onKeydown(ev) {
        if (ev.key !== "Enter") {
            return;
        }
        ev.preventDefault();
        const {inputs} = this;
        const next =
            inputs[inputs.indexOf(ev.target) + 1] || this.root.el.querySelector(".o_discipline_report_send");
        next?.focus();
        next?.select?.();
    }

    /** The numbers typed in by line, or false if something is missing or no number; that is marked then. */
    read() {
        const values = {};
        const bad = {};
        for (const line of this.card.lines) {
            const text = (this.state.texts[line.id] || "").trim();
            try {
                values[line.id] = parseFloat(text);
            } catch {
                values[line.id] = NaN;
            }
            if (!text) {
                bad[line.id] = _t("Type in a number, 0 if there was none.");
            } else if (!Number.isFinite(values[line.id])) {
                bad[line.id] = _t("This is no number.");
            } else if (values[line.id] < 0 && line.unit !== "money") {
                bad[line.id] = _t("This cannot be negative.");
            }
        }
        this.state.bad = bad;
        const first = this.card.lines.findIndex((line) => bad[line.id]);
        if (first >= 0) {
            this.inputs[first].focus();
            return false;
        }
        return values;
    }

    async submit() {
        const values = this.read();
        if (!values) {
            return;
        }
        this.state.busy = true;
        try {
            const card = await this.orm.call("discipline.scorecard", "submit_report", [
                this.card.id,
                values,
                this.state.comment,
            ]);
            this.notification.add(_t("Your report is handed in."), {type: "success"});
            this.props.onSubmitted(card);
        } finally {
            this.state.busy = false;
        }
    }
}
