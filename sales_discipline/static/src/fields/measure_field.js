import {FloatField, floatField} from "@web/views/fields/float/float_field";
import {NO_DATA, formatMeasure, hasNoData} from "./measure";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";

/**
 * A number (float or monetary) in the unit that the record's field `unit` (or the option of that name) says, a dash if there is
 * no data. While it is edited it is a plain number.
 */
export class MeasureField extends FloatField {
    static props = {
        ...FloatField.props,
        unit: {type: String, optional: true},
        noDataField: {type: String, optional: true},
        hideZero: {type: Boolean, optional: true},
    };

    get formattedValue() {
        const {record, readonly, unit, noDataField, hideZero} = this.props;
        if (!readonly) {
            return formatFloat(this.value, {digits: [16, 2], trailingZeros: false});
        }
        if (hideZero && !this.value) {
            return "";
        }
        if (hasNoData(record, noDataField)) {
            return NO_DATA;
        }
        return formatMeasure(this.value, unit || record.data.unit, record.data.currency_id?.id);
    }
}

export const measureField = {
    ...floatField,
    component: MeasureField,
    displayName: _t("Measure"),
    listViewWidth: [105],
    supportedOptions: [
        {label: _t("Unit"), name: "unit", type: "string"},
        {label: _t("Field that says 'none' without data (empty: never)"), name: "no_data", type: "field"},
        {label: _t("Hide zero"), name: "hide_zero", type: "boolean"},
    ],
    extractProps: ({options}) => ({
        unit: options.unit,
        noDataField: options.no_data ?? "zone",
        hideZero: Boolean(options.hide_zero),
    }),
};

registry.category("fields").add("discipline_measure", measureField);

// totals of a list: money where the list knows the currency, else a plain number
registry
    .category("formatters")
    .add("discipline_measure", (value, {currencyId} = {}) =>
        value === false ? "" : formatMeasure(value, currencyId ? "money" : "count", currencyId)
    );
