import {Component, onMounted, onWillUnmount, onWillUpdateProps, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {formatClock} from "./words";

/** How long a timer has been running. Only how long the page has been open is measured here; the rest is the server's. */
export class TimeClock extends Component {
    static template = "sales_discipline.TimeClock";
    static props = {now: String, since: String};

    setup() {
        this.state = useState({seconds: 0});
        this.start(this.props);
        onWillUpdateProps((props) => {
            if (props.now !== this.props.now || props.since !== this.props.since) {
                this.start(props);
            }
        });
        onMounted(() => (this.interval = browser.setInterval(() => this.tick(), 1000)));
        onWillUnmount(() => browser.clearInterval(this.interval));
    }

    start({now, since}) {
        this.span = Math.max(0, deserializeDateTime(now).diff(deserializeDateTime(since)).as("seconds"));
        this.openedAt = browser.performance.now();
        this.state.seconds = this.span;
    }

    tick() {
        this.state.seconds = this.span + (browser.performance.now() - this.openedAt) / 1000;
    }

    get text() {
        return formatClock(this.state.seconds);
    }
}

/** The question before the first entry: how much of one's time, in one's own opinion, is not selling. */
export class TimeEstimate extends Component {
    static template = "sales_discipline.TimeEstimate";
    static props = {save: Function};

    setup() {
        this.state = useState({percent: null, asked: false});
        this.choices = [10, 20, 30, 40, 50, 60, 70, 80];
    }

    get isWrong() {
        const {percent} = this.state;
        return typeof percent !== "number" || !(percent >= 0 && percent <= 100);
    }

    save() {
        this.state.asked = true;
        return this.isWrong ? undefined : this.props.save(this.state.percent);
    }
}
