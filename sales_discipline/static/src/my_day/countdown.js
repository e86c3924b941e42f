import {Component, onMounted, onWillUnmount, onWillUpdateProps, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {formatRemaining} from "./words";

const HURRY = 3600;

/** The time until a deadline. It trusts the server's clock: only how long the page has been open is measured here. */
export class Countdown extends Component {
    static template = "sales_discipline.Countdown";
    static props = {
        now: String, // when the server said so, UTC
        deadline: String,
        onEnd: {type: Function, optional: true},
        isQuiet: {type: Boolean, optional: true}, // nothing is left to do
    };

    setup() {
        this.state = useState({seconds: 0});
        this.start(this.props);
        onWillUpdateProps((props) => {
            if (props.now !== this.props.now || props.deadline !== this.props.deadline) {
                this.start(props);
            }
        });
        onMounted(() => (this.timer = browser.setInterval(() => this.tick(), 1000)));
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    start({now, deadline}) {
        const span = deserializeDateTime(deadline).diff(deserializeDateTime(now)).as("seconds");
        this.startedAt = browser.performance.now();
        this.span = Math.max(0, span);
        this.isRunning = this.span > 0;
        this.state.seconds = this.span;
    }

    tick() {
        const passed = (browser.performance.now() - this.startedAt) / 1000;
        this.state.seconds = Math.max(0, this.span - passed);
        if (this.isRunning && !this.state.seconds) {
            this.isRunning = false;
            this.props.onEnd?.();
        }
    }

    get text() {
        return _t("%s left", formatRemaining(this.state.seconds));
    }

    get isLate() {
        return !this.props.isQuiet && this.state.seconds < HURRY;
    }
}
