import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const {Info} = luxon;

/** Months of the year as check boxes, kept as their numbers: "1,12" is January and December. */
export class MonthsField extends Component {
    static template = "sales_discipline.MonthsField";
    static props = {...standardFieldProps};

    get chosen() {
        const numbers = (this.props.record.data[this.props.name] || "").split(",").map(Number);
        return new Set(numbers.filter(Boolean));
    }

    get months() {
        const chosen = this.chosen;
        return Info.months("short").map((label, index) => ({
            number: index + 1,
            label,
            id: `${this.props.id || this.props.name}_${index + 1}`,
            checked: chosen.has(index + 1),
        }));
    }

    toggle(number) {
        const chosen = this.chosen;
        if (!chosen.delete(number)) {
            chosen.add(number);
        }
        const value = [...chosen].sort((left, right) => left - right).join(",");
        return this.props.record.update({[this.props.name]: value || false});
    }
}

registry.category("fields").add("discipline_months", {
    component: MonthsField,
    displayName: _t("Months"),
    supportedTypes: ["char"],
});
