import {registry} from "@web/core/registry";

// a salesperson does one step of a rule in the chatter, and says why the other is not done
registry.category("web_tour.tours").add("sales_discipline_regulation", {
    steps: () => [
        {trigger: ".o-mail-Activity:contains(Ask for the day):contains(Call the client)"},
        {trigger: ".o-mail-Activity:contains(Call the client) .o-mail-Activity-markDone", run: "click"},
        {trigger: ".modal .o_field_widget[name=rules]:contains(Ask for the day)"},
        {trigger: ".modal .o_field_widget[name=text] textarea", run: "edit Pays on Friday"},
        {trigger: ".modal button[name=action_apply]:visible", run: "click"},
        {trigger: ".o-mail-Message:contains(Pays on Friday)"},
        {trigger: ".o-mail-Activity:contains(Write a letter) button:contains(Cancel)", run: "click"},
        {trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit They never read letters"},
        {trigger: ".modal button[name=action_apply]:visible", run: "click"},
        {trigger: "body:not(:has(.modal)):not(:has(.o-mail-Activity))"},
    ],
});

// the same on My Day
registry.category("web_tour.tours").add("sales_discipline_regulation_day", {
    steps: () => [
        {
            trigger: "[data-activity]:contains(by 13:00) summary:contains(Rule: Rule lead_created)",
            run: "click",
        },
        {trigger: "[data-activity]:contains(Call the client) details[open] b:contains(Ask for the day)"},
        {trigger: "[data-activity]:contains(Write a letter) [aria-label^='Say why not']", run: "click"},
        {trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit They never read letters"},
        {trigger: ".modal button[name=action_apply]:visible", run: "click"},
        {trigger: "body:not(:has(.modal)):not(:has([data-activity]:contains(Write a letter)))"},
        {trigger: "[data-activity]:contains(Call the client) [data-form=done]", run: "click"},
        {trigger: ".modal .o_field_widget[name=text] textarea", run: "edit They want two"},
        {trigger: ".modal button[name=action_apply]:visible", run: "click"},
        {trigger: "body:not(:has(.modal)):not(:has([data-activity]:contains(Call the client)))"},
    ],
});

// and in the popover of a card
registry.category("web_tour.tours").add("sales_discipline_regulation_list", {
    steps: () => [
        {trigger: ".o_kanban_record:contains(Deal) .o-mail-ActivityButton", run: "click"},
        {trigger: ".o-mail-ActivityListPopoverItem-markAsDone", run: "click"},
        {trigger: ".modal .o_field_widget[name=text] textarea", run: "edit Pays on Friday"},
        {trigger: ".modal button[name=action_apply]:visible", run: "click"},
        {trigger: "body:not(:has(.modal))"},
    ],
});

// and in the list of activities, where Cancel asks for the reason
registry.category("web_tour.tours").add("sales_discipline_regulation_activities", {
    steps: () => [
        {trigger: ".o_data_row:contains(Call the client) button[name=action_cancel]", run: "click"},
        {trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit They never answer"},
        {trigger: ".modal button[name=action_apply]:visible", run: "click"},
        {trigger: "body:not(:has(.modal)):not(:has(.o_data_row:contains(Call the client)))"},
    ],
});
