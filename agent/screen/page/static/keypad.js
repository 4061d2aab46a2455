// A keypad beside the screen (arrows, Enter, Back; EZ-Access and the like send these keys), or a keyboard alone.
"use strict";

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const BACK = ["Escape", "BrowserBack", "GoBack"];
const HELP = ["F1", "Help"];

function reachable() {
  const over = document.getElementById("over");
  const room = over.hidden ? document.getElementById("screen") : over;
  return [...room.querySelectorAll("button:not(:disabled)")].filter((each) => each.checkVisibility());
}

// Back is the tool that goes back or cancels; over a scene it is what closes.
function back() {
  const over = document.querySelector("#over:not([hidden])");
  (over ? over.querySelector("#close") : document.querySelector("#foot #back, #foot #ask-cancel"))?.click();
}

// The nearest control in the arrow's direction. Across it a step counts half to one that lies in its way, which may be
// wide, and thrice to one beside it, so that rows and columns hold.
function nearest(from, [x, y], all) {
  const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
  const here = from.getBoundingClientRect(), [a, b] = middle(here);
  let best, least = Infinity;
  for (const each of all) {
    const box = each.getBoundingClientRect(), [c, d] = middle(box);
    const along = (c - a) * x + (d - b) * y, across = Math.abs((c - a) * y) + Math.abs((d - b) * x);
    const gap = x ? Math.max(box.top - here.bottom, here.top - box.bottom, 0) : Math.max(box.left - here.right, here.left - box.right, 0);
    const far = along + (gap ? 3 : 0.5) * across;
    if (each !== from && along > 1 && far < least) [best, least] = [each, far];
  }
  return best;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (BACK.includes(event.key)) { event.preventDefault(); back(); return; }
  if (HELP.includes(event.key)) { event.preventDefault(); document.querySelector("#foot #call")?.click(); return; }
  if (event.key.length === 1) { delete document.body.dataset.keypad; return; }
  const way = ARROWS[event.key];
  if (!way && event.key !== "Tab") return;
  document.body.dataset.keypad = "on";
  if (!way) return;
  event.preventDefault();
  const all = reachable(), now = document.activeElement;
  const first = all.find((each) => each.hasAttribute("data-enter")) ?? all[0];
  (all.includes(now) ? nearest(now, way, all) : first)?.focus();
});
document.addEventListener("pointerdown", () => { delete document.body.dataset.keypad; });
