import {Component, onMounted, onWillUnmount, useState} from "@odoo/owl";
import {Countdown} from "./countdown";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {KeepLast} from "@web/core/utils/concurrency";
import {ProgressRing} from "./progress_ring";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {formatValue} from "../kpi_page/kpi_parts";
import {leftInWords} from "./words";
import {registry} from "@web/core/registry";
import {session} from "@web/session";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {useProgress} from "./progress_service";
import {useService} from "@web/core/utils/hooks";

const SHOWN = 8;

/** The person's own progress today, in the corner of every page; nothing for who has no scorecard today. */
export class ProgressSystray extends Component {
    static template = "sales_discipline.ProgressSystray";
    static components = {Countdown, Dropdown, ProgressRing};
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.latest = new KeepLast();
        this.dropdown = useDropdownState();
        this.state = useState({card: false});
        useProgress(() => this.load());
        // everything else on the page comes first
        const idle = browser.requestIdleCallback || ((act) => browser.setTimeout(act, 200));
        onMounted(() => idle(() => this.isGone || this.load()));
        onWillUnmount(() => (this.isGone = true));
    }

    async load() {
        try {
            const asked = this.orm.silent.call("discipline.scorecard", "get_my_progress");
            this.state.card = await this.latest.add(asked);
        } catch {
            this.state.card = false; // a page somebody works on is not disturbed because of this number
        }
    }

    get card() {
        return this.state.card;
    }

    get isOpen() {
        return this.card.state === "open";
    }

    get lines() {
        return this.card.lines.filter((line) => !line.done).slice(0, SHOWN);
    }

    get isAllDone() {
        return !this.card.is_hidden && this.card.done === this.card.count;
    }

    get label() {
        const {done, count} = this.card;
        return this.card.is_hidden
            ? _t("My Day: your report is due")
            : _t("My Day: %(done)s of %(count)s done", {done, count});
    }

    get title() {
        return {day: _t("My Day"), week: _t("My Week"), month: _t("My Month")}[this.card.period];
    }

    left(line) {
        return leftInWords(line, this.card.currency_id);
    }

    number(value) {
        return formatValue(value, {unit: "score"});
    }

    open() {
        this.dropdown.close();
        return this.action.doAction("sales_discipline.discipline_day_action", {clearBreadcrumbs: true});
    }
}

registry
    .category("systray")
    .add(
        "sales_discipline.progress",
        {Component: ProgressSystray, isDisplayed: () => Boolean(session.sales_discipline)},
        {sequence: 26}
    );
