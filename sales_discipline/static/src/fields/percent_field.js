import {FloatField, floatField} from "@web/views/fields/float/float_field";
import {_t} from "@web/core/l10n/translation";
import {formatMeasure} from "./measure";
import {registry} from "@web/core/registry";

/** A ratio that only groups have: a row has none, a group without data neither. */
export class PercentField extends FloatField {
    get formattedValue() {
        return this.value ? formatMeasure(this.value, "percent") : "";
    }
}

registry.category("fields").add("discipline_percent", {
    ...floatField,
    component: PercentField,
    displayName: _t("Ratio"),
    listViewWidth: [105],
});
registry
    .category("formatters")
    .add("discipline_percent", (value) => (typeof value === "number" ? formatMeasure(value, "percent") : ""));
