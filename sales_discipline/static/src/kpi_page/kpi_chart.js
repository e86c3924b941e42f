import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatMeasure} from "../fields/measure";
import {loadBundle} from "@web/core/assets";

/** What was done in the periods before and in this one, beside what was planned. */
export class KpiChart extends Component {
    static template = "sales_discipline.KpiChart";
    static props = {
        labels: Array,
        points: Array,
        unit: String,
        currencyId: {type: [Number, Boolean], optional: true},
        label: {type: String, optional: true}, // of the number shown, where there is no plan beside it
    };

    setup() {
        this.canvas = useRef("canvas");
        this.chart = null;
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                this.draw();
                return () => this.chart.destroy();
            },
            () => [this.props.points, this.props.labels]
        );
    }

    format(value) {
        return formatMeasure(value, this.props.unit, this.props.currencyId);
    }

    get summary() {
        const {labels, points} = this.props;
        const facts = points
            .map((point, index) => [labels[index], point.actual])
            .filter(([, value]) => value !== null)
            .map(([label, value]) => `${label}: ${this.format(value)}`);
        return _t("Fact by period: %s", facts.join(", "));
    }

    /** Those of the page around it, so light on dark where the page is. */
    get colors() {
        const style = getComputedStyle(this.canvas.el);

        const fade = (color, alpha) => Chart.helpers.color(color).alpha(alpha).rgbString();
        const accent = style.getPropertyValue("--primary").trim() || style.color;
        return {
            text: fade(style.color, 0.85),
            grid: fade(style.color, 0.1),
            plan: fade(style.color, 0.6),
            now: accent,
            before: fade(accent, 0.5),
        };
    }

    getDatasets(colors) {
        const {points} = this.props;
        const last = points.length - 1;
        const plan = points.some((point) => point.target !== null) && [
            {
                type: "line",
                label: _t("Plan"),
                data: points.map((point) => point.target),
                borderColor: colors.plan,
                backgroundColor: "transparent",
                borderWidth: 2,
                borderDash: [5, 4],
                pointRadius: points.length > 1 ? 0 : 3,
                stepped: "middle",
                spanGaps: true,
            },
        ];
        return [
            ...(plan || []),
            {
                type: "bar",
                label: plan ? _t("Fact") : this.props.label,
                data: points.map((point) => point.actual),
                backgroundColor: points.map((_point, index) => (index === last ? colors.now : colors.before)),
                borderRadius: 3,
                maxBarThickness: 34,
            },
        ];
    }

    draw() {
        const {text: color, grid, ...colors} = this.colors;
        const label = ({dataset, raw}) => ` ${dataset.label}: ${this.format(raw)}`;

        this.chart = new Chart(this.canvas.el, {
            data: {labels: this.props.labels, datasets: this.getDatasets(colors)},
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: {mode: "index", intersect: false},
                plugins: {
                    legend: {
                        display: !this.props.label,
                        position: "bottom",
                        labels: {color, boxWidth: 14, boxHeight: 8},
                    },
                    tooltip: {callbacks: {label}},
                },
                scales: {
                    x: {grid: {display: false}, ticks: {color, maxRotation: 60}},
                    y: {
                        beginAtZero: true,
                        border: {display: false},
                        grid: {color: grid},
                        ticks: {color, maxTicksLimit: 5, callback: (value) => this.format(value)},
                    },
                },
            },
        });
    }
}
