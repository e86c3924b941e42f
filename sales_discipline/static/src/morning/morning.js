import {Component, onWillStart, useExternalListener, useState} from "@odoo/owl";
import {deserializeDate, formatDateTime} from "@web/core/l10n/dates";
import {KeepLast} from "@web/core/utils/concurrency";
import {Page} from "../page/page";
import {MorningSection} from "./morning_section";
import {NO_DATA, formatMeasure} from "../fields/measure";
import {OnboardingPanel, ShowAround} from "../onboarding/onboarding";
import {SECTIONS} from "./morning_words";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

const {DateTime} = luxon;

/** What a leader or a manager looks at when the day begins: what went wrong, what waits, and what can be done about it. */
export class Morning extends Component {
    static template = "sales_discipline.Morning";
    static components = {Page, MorningSection, OnboardingPanel, ShowAround};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.display = {controlPanel: {}};
        this.latest = new KeepLast();
        this.state = useState({page: null, readAt: ""});
        useSetupAction({getLocalState: () => ({date: this.asked})});
        useExternalListener(document, "visibilitychange", () => this.onVisible());
        onWillStart(() => this.load(this.props.state?.date || router.current.date || false));
    }

    /**
     * @param {string|boolean} date ISO; false for today
     */
    async load(date = this.asked) {
        const asked = this.orm.call("discipline.scorecard", "get_morning", [date]);
        const page = await this.latest.add(asked);
        this.asked = page.is_today ? false : page.date;
        this.state.page = page;
        this.state.readAt = formatDateTime(DateTime.now(), {format: "HH:mm"});
        this.props.updateActionState?.({date: this.asked || undefined});
    }

    onVisible() {
        if (document.visibilityState === "visible" && this.page) {
            this.load();
        }
    }

    print() {
        browser.print();
    }

    // ------------------------------------------------------------
    // What is written
    // ------------------------------------------------------------

    get page() {
        return this.state.page;
    }

    get summary() {
        return this.page.summary;
    }

    get busy() {
        return this.page.sections.filter((section) => section.count);
    }

    get quiet() {
        return this.page.sections.filter((section) => !section.count);
    }

    noneOf(section) {
        return SECTIONS[section.key].none;
    }

    get dayLabel() {
        return this.format(this.page.date, {weekday: "long", day: "numeric", month: "long", year: "numeric"});
    }

    /** The days that the morning looks back on. */
    get sinceLabel() {
        const {since, until} = this.page;
        const options = {weekday: "short", day: "numeric", month: "short"};
        const days = [...new Set([since, until])].map((day) => this.format(day, options));
        return days.join(" – ");
    }

    format(date, options) {
        return deserializeDate(date).toLocaleString(options);
    }

    formatNumber(value, unit) {
        return value === null ? NO_DATA : formatMeasure(value, unit);
    }
}

registry.category("actions").add("sales_discipline.morning", Morning);
