import {NO_DATA, formatMeasure, hasNoData} from "./measure";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

export const COLORS = {green: "bg-success", yellow: "bg-warning", red: "bg-danger"};

/** How much of the target is reached: a bar in the colour of the zone, and the percentage beside it. */
export class CompletionField extends Component {
    static template = "sales_discipline.CompletionField";
    static props = {...standardFieldProps, neutral: {type: Boolean, optional: true}};

    get value() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return hasNoData(this.props.record, "zone") ? NO_DATA : formatMeasure(this.value, "percent");
    }

    get width() {
        return Math.max(0, Math.min(this.value, 100));
    }

    get color() {
        return (!this.props.neutral && COLORS[this.props.record.data.zone]) || "bg-primary";
    }
}

export const completionField = {
    component: CompletionField,
    displayName: _t("Completion"),
    listViewWidth: [150],
    supportedTypes: ["float"],
    supportedOptions: [{label: _t("Without the colour of the zone"), name: "neutral", type: "boolean"}],
    extractProps: ({options}) => ({neutral: Boolean(options.neutral)}),
};

registry.category("fields").add("discipline_completion", completionField);
registry
    .category("formatters")
    .add("discipline_completion", (value) => (value === false ? "" : formatMeasure(value, "percent")));
