// The queue: choose with j and k, open with Enter; what is shown renews itself while the page is looked at.
import { act, call, onKeys, own, tellHeld } from "/console/static/frame.js";

const EVERY_MS = 5000;
const now = document.getElementById("now");
let chosen = "";

const rows = () => [...now.querySelectorAll("tr[data-paper]")];

function show() {
  const all = rows();
  if (!all.some((row) => row.dataset.paper === chosen)) chosen = (all.find((row) => !row.classList.contains("taken")) ?? all[0])?.dataset.paper ?? "";
  for (const row of all) row.classList.toggle("chosen", row.dataset.paper === chosen);
  const place = now.querySelector("[data-own]");
  if (place) place.textContent = own.text();
}

function move(by) {
  const all = rows();
  const at = all.findIndex((row) => row.dataset.paper === chosen);
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  if (!next) return;
  chosen = next.dataset.paper;
  show();
  next.scrollIntoView({ block: "nearest" });
}

const open = () => { if (chosen) location.href = `/console/papers/${chosen}`; };

async function renew() {
  if (document.hidden || document.querySelector("dialog[open]")) return;
  const fresh = new DOMParser().parseFromString(await call("GET", "/console/queue/now", undefined, { passive: true }), "text/html");
  now.replaceChildren(...fresh.body.childNodes);
  show();
}

now.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-paper]");
  if (row) { chosen = row.dataset.paper; open(); }
});
document.addEventListener("changed", () => renew().catch(() => {}));
onKeys({ j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: open, u: "take-back", b: "confirm", p: "key", "?": "help" });
setInterval(() => renew().catch(() => {}), EVERY_MS);
show();
tellHeld();
