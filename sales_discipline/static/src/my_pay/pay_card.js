import {Component, onWillStart, useState} from "@odoo/owl";
import {PayStep} from "./pay_step";
import {formatMeasure} from "../fields/measure";
import {useService} from "@web/core/utils/hooks";

/** The month so far and the step closest to reach, for other pages. Nothing at all for whom there is no pay. */
export class PayCard extends Component {
    static template = "sales_discipline.PayCard";
    static components = {PayStep};
    static props = {summary: {type: Object, optional: true}}; // what get_my_pay_summary says, if the page has it already

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({summary: this.props.summary || false});
        if (!this.props.summary) {
            // a page is not to wait for what stands beside it
            onWillStart(() => void this.load());
        }
    }

    async load() {
        this.state.summary = await this.orm.call("discipline.statement", "get_my_pay_summary", []);
    }

    get summary() {
        return this.props.summary || this.state.summary;
    }

    format(amount) {
        return formatMeasure(amount, "money", this.summary.currency_id);
    }

    open() {
        this.action.doAction("sales_discipline.action_my_pay_page");
    }
}
