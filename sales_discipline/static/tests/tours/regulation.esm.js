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
        {trigger: "[data-activity]:contains(Call the client) [data-form=done]", run: "click"},
        {trigger: ".modal .o_field_widget[name=text] textarea", run: "edit They want two"},
        {trigger: ".modal button[name=action_apply]:visible", run: "click"},
        {trigger: "body:not(:has(.modal)):not(:has([data-activity]:contains(Call the client)))"},
    ],
});
