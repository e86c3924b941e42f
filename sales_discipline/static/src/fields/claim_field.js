import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatMeasure} from "./measure";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const ICONS = {up: "fa-arrow-circle-up", flat: "fa-check-circle", down: "fa-arrow-circle-down"};
const COLORS = {
    up: "bg-warning-subtle text-warning-emphasis border border-warning-subtle",
    flat: "bg-success-subtle text-success-emphasis border border-success-subtle",
    down: "bg-info-subtle text-info-emphasis border border-info-subtle",
};

/** What a person reported against what was measured: a difference with an icon, and in words in its title. */
export class DisciplineClaim extends Component {
    static template = "sales_discipline.Claim";
    static props = {claim: String, gap: String};

    get icon() {
        return ICONS[this.props.claim];
    }

    get color() {
        return COLORS[this.props.claim];
    }

    get title() {
        return {
            up: _t("More than measured"),
            flat: _t("As measured"),
            down: _t("Less than measured"),
        }[this.props.claim];
    }

    get text() {
        return this.props.claim === "flat" ? _t("As measured") : this.props.gap;
    }
}

/** The difference between what was stated and the fact, in the unit of the line; empty where nothing was stated. */
export class ClaimField extends Component {
    static template = "sales_discipline.ClaimField";
    static components = {DisciplineClaim};
    static props = {...standardFieldProps};

    get claim() {
        return this.props.record.data.claim;
    }

    get gap() {
        const {data} = this.props.record;
        const value = data[this.props.name];
        return `${value > 0 ? "+" : ""}${formatMeasure(value, data.unit, data.currency_id?.id)}`;
    }
}

registry.category("fields").add("discipline_claim", {
    component: ClaimField,
    displayName: _t("Stated against Measured"),
    listViewWidth: [115, 150],
    supportedTypes: ["float"],
});
