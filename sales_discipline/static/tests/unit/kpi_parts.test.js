import {KpiBar, KpiPace, KpiTrend, KpiZone} from "@sales_discipline/kpi_page/kpi_parts";
import {defineDisciplineModels, makeLine} from "./discipline_test_helpers";
import {expect, test} from "@odoo/hoot";
import {mountWithCleanup} from "@web/../tests/web_test_helpers";

defineDisciplineModels();

test("a zone is a word and an icon beside its colour", async () => {
    await mountWithCleanup(KpiZone, {props: {zone: "green"}});
    expect(".o_discipline_badge").toHaveText("Green");
    expect(".o_discipline_badge").toHaveClass("text-success-emphasis");
    expect(".o_discipline_badge .fa-check-circle").toHaveAttribute("aria-hidden", "true");
});

test("a zone without data looks like none of them", async () => {
    await mountWithCleanup(KpiZone, {props: {zone: "none", count: 3}});
    expect(".o_discipline_badge").toHaveText("3No Data");
    expect(".o_discipline_badge .fa-minus-circle").toHaveCount(1);
    expect(".o_discipline_badge").not.toHaveClass("bg-success-subtle");
});

test("an arrow says where a number went, its word and colour whether that is better", async () => {
    await mountWithCleanup(KpiTrend, {props: {trend: "up", change: "worse"}});
    expect(".o_discipline_kpi_trend").toHaveText("Worse");
    expect(".fa-arrow-up").toHaveClass("text-danger");
});

test("no trend is a dash", async () => {
    await mountWithCleanup(KpiTrend, {props: {trend: "none", change: false}});
    expect(".o_discipline_kpi_trend").toHaveCount(0);
    expect(".text-muted").toHaveText("–");
});

test("a bar tells its width to a screen reader, and never leaves its frame", async () => {
    await mountWithCleanup(KpiBar, {props: {line: makeLine({completion: 240, zone: "green"})}});
    expect("[role=progressbar]").toHaveAttribute("aria-valuenow", "100");
    expect("[role=progressbar]").toHaveAttribute("aria-valuetext", "240%");
    expect(".progress-bar").toHaveClass("bg-success");
    expect(".o_discipline_kpi_tick").toHaveCount(0);
});

test("a bar without data is empty and says so", async () => {
    const pace = {percent: 40, expected: 4, ahead: -4, trend: "down"};
    await mountWithCleanup(KpiBar, {props: {line: makeLine({completion: null, zone: "none", pace})}});
    expect("[role=progressbar]").toHaveAttribute("aria-valuetext", "–");
    expect("[role=progressbar]").toHaveAttribute("aria-valuenow", "0");
    expect(".o_discipline_kpi_tick").toHaveCount(1);
});

test("pace says how far behind, in words and with another icon", async () => {
    const pace = {percent: 70, expected: 7, ahead: -2, trend: "down"};
    await mountWithCleanup(KpiPace, {props: {line: makeLine({pace}), currencyId: false}});
    expect(".o_discipline_kpi_pace > div").toHaveText("2 behind");
    expect(".o_discipline_kpi_pace small").toHaveText("7 by now");
    expect(".fa-hourglass-half").toHaveCount(1);
});

test("pace of who is ahead, and of who is where one should be", async () => {
    const line = makeLine({pace: {percent: 70, expected: 7, ahead: 1.5, trend: "up"}});
    await mountWithCleanup(KpiPace, {props: {line, currencyId: false}});
    expect(".o_discipline_kpi_pace > div").toHaveText("1.5 ahead");
    expect(".o_discipline_kpi_pace .fa-check").toHaveCount(1);
    const even = makeLine({pace: {percent: 70, expected: 5, ahead: 0, trend: "flat"}});
    await mountWithCleanup(KpiPace, {props: {line: even, currencyId: false}});
    expect(".o_discipline_kpi_pace > div:last").toHaveText("On pace");
});
