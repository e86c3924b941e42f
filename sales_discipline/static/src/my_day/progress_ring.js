import {Component} from "@odoo/owl";

const RADIUS = 8;

/** How much of the day is done, as a ring. What it says is written beside it. */
export class ProgressRing extends Component {
    static template = "sales_discipline.ProgressRing";
    static props = {done: {type: Number, optional: true}, count: Number};

    get radius() {
        return RADIUS;
    }

    get length() {
        return 2 * Math.PI * RADIUS;
    }

    get rest() {
        const {done, count} = this.props;
        return this.length * (1 - (count ? (done || 0) / count : 0));
    }
}
