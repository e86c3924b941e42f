import {Component} from "@odoo/owl";
import {formatMeasure} from "../fields/measure";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** Calls of win-back campaigns that are to be made, and what has come of them this month: a card of 'My Day'. */
export class WinbackCard extends Component {
    static template = "sales_discipline.WinbackCard";
    static props = {data: Object, today: String, reload: {type: Function, optional: true}};

    setup() {
        this.action = useService("action");
    }

    get amount() {
        return formatMeasure(this.props.data.amount, "money", this.props.data.currency_id);
    }

    open() {
        this.action.doAction("sales_discipline.discipline_winback_result_action_my");
    }
}

registry.category("sales_discipline.my_day").add("winback", {component: WinbackCard, sequence: 40});
