import {Component, onWillStart, useState} from "@odoo/owl";
import {KeepLast} from "@web/core/utils/concurrency";
import {Page} from "../page/page";
import {ReportCard} from "./report_card";
import {deserializeDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/** What one has done today, stated by oneself: a number for each indicator, before the deadline. */
export class MyReport extends Component {
    static template = "sales_discipline.MyReport";
    static components = {Page, ReportCard};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.display = {controlPanel: {}};
        this.latest = new KeepLast();
        this.state = useState({page: null});
        onWillStart(() => {
            const {discipline_report_date} = this.props.action.context || {};
            return this.load(discipline_report_date || router.current.date || false);
        });
    }

    get page() {
        return this.state.page;
    }

    get dayLabel() {
        const options = {weekday: "long", day: "numeric", month: "long", year: "numeric"};
        return deserializeDate(this.page.date).toLocaleString(options);
    }

    /**
     * @param {string|boolean} date ISO; false for today
     */
    async load(date) {
        const asked = this.orm.call("discipline.scorecard", "get_report_page", [date]);
        const page = await this.latest.add(asked);
        this.state.page = page;
        this.props.updateActionState?.({date: page.is_today ? undefined : page.date});
    }

    /**
     * @param {object} card as it is after the report was handed in
     */
    onSubmitted(card) {
        const {cards} = this.page;
        cards[cards.findIndex((one) => one.id === card.id)] = card;
    }
}

registry.category("actions").add("sales_discipline.my_report", MyReport);
