// The queue: choose with j and k, open with Enter; what is shown renews itself while the page is looked at.
import { Chooser } from "/console/static/chooser.js";
import { call, onKeys, own, tellHeld } from "/console/static/frame.js";

const EVERY_MS = 5000;
const now = document.getElementById("now");
const papers = new Chooser(now, "/console/papers");

function show() {
  papers.show();
  const place = now.querySelector("[data-own]");
  if (place) place.textContent = own.text();
}

async function renew() {
  if (document.hidden || document.querySelector("dialog[open]")) return;
  const fresh = new DOMParser().parseFromString(await call("GET", "/console/queue/now", undefined, { passive: true }), "text/html");
  now.replaceChildren(...fresh.body.childNodes);
  show();
}

document.addEventListener("changed", () => renew().catch(() => {}));
onKeys({ ...papers.keys, u: "take-back", b: "confirm", p: "key", "?": "help" });
setInterval(() => renew().catch(() => {}), EVERY_MS);
show();
tellHeld();
