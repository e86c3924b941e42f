import {describe, expect, test} from "@odoo/hoot";
import {NO_DATA, formatMeasure, hasNoData} from "@sales_discipline/fields/measure";
import {formatShort, formatValue} from "@sales_discipline/kpi_page/kpi_parts";
import {makeMockEnv} from "@web/../tests/web_test_helpers";
import {defineDisciplineModels} from "./discipline_test_helpers";

describe.current.tags("headless");
defineDisciplineModels();

test("a number in the unit of its metric", async () => {
    await makeMockEnv();
    expect(formatMeasure(12, "count")).toBe("12");
    expect(formatMeasure(0.25, "count")).toBe("0.25");
    expect(formatMeasure(1234567, "count")).toBe("1,234,567");
    expect(formatMeasure(83.456, "percent")).toBe("83.5%");
    expect(formatMeasure(83.456, "score")).toBe("83.5");
    expect(formatMeasure(15, "minutes")).toBe("15 min");
    expect(formatMeasure(-3, "count")).toBe("-3");
});

test("money in its own currency, in the company's if it says none, without empty cents", async () => {
    await makeMockEnv();
    expect(formatMeasure(491970, "money", 1)).toBe("$\u00a0491,970");
    expect(formatMeasure(0.5, "money", 2)).toBe("0.50\u00a0€");
    expect(formatMeasure(491970, "money")).toBe(formatMeasure(491970, "money", 1));
});

test("no data is a dash, and zero is zero", async () => {
    await makeMockEnv();
    expect(formatValue(null, {unit: "count"})).toBe(NO_DATA);
    expect(formatValue(undefined, {unit: "money"})).toBe(NO_DATA);
    expect(formatValue(0, {unit: "percent"})).toBe("0%");
    expect(hasNoData({data: {zone: "none"}}, "zone")).toBe(true);
    expect(hasNoData({data: {zone: "red"}}, "zone")).toBe(false);
});

test("side by side, thousands of money have no cents", async () => {
    await makeMockEnv();
    expect(formatShort(999.5, {unit: "money"}, 1)).toBe("$\u00a0999.50");
    expect(formatShort(1000.5, {unit: "money"}, 1)).toBe("$\u00a01,001");
    expect(formatShort(-1000.5, {unit: "money"}, 1)).toBe("$\u00a0-1,001");
    expect(formatShort(1000.5, {unit: "count"})).toBe("1,000.5");
    expect(formatShort(null, {unit: "money"}, 1)).toBe(NO_DATA);
});
