import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatSelection } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ZONE_ICONS = { green: "fa-check-circle", yellow: "fa-exclamation-triangle", red: "fa-times-circle" };
const TREND_ICONS = { up: "fa-arrow-up", flat: "fa-arrow-right", down: "fa-arrow-down" };
const ZONE_COLORS = { green: "success", yellow: "warning", red: "danger" };
const CHANGE_COLORS = { better: "success", worse: "danger", same: "300" };

/** A state as an icon and a word, so that nobody has to tell it by its colour. */
export class ZoneField extends Component {
    static template = "sales_discipline.IconBadge";
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get icon() {
        return ZONE_ICONS[this.value] || "fa-minus-circle";
    }

    get label() {
        return formatSelection(this.value, { field: this.props.record.fields[this.props.name] });
    }

    get color() {
        return ZONE_COLORS[this.value] || "300";
    }

    get isShown() {
        return Boolean(this.value);
    }
}

/** The trend: an arrow for where the number went, and a word for whether that is better. */
export class TrendField extends ZoneField {
    get icon() {
        return TREND_ICONS[this.value];
    }

    get change() {
        return this.props.record.data.is_better;
    }

    get label() {
        return formatSelection(this.change, { field: this.props.record.fields.is_better });
    }

    get color() {
        return CHANGE_COLORS[this.change];
    }

    get isShown() {
        return this.value in TREND_ICONS;
    }
}

registry.category("fields").add("discipline_zone", {
    component: ZoneField,
    displayName: _t("Zone"),
    supportedTypes: ["selection"],
});

registry.category("fields").add("discipline_trend", {
    component: TrendField,
    displayName: _t("Trend"),
    supportedTypes: ["selection"],
});
