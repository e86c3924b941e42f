import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatMeasure} from "../fields/measure";

/** What would raise pay: a way to the next step of a ladder with how much of it is gone, or a task that would pay. */
export class PayStep extends Component {
    static template = "sales_discipline.PayStep";
    static props = {step: Object, currencyId: [Number, Boolean]};

    get isLadder() {
        return typeof this.props.step.percent === "number";
    }

    get percent() {
        return formatMeasure(Math.floor(this.props.step.percent), "percent");
    }

    get gain() {
        const {gain} = this.props.step;
        return gain ? _t("+ %s", formatMeasure(gain, "money", this.props.currencyId)) : "";
    }

    get label() {
        const {name, value_text, stop_text} = this.props.step;
        return _t("%(name)s: %(value)s, next step %(step)s", {name, value: value_text, step: stop_text});
    }
}
