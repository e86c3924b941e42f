import {Component, useState} from "@odoo/owl";
import {TimeClock, TimeEstimate} from "./time_parts";
import {_t} from "@web/core/l10n/translation";
import {formatMinutes} from "./words";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

const MODEL = "discipline.time.study";
const FEW = 4; // categories that are offered before all of them

/** The time study on My Day: the timer that runs, one to start, what is still to be entered. */
export class TimeCard extends Component {
    static template = "sales_discipline.TimeCard";
    static components = {TimeClock, TimeEstimate};
    static props = {data: Object, today: String, reload: Function};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({busy: false, all: false});
    }

    get rows() {
        const {categories, timer} = this.props.data;
        const rows = categories.filter((row) => row.id !== timer.category_id);
        return this.state.all ? rows : rows.slice(0, FEW);
    }

    get hasMore() {
        return !this.state.all && this.props.data.categories.length > this.rows.length + 1;
    }

    startLabel(row) {
        return _t("Start the timer: %s", row.name);
    }

    minutes(value) {
        return formatMinutes(value);
    }

    async call(method, args) {
        if (!this.state.busy) {
            this.state.busy = true;
            try {
                await this.orm.call(MODEL, method, args);
                await this.props.reload();
            } finally {
                this.state.busy = false;
            }
        }
    }

    open() {
        return this.action.doAction("sales_discipline.discipline_time_study_page_action");
    }
}

registry.category("sales_discipline.my_day").add("time", {component: TimeCard, sequence: 40});
