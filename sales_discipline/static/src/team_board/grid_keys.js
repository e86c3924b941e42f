const FOCUSABLE = "button, a[href]";
const STEPS = {ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1]};

function focusableOf(cell) {
    return cell && cell.querySelector(FOCUSABLE);
}

/** The next cell in a direction that has something to press. */
function findNext(table, cell, [down, along]) {
    const rows = [...table.rows];
    let row = cell.parentElement.rowIndex;
    let column = cell.cellIndex;
    for (;;) {
        row += down;
        column += along;
        const next = rows[row]?.cells[column];
        if (!rows[row] || (along && !next)) {
            return null;
        }
        if (focusableOf(next)) {
            return focusableOf(next);
        }
    }
}

/** One stop for the Tab key in the whole table: the cell chosen, else that which had the focus last, else the first. */
export function keepOneStop(table, chosen) {
    const before = table.querySelector("[tabindex='0']");
    const stop = chosen || before || focusableOf(table);
    if (before && before !== stop) {
        before.tabIndex = -1;
    }
    if (stop) {
        stop.tabIndex = 0;
    }
}

/**
 * The arrows walk through the cells of a table as in a spreadsheet; Home and End go to the ends of a row. What stands on
 * the right is the next cell in left-to-right languages and the one before in the others.
 *
 * @param {KeyboardEvent} ev of the table
 */
export function walkGrid(ev) {
    const table = ev.currentTarget;
    const cell = ev.target.closest("td, th");
    if (!cell || ev.ctrlKey || ev.metaKey || ev.altKey) {
        return;
    }
    let found = null;
    if (STEPS[ev.key]) {
        const [down, along] = STEPS[ev.key];
        const isMirrored = getComputedStyle(table).direction === "rtl";
        found = findNext(table, cell, [down, isMirrored ? -along : along]);
    } else if (ev.key === "Home" || ev.key === "End") {
        const stops = [...cell.parentElement.querySelectorAll(FOCUSABLE)];
        found = stops.at(ev.key === "Home" ? 0 : -1);
    } else {
        return;
    }
    ev.preventDefault();
    if (found) {
        keepOneStop(table, found);
        found.focus();
    }
}
