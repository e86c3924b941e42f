import {Component, useEffect, useRef} from "@odoo/owl";
import {NO_DATA, formatMeasure} from "./measure";
import {_t} from "@web/core/l10n/translation";
import {parseFloat} from "@web/views/fields/parsers";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useBus} from "@web/core/utils/hooks";

/**
 * A score from 0 to 100 that may be missing: empty and a dash as long as the record's `state` is 'pending', so that a 0 can
 * be given. In a kanban card, and in a list with the option `inline`, it is typed right there, saved when it is left, and
 * Enter goes on to the next.
 */
export class ScoreField extends Component {
    static template = "sales_discipline.ScoreField";
    static props = {...standardFieldProps, inline: {type: Boolean, optional: true}};

    setup() {
        this.input = useRef("input");
        const {model} = this.props.record;
        useBus(model.bus, "NEED_LOCAL_CHANGES", ({detail}) => detail.proms.push(this.commit()));
        useBus(model.bus, "WILL_SAVE_URGENTLY", () => this.commit());
        useEffect(
            (input, text) => {
                if (input) {
                    input.value = text;
                }
            },
            () => [this.input.el, this.text]
        );
    }

    get isPending() {
        return this.props.record.data.state !== "done";
    }

    get text() {
        return this.isPending ? "" : formatMeasure(this.props.record.data[this.props.name], "score");
    }

    get label() {
        return this.isPending ? NO_DATA : this.text;
    }

    get ariaLabel() {
        return this.props.record.fields[this.props.name].string;
    }

    onKeydown(ev) {
        if (ev.key === "Enter" || ev.key === "Tab") {
            this.commit();
        }
        if (!this.props.inline) {
            return;
        }
        ev.stopPropagation(); // the view's own keys are for whoever edits a row
        const steps = {Enter: 1, ArrowDown: 1, ArrowUp: -1};
        if (ev.key in steps) {
            ev.preventDefault();
            const inputs = [...document.querySelectorAll("input.o_discipline_score")];
            inputs[inputs.indexOf(ev.target) + steps[ev.key]]?.select();
        }
    }

    /** Hand what is typed to the record, if it is not there yet. */
    async commit() {
        const {record, name, inline} = this.props;
        const typed = this.input.el?.value.trim();
        if (typed === undefined || typed === this.text) {
            return;
        }
        if (this.underway?.typed === typed) {
            await this.underway.saved; // Enter has handed it over, and leaving the field does so again
            return;
        }
        let changes = {[name]: 0, state: "pending"};
        if (typed) {
            try {
                changes = {[name]: parseFloat(typed), state: "done"};
            } catch {
                changes = {[name]: -1};
            }
            if (!(changes[name] >= 0 && changes[name] <= 100)) {
                record.setInvalidField(name);
                return;
            }
        }
        this.underway = {typed, saved: record.update(changes, {save: inline})};
        try {
            await this.underway.saved;
        } finally {
            this.underway = false;
        }
    }
}

export const scoreField = {
    component: ScoreField,
    displayName: _t("Score"),
    listViewWidth: [80],
    supportedTypes: ["float"],
    fieldDependencies: [{name: "state", type: "selection"}],
    supportedOptions: [{label: _t("Typed without opening the row"), name: "inline", type: "boolean"}],
    extractProps: ({viewType, options}, dynamicInfo) =>
        viewType === "kanban" || options.inline ? {inline: true, readonly: dynamicInfo.readonly} : {},
};

registry.category("fields").add("discipline_score", scoreField);
registry
    .category("formatters")
    .add("discipline_score", (value) => (value === false ? "" : formatMeasure(value, "score")));
