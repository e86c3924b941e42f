import {NO_DATA, formatMeasure} from "../fields/measure";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";

export const LOOKS = {
    alarm: {icon: "fa-exclamation-triangle", color: "danger"},
    training: {icon: "fa-graduation-cap", color: "warning"},
    ok: {icon: "fa-check-circle", color: "success"},
    few: {icon: "fa-question-circle", color: "secondary"},
    none: {icon: "fa-minus-circle", color: "secondary"},
};

/** The state of a panel in words. */
export function getLabel(panel) {
    const labels = {
        alarm: _t("Plan out of reach"),
        training: _t("Some need training"),
        ok: _t("Plan is realistic"),
        few: _t("Too few people to tell"),
        none: _t("Nothing to tell yet"),
    };
    return labels[panel.state];
}

function formatPercent(value) {
    return _t("%s%", formatFloat(value, {digits: [16, 1], trailingZeros: false}));
}

/**
 * What the closed months say of a sales plan: a panel of `discipline.realism._get_panel`, as it is.
 * Each month is a bar with the share of people below plan, and the line across them is the share that is one too many.
 */
export class RealismPanel extends Component {
    static template = "sales_discipline.RealismPanel";
    static props = {
        panel: Object,
        title: {type: String, optional: true},
        class: {type: String, optional: true},
    };

    get look() {
        return LOOKS[this.props.panel.state] || LOOKS.none;
    }

    get label() {
        return getLabel(this.props.panel);
    }

    get limit() {
        return formatPercent(this.props.panel.limit);
    }

    get months() {
        return this.props.panel.months.map((month) => {
            const known = month.share !== null && month.share !== false;
            return {
                ...month,
                height: known ? `height: ${Math.max(month.share, 2)}%` : "height: 0",
                color: this.getColor(month),
                value: known ? formatFloat(month.share, {digits: [16, 0]}) : NO_DATA,
                hint: this.getHint(month, known),
            };
        });
    }

    getColor(month) {
        if (month.seasonal) {
            return "o_discipline_realism_seasonal";
        }
        return month.above ? "bg-danger" : "bg-success";
    }

    /** A month in words, for a pointer that rests on it and for screen readers. */
    getHint(month, known) {
        const words = known
            ? _t("%(label)s: %(missed)s of %(people)s people below plan", month)
            : _t("%(label)s: nobody counted", month);
        const more = [];
        if (month.left_out) {
            more.push(_t("newcomers and absentees, who do not count: %s", month.left_out));
        }
        if (month.seasonal) {
            more.push(_t("a seasonal month, which does not count"));
        }
        return [words, ...more].join("; ");
    }

    get proposal() {
        const {proposal, unit, currency_id: currencyId} = this.props.panel;
        return proposal ? formatMeasure(proposal, unit, currencyId) : false;
    }

    get scale() {
        const {scale} = this.props.panel;
        return scale ? formatPercent(scale) : false;
    }
}
