import {clickSave, contains, mountView, onRpc} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {defineDisciplineModels} from "./discipline_test_helpers";
import {press} from "@odoo/hoot-dom";

defineDisciplineModels();

const cell = (row, name) => `.o_data_row:eq(${row}) td[name=${name}]`;

test.tags("desktop");
test("a list shows numbers in their unit, zones and trends in words", async () => {
    await mountView({
        resModel: "discipline.scorecard.line",
        type: "list",
        arch: `
            <list>
                <field name="unit" column_invisible="1"/>
                <field name="currency_id" column_invisible="1"/>
                <field name="is_better" column_invisible="1"/>
                <field name="claim" column_invisible="1"/>
                <field name="actual" widget="discipline_measure"/>
                <field name="zone" widget="discipline_zone"/>
                <field name="trend" widget="discipline_trend"/>
                <field name="completion" widget="discipline_completion"/>
                <field name="gap" widget="discipline_claim"/>
                <field name="ratio" widget="discipline_percent"/>
            </list>`,
    });
    expect(cell(0, "actual")).toHaveText("12");
    expect(cell(1, "actual")).toHaveText("$ 491,970");
    expect(cell(2, "actual")).toHaveText("–", {message: "no data is a dash"});
    expect(cell(0, "zone")).toHaveText("Green");
    expect(`${cell(1, "zone")} .fa-times-circle`).toHaveCount(1);
    expect(cell(2, "zone")).toHaveText("No Data");
    expect(cell(1, "trend")).toHaveText("Worse", {message: "more, and yet worse"});
    expect(`${cell(1, "trend")} .fa-arrow-up.text-danger`).toHaveCount(1);
    expect(`${cell(2, "trend")} .fa`).toHaveCount(0);
    expect(cell(0, "completion")).toHaveText("120%");
    expect(`${cell(0, "completion")} .progress-bar.bg-success`).toHaveStyle({width: "100%"}, {inline: true});
    expect(cell(2, "completion")).toHaveText("–");
    expect(cell(0, "gap")).toHaveText("+3\nMore than measured");
    expect(cell(1, "gap")).toHaveText("As measured");
    expect(cell(2, "gap")).toHaveText("");
    expect(cell(0, "ratio")).toHaveText("33.3%");
    expect(cell(1, "ratio")).toHaveText("");
});

test("months are check boxes, kept as numbers in their order", async () => {
    onRpc("web_save", ({args}) => expect.step(args[1]));
    await mountView({
        resModel: "discipline.scorecard.line",
        resId: 1,
        type: "form",
        arch: `<form><field name="months" widget="discipline_months"/></form>`,
    });
    expect(".o_discipline_months input").toHaveCount(12);
    expect(".o_discipline_months input:checked").toHaveCount(2);
    await contains(".o_discipline_months input:eq(4)").click();
    await contains(".o_discipline_months input:eq(0)").click();
    await clickSave();
    expect.verifySteps([{months: "5,12"}]);
});

test.tags("desktop");
test("a score that is missing is not zero, and one that is none is refused", async () => {
    onRpc("web_save", ({args}) => expect.step(args));
    await mountView({
        resModel: "discipline.assessment",
        type: "list",
        arch: `
            <list>
                <field name="state" column_invisible="1"/>
                <field name="score" widget="discipline_score" options="{'inline': true}"/>
            </list>`,
    });
    const inputs = [...document.querySelectorAll("input.o_discipline_score")];
    expect(inputs.map((input) => input.value)).toEqual(["", "0", "87.5"]);
    await contains("input.o_discipline_score:eq(0)").edit("75.5", {confirm: false});
    await press("Enter");
    await contains("input.o_discipline_score:eq(1):focus").edit("101", {confirm: "tab"});
    expect.verifySteps([[[1], {score: 75.5, state: "done"}]]);
});
