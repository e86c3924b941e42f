import {Component, onWillStart, useState} from "@odoo/owl";
import {KpiZone, formatValue} from "../kpi_page/kpi_parts";
import {formatMoney, formatPoints} from "./words";
import {Countdown} from "./countdown";
import {DayCard} from "./day_card";
import {DayTodo} from "./day_todo";
import {fromServer} from "../page/action";
import {KeepLast} from "@web/core/utils/concurrency";
import {Page} from "../page/page";
import {LogDialog} from "./log_dialog";
import {ShowAround} from "../onboarding/onboarding";
import {PayCard} from "../my_pay/pay_card";
import {ReportCard} from "../my_report/report_card";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useProgress} from "./progress_service";
import {useService} from "@web/core/utils/hooks";

const DATE = {weekday: "long", day: "numeric", month: "long"};

/** What is left to do today, what it is worth, and everything needed to do it. */
export class MyDay extends Component {
    static template = "sales_discipline.MyDay";
    static components = {Countdown, DayCard, DayTodo, KpiZone, Page, PayCard, ReportCard, ShowAround};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.display = {controlPanel: {}};
        this.latest = new KeepLast();
        this.state = useState({page: null, said: ""});
        // numbers of a moment ago are better than a dialog that nobody has asked for
        this.tellOthers = useProgress(() => this.load().catch(() => {}));
        onWillStart(() => this.load());
    }

    async load() {
        this.state.page = await this.latest.add(this.orm.silent.call("discipline.scorecard", "get_my_day"));
    }

    get page() {
        return this.state.page;
    }

    // ------------------------------------------------------------
    // What is written
    // ------------------------------------------------------------

    get dayLabel() {
        return deserializeDate(this.page.date).toLocaleString(DATE);
    }

    /** The scorecard that the day is about: the one that counts, of the shortest period. */
    get main() {
        return this.page.cards.find((card) => !card.trial && card.excused === false);
    }

    /** Those whose indicators are shown; of a month only where there is nothing shorter. */
    get cards() {
        const {cards} = this.page;
        const short = cards.filter((card) => card.period !== "month");
        return short.length ? short : cards;
    }

    /** What else waits: cards that other parts of the addon, or other addons, have registered. */
    get workCards() {
        return registry
            .category("sales_discipline.my_day")
            .getEntries()
            .map(([key, card]) => ({key, ...card, data: this.page.work[key]}))
            .filter(({data}) => data)
            .sort((one, other) => one.sequence - other.sequence);
    }

    get monthCard() {
        return this.page.cards.find((card) => card.period === "month" && !card.trial);
    }

    /** Whether a report comes before what was measured, and so before what it earns. */
    get isHidden() {
        return this.page.cards.some((card) => card.is_hidden);
    }

    get isAllDone() {
        return this.main.done === this.main.count;
    }

    get lastLabel() {
        const {last} = this.page.results;
        return last.is_yesterday
            ? _t("Yesterday")
            : deserializeDate(last.date).toLocaleString({weekday: "long", day: "numeric", month: "short"});
    }

    points(value) {
        return formatPoints(value);
    }

    number(value) {
        return formatValue(value, {unit: "score"});
    }

    money(value, card) {
        return formatMoney(value, card.money_currency_id);
    }

    percent(value) {
        return formatValue(value, {unit: "percent"});
    }

    // ------------------------------------------------------------
    // What can be done
    // ------------------------------------------------------------

    /** Something was done here: say so, and show what it has come to. */
    onDone(said) {
        this.state.said = said;
        this.tellOthers();
        this.load();
    }

    async openKpi(card) {
        const action = card.is_hidden
            ? "sales_discipline.discipline_kpi_action" // the page of somebody whose report is due
            : await this.orm.call("discipline.scorecard", "action_open_kpi_page", [[card.id]]);
        return this.action.doAction(fromServer(action));
    }

    openTeamBoard() {
        return this.action.doAction("sales_discipline.discipline_team_board_action");
    }

    openMorning() {
        return this.action.doAction("sales_discipline.discipline_morning_action");
    }

    log(document = {}) {
        this.dialog.add(LogDialog, {
            types: this.page.types,
            onLogged: (said) => this.onDone(said),
            ...document,
        });
    }
}

registry.category("actions").add("sales_discipline.my_day", MyDay);
