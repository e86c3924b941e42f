import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatSelection} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

export const ZONE_ICONS = {
    green: "fa-check-circle",
    yellow: "fa-exclamation-triangle",
    red: "fa-times-circle",
};
export const TREND_ICONS = {up: "fa-arrow-up", flat: "fa-arrow-right", down: "fa-arrow-down"};
// dark on pale, which can be read by everybody, in light and dark colours alike
export const ZONE_COLORS = {
    green: "bg-success-subtle text-success-emphasis border border-success-subtle",
    yellow: "bg-warning-subtle text-warning-emphasis border border-warning-subtle",
    red: "bg-danger-subtle text-danger-emphasis border border-danger-subtle",
};
export const CHANGE_COLORS = {better: "text-success", worse: "text-danger", same: "text-muted"};

/** A zone as an icon and a word, so that nobody has to tell it by its colour. */
export class ZoneField extends Component {
    static template = "sales_discipline.ZoneField";
    static props = {...standardFieldProps};

    get value() {
        return this.props.record.data[this.props.name];
    }

    get icon() {
        return ZONE_ICONS[this.value] || "fa-minus-circle";
    }

    get color() {
        return ZONE_COLORS[this.value] || "text-bg-300";
    }

    get label() {
        return formatSelection(this.value, {field: this.props.record.fields[this.props.name]});
    }
}

/** A trend: an arrow for where the number went, and a word for whether that is better. */
export class TrendField extends Component {
    static template = "sales_discipline.TrendField";
    static props = {...standardFieldProps};

    get icon() {
        return TREND_ICONS[this.props.record.data[this.props.name]];
    }

    get color() {
        return CHANGE_COLORS[this.props.record.data.is_better];
    }

    get label() {
        const {data, fields} = this.props.record;
        return formatSelection(data.is_better, {field: fields.is_better});
    }
}

registry.category("fields").add("discipline_zone", {
    component: ZoneField,
    displayName: _t("Zone"),
    listViewWidth: [112, 140],
    supportedTypes: ["selection"],
});

registry.category("fields").add("discipline_trend", {
    component: TrendField,
    displayName: _t("Trend"),
    listViewWidth: [100, 130],
    supportedTypes: ["selection"],
});
