// One digitised paper: its scan beside what was read of it; accepted as the fields stand, or sent back with a reason.
import { acts, ask, call, onKeys, say, sentence } from "/console/static/frame.js";
import { Pictures, Stage, crop, tabs } from "/console/static/viewer.js";

const paper = JSON.parse(document.getElementById("paper").textContent);
const address = `/api/digitised/${encodeURIComponent(paper.code)}`;
const pictures = new Pictures(`${address}/pages`);
const stage = new Stage(document.querySelector(".stage"));
const form = document.getElementById("fields");
const names = { type_name: "TypeName", code_number: "CodeNumber", code_notation: "CodeNotation", issued_date: "IssuedDate", organ_name: "OrganName", subject: "Subject" };
const seen = new Set();
let page = 1;

function boxes(of) {
  return Object.entries(paper.places).filter(([, place]) => place.page === of).map(([name, place]) => ({ name, kind: "unsure", place }));
}

async function go(to) {
  if (to < 1 || to > paper.pages) return;
  page = to;
  tabs.select(page);
  const picture = await pictures.of(to);
  if (page !== to) return;
  stage.show(to, picture, boxes(to));
  seen.add(to);
  tabs.markSeen(to);
}

async function drawCrops() {
  for (const canvas of document.querySelectorAll("[data-crop]")) {
    const place = paper.places[canvas.dataset.crop];
    crop(canvas, await pictures.of(place.page), place);
  }
}

// the place of the field that has the focus is shown on the scan
form.addEventListener("focusin", async (event) => {
  const name = event.target.name, place = paper.places[name];
  for (const each of form.querySelectorAll("[data-field]")) each.classList.toggle("chosen", each.dataset.field === name);
  stage.choose(name);
  if (!place) return;
  if (place.page !== page) await go(place.page);
  if (stage.zoom > 1) stage.lookAt(place);
  stage.choose(name);
});
form.addEventListener("input", (event) => event.target.closest("[data-field]").classList.toggle("ask", !event.target.value.trim()));
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("keydown", (event) => { if (event.key === "Escape") event.target.blur(); });

function checked() {
  const typed = Object.fromEntries([...new FormData(form)].map(([name, value]) => [names[name], value.trim()]));
  typed.IssuedDate = typed.IssuedDate.split("/").reverse().join("-"); // shown as 04/03/2026 whatever the browser's language
  return { ...paper.metadata, ...typed };
}

function nextField() {
  const blank = [...form.elements].find((each) => !each.value.trim());
  (blank ?? form.elements[0]).focus();
}

async function accept() {
  if (!form.reportValidity()) return;
  const unseen = Array.from({ length: paper.pages }, (_, n) => n + 1).filter((each) => !seen.has(each));
  const told = document.querySelector("[data-unseen]");
  told.hidden = !unseen.length;
  told.textContent = told.dataset.text.replace("#", unseen.join(", "));
  if ((unseen.length || paper.differs) && !(await ask("accept-dialog"))) return;
  await call("POST", `${address}/acceptance`, checked());
  location.href = on();
}

async function sendBack() {
  if (!(await ask("return-dialog"))) return;
  await call("POST", `${address}/return`, { reason: document.getElementById("reason").value });
  location.href = on();
}

const on = ({ back = false } = {}) => `/console/digitised/next?after=${encodeURIComponent(paper.code)}${back ? "&back=1" : ""}`;
const after = (back) => () => (location.href = on({ back }));
const pan = (x, y) => () => stage.pan(x, y);
Object.assign(acts, {
  accept, "send-back": sendBack, next: after(false), previous: after(true),
  fit: () => stage.fit(), turn: () => stage.rotate(90), marks: () => document.querySelector(".stages").classList.toggle("marks-off"),
  "zoom-in": () => stage.enlarge(1.3), "zoom-out": () => stage.enlarge(1 / 1.3),
});
for (const tab of document.querySelectorAll("[data-page]")) tab.addEventListener("click", () => go(+tab.dataset.page));
onKeys({
  a: "accept", s: "send-back", j: "next", k: "previous", f: nextField, q: () => (location.href = "/console/digitised"), m: "marks",
  "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", 0: "fit", ".": "turn", ",": () => stage.rotate(-90), "?": "help",
  ArrowRight: () => go(page + 1), ArrowLeft: () => go(page - 1),
  "Shift+ArrowRight": pan(1, 0), "Shift+ArrowLeft": pan(-1, 0), "Shift+ArrowDown": pan(0, 1), "Shift+ArrowUp": pan(0, -1),
  ...Object.fromEntries(Array.from({ length: 9 }, (_, n) => [n + 1, () => go(n + 1)])),
});
go(1).then(drawCrops).then(() => { document.body.dataset.ready = "1"; }, () => say(sentence("image_missing"), { bad: true, forMs: 0 }));
