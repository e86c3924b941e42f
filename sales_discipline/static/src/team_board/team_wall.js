import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import {POINTS, formatPercent} from "./board_parts";
import {ZONE_COLORS, ZONE_ICONS} from "../fields/state_field";
import {KpiZone, formatValue, zoneLabel} from "../kpi_page/kpi_parts";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {formatDateTime} from "@web/core/l10n/dates";
import {getPeriodLabel} from "../kpi_page/period";
import {useService} from "@web/core/utils/hooks";

const {DateTime} = luxon;
const REFRESH = 60_000; // milliseconds
const TURN = 12_000; // for how long each page of people is shown

/** The ranking of the period under way for a screen that everybody passes by: it looks after itself. */
export class TeamWall extends Component {
    static template = "sales_discipline.TeamWall";
    static components = {KpiZone};
    static props = {period: String, team: [Number, Boolean], close: Function};

    setup() {
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.screen = useRef("screen");
        this.list = useRef("list");
        this.state = useState({page: null, readAt: "", isStale: false, rows: 1, size: 100, turn: 0});
        onWillStart(() => this.load());
        onMounted(() => this.begin());
        onWillUnmount(() => this.end());
        useExternalListener(window, "resize", () => this.fit());
        useExternalListener(document, "fullscreenchange", () => this.onFullScreen());
        useExternalListener(document, "visibilitychange", () => this.keepAwake());
        useExternalListener(window, "keydown", (ev) => ev.key === "Escape" && this.props.close());
    }

    async load() {
        const {period, team: team_id} = this.props;
        // nobody is there to answer a dialog: what was shown last stays
        this.state.page = await this.orm.silent.call("discipline.scorecard", "get_team_wall", [], {
            period,
            team_id,
        });
        this.state.readAt = formatDateTime(DateTime.now(), {format: "HH:mm"});
        this.state.isStale = false;
    }

    async refresh() {
        try {
            await this.load();
        } catch {
            this.state.isStale = true;
        }
        this.fit();
    }

    begin() {
        this.fit();
        this.screen.el.focus();
        this.screen.el.requestFullscreen?.().catch(() => {}); // without a click before, browsers refuse
        this.keepAwake();
        this.refreshing = browser.setInterval(() => this.refresh(), REFRESH);
        this.turning = browser.setInterval(() => this.turn(), TURN);
    }

    end() {
        browser.clearInterval(this.refreshing);
        browser.clearInterval(this.turning);
        this.lock?.release();
        this.lock = null;
        if (document.fullscreenElement) {
            document.exitFullscreen();
        }
    }

    /** The screen stays on, where the browser lets us. */
    async keepAwake() {
        if (document.visibilityState === "visible" && navigator.wakeLock) {
            this.lock = await navigator.wakeLock.request("screen").catch(() => null);
        }
    }

    onFullScreen() {
        if (document.fullscreenElement) {
            this.wasFull = true;
        } else if (this.wasFull) {
            this.props.close();
        }
        this.fit();
    }

    /** As many people on a page as there is room for; they stand in two columns where the screen is wide. */
    fit() {
        const list = this.list.el;
        const row = list?.querySelector(".o_discipline_wall_row");
        if (this.ui.isSmall) {
            this.state.size = this.page.rows.length || 1; // one scrolls
        } else if (row) {
            const columns = getComputedStyle(list).gridTemplateColumns.split(" ").length;
            const gap = parseFloat(getComputedStyle(list).rowGap) || 0;
            const height = list.parentElement.clientHeight;
            const rows = Math.floor((height + gap) / (row.offsetHeight + gap));
            this.state.rows = Math.max(1, rows);
            this.state.size = this.state.rows * columns;
            this.state.turn = Math.min(this.state.turn, this.turns - 1);
        }
    }

    turn() {
        this.state.turn = (this.state.turn + 1) % this.turns;
    }

    get page() {
        return this.state.page;
    }

    get turns() {
        return Math.max(1, Math.ceil(this.page.rows.length / this.state.size));
    }

    get rows() {
        const first = this.state.turn * this.state.size;
        return this.page.rows.slice(first, first + this.state.size);
    }

    get periodLabel() {
        return getPeriodLabel(this.page);
    }

    get title() {
        return this.page.title || _t("Everybody");
    }

    get points() {
        return this.formatPoints(this.page.total.points);
    }

    get efficiency() {
        return formatPercent(this.page.total.efficiency);
    }

    formatPoints(value) {
        return formatValue(value, POINTS);
    }

    formatPercent(value) {
        return formatPercent(value);
    }

    zone(row) {
        return {
            icon: ZONE_ICONS[row.zone] || "fa-minus-circle",
            color: ZONE_COLORS[row.zone] || "",
            label: zoneLabel(row.zone),
        };
    }
}
