import {Component, onWillStart, useState} from "@odoo/owl";
import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {leftInWords} from "../my_day/words";
import {session} from "@web/session";
import {useProgress} from "../my_day/progress_service";
import {useService} from "@web/core/utils/hooks";

const SHOWN = 3;

/** Where the reader's own day stands, in one line above what they work on; nothing for who has no scorecard today. */
export class DayBanner extends Component {
    static template = "sales_discipline.DayBanner";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.latest = new KeepLast();
        this.state = useState({card: false});
        if (session.sales_discipline) {
            useProgress(() => this.load());
            onWillStart(() => {
                this.load(); // the view does not wait for it
            });
        }
    }

    async load() {
        try {
            const asked = this.orm.silent.call("discipline.scorecard", "get_my_progress");
            this.state.card = await this.latest.add(asked);
        } catch {
            this.state.card = false; // what somebody works on is not disturbed because of it
        }
    }

    get card() {
        return this.state.card;
    }

    get title() {
        return {day: _t("My Day"), week: _t("My Week"), month: _t("My Month")}[this.card.period];
    }

    get isAllDone() {
        return !this.card.is_hidden && this.card.done === this.card.count;
    }

    get lines() {
        return this.card.is_hidden ? [] : this.card.lines.filter((line) => !line.done).slice(0, SHOWN);
    }

    left(line) {
        return leftInWords(line, this.card.currency_id);
    }

    open() {
        return this.action.doAction("sales_discipline.discipline_day_action", {clearBreadcrumbs: true});
    }
}
