import {KpiBar, KpiPace, KpiZone, formatShort} from "../kpi_page/kpi_parts";
import {formatMoney, formatPoints, leftInWords} from "./words";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {fromServer} from "../page/action";
import {useService} from "@web/core/utils/hooks";

/** A scorecard of today: each indicator with what is left, what it earns done and what it costs missed. */
export class DayCard extends Component {
    static template = "sales_discipline.DayCard";
    static components = {KpiBar, KpiPace, KpiZone};
    static props = {card: Object, openKpi: Function};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get card() {
        return this.props.card;
    }

    /** What is left comes first. */
    get lines() {
        const {lines} = this.card;
        return [...lines.filter((line) => !line.done), ...lines.filter((line) => line.done)];
    }

    get title() {
        return {day: _t("Today"), week: _t("This Week"), month: _t("This Month")}[this.card.period];
    }

    get isRunning() {
        return this.card.state === "open" && this.card.excused === false;
    }

    left(line) {
        return leftInWords(line, this.card.currency_id);
    }

    format(value, line) {
        return formatShort(value, line, this.card.currency_id);
    }

    points(value) {
        return formatPoints(value);
    }

    money(value) {
        return formatMoney(value, this.card.money_currency_id);
    }

    isScored(line) {
        return Boolean(line.points_done || line.points_missed);
    }

    /** Whether there is something in money to say beside the points. */
    hasMoney(line) {
        return line.money_done !== null && !this.isMoneySettled;
    }

    /** A floor or a cap of the pay scheme leaves nothing to gain or to lose by now. */
    get isMoneySettled() {
        const paid = this.card.lines.filter((line) => line.money_done !== null && this.isScored(line));
        return paid.length > 0 && paid.every((line) => !line.money_done && !line.money_missed);
    }

    missed(line) {
        return !line.money_missed && line.points_missed < 0 && this.card.no_fines
            ? _t("no fine")
            : this.money(line.money_missed);
    }

    async openFacts(line) {
        const action = await this.orm.call("discipline.scorecard.line", "action_open_facts", [[line.id]]);
        return this.action.doAction(fromServer(action));
    }

    canOpen(line) {
        return line.source !== "assessment" && !this.card.is_hidden;
    }
}
