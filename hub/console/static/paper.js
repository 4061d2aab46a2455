// One paper: pages, evidence, decision. Every act has a key; the mouse is never needed.
import { act, activeRecently, acts, ask, call, onKeys, own, say, sentence, tellHeld } from "/console/static/frame.js";
import { Stopwatch } from "/console/static/stopwatch.js";
import { Pictures, Stage, crop, tabs } from "/console/static/viewer.js";

const RENEW_MS = 30_000, STAY_MS = 300_000;
const paper = JSON.parse(document.getElementById("paper").textContent);
const address = `/api/requests/${paper.id}`;
const pictures = new Pictures(`${address}/pages`);
const [stage, beside] = [...document.querySelectorAll(".stage")].map((element) => new Stage(element));
const watch = new Stopwatch();
const seen = new Set();
const field = (id) => document.getElementById(id);
let page = 1, left = false, looking = -1, shown = false;

// ——— pages
function boxes(of) {
  const found = paper.findings.map((place, n) => ({ name: `finding-${n}`, kind: place.severity.toLowerCase(), place, number: n + 1 }));
  const read = paper.facts.map((place, n) => ({ name: `fact-${n}`, kind: place.sure ? "sure" : "unsure", place }));
  return [...read, ...found].filter((each) => each.place.page === of);
}

const ends = (of) => (of === paper.pages ? paper.last_page_ends_mm : undefined);

async function go(to) {
  if (to < 1 || to > paper.pages) return;
  page = to;
  tabs.select(page);
  const picture = await pictures.of(to);
  if (page !== to) return;
  stage.show(to, picture, boxes(to), ends(to));
  seen.add(to);
  tabs.markSeen(to);
  if (!beside.element.hidden) await showBeside();
}

async function showBeside() {
  const other = page < paper.pages ? page + 1 : page > 1 ? page - 1 : page;
  beside.show(other, await pictures.of(other), boxes(other), ends(other));
}

async function compare() {
  beside.element.hidden = !beside.element.hidden;
  document.querySelector("[data-act=compare]").setAttribute("aria-pressed", String(!beside.element.hidden));
  stage.layOut();
  if (!beside.element.hidden) await showBeside();
}

async function drawCrops() {
  for (const canvas of document.querySelectorAll("[data-crop]")) {
    const place = paper.facts[+canvas.dataset.crop.split("-")[1]];
    crop(canvas, await pictures.of(place.page), place);
  }
}

// ——— evidence
const looks = [...document.querySelectorAll("[data-look]")];

async function look(at) {
  looking = (at + looks.length) % looks.length;
  const button = looks[looking];
  if (!button) return;
  const [kind, n] = button.dataset.look.split("-");
  const place = (kind === "fact" ? paper.facts : paper.findings)[+n];
  for (const each of looks) each.classList.toggle("chosen", each === button);
  button.scrollIntoView({ block: "nearest" });
  if (place.page !== page) await go(place.page);
  if (stage.zoom === 1) stage.enlarge(1.8);
  stage.lookAt(place);
  stage.choose(button.dataset.look);
}

for (const [n, button] of looks.entries()) button.addEventListener("click", () => look(n));

// ——— who is there
async function judge(same) {
  if (!paper.asks_who) return;
  await call("PUT", `${address}/identity/answer`, { same_person: same });
  paper.same_person = same;
  for (const [act, means] of [["same", true], ["other", false]]) document.querySelector(`[data-act=${act}]`).setAttribute("aria-pressed", String(same === means));
  say(sentence(same ? "is_same" : "is_other"));
}

async function population() {
  const said = document.querySelector("[data-population]");
  if (!said) return;
  said.textContent = "…";
  try {
    const { vi, en } = await call("POST", `${address}/identity/population`);
    said.textContent = vi;
    said.title = en;
  } catch (fault) {
    said.textContent = "";
    throw fault;
  }
}

// ——— decision
async function decide(decision) {
  const seconds = Math.round(watch.seconds * 10) / 10;
  await call("POST", `${address}/decision`, { ...decision, seconds });
  own.add(seconds);
  leaveTo(`/console/next?after=${paper.id}`, { claimed: false });
}

function ready() {
  if (shown) return true;
  say(sentence("image_missing"), { bad: true });
  return false;
}

async function approve() {
  if (!ready() || document.querySelector("[data-act=approve]").disabled) return;
  const unseen = Array.from({ length: paper.pages }, (_, n) => n + 1).filter((each) => !seen.has(each));
  const unanswered = paper.asks_who && paper.same_person === null;
  const doubts = unseen.length || paper.to_decide || paper.at_counter || unanswered;
  if (doubts) {
    const told = field("approve-dialog").querySelector("[data-unseen]");
    told.hidden = !unseen.length;
    told.textContent = told.dataset.text.replace("#", unseen.join(", "));
    field("approve-dialog").querySelector("[data-open-findings]").hidden = !paper.to_decide;
    field("approve-dialog").querySelector("[data-who]").hidden = !unanswered;
    field("approve-dialog").querySelector("[data-counter]").hidden = !paper.at_counter;
    if (!(await ask("approve-dialog"))) return;
  }
  await decide({ verdict: "approve", original_seen: paper.original_seen });
}

async function refuse() {
  if (!ready()) return;
  const ground = field("ground"), text = field("refusal");
  const proposed = paper.findings[looks[looking]?.dataset.look.startsWith("finding") ? looking : 0]?.ground;
  ground.value = proposed in paper.refusals ? proposed : ground.options[0].value;
  text.value = paper.refusals[ground.value];
  if (await ask("refuse-dialog")) await decide({ verdict: "refuse", ground: ground.value, text: text.value });
}
field("ground").addEventListener("change", () => (field("refusal").value = paper.refusals[field("ground").value]));

async function rescan() {
  const which = field("rescan-page"), text = field("rescan-text");
  const lead = () => (text.value = text.dataset.lead.replace("#", which.value));
  which.value = page;
  which.oninput = lead;
  lead();
  if (await ask("rescan-dialog")) await decide({ verdict: "rescan", page: +which.value, text: text.value });
}

async function hand() {
  if (!(await ask("hand-dialog"))) return;
  await call("POST", `${address}/hand-on`, { colleague: field("colleague").value });
  leaveTo(`/console/next?after=${paper.id}`, { claimed: false });
}

// ——— coming and going
function leaveTo(where, { claimed = true } = {}) {
  left = !claimed;
  location.href = where;
}

async function keep() {
  if (document.hidden || !activeRecently(STAY_MS)) return;
  await call("PUT", `${address}/claim`, undefined, { passive: !activeRecently() });
}

addEventListener("pagehide", () => { if (!left) call("DELETE", `${address}/claim`, undefined, { passive: true, keepalive: true }).catch(() => {}); });
setInterval(() => act("keep"), RENEW_MS);
setInterval(() => (document.querySelector("[data-seconds]").textContent = Math.floor(watch.seconds)), 500);

const marks = () => document.querySelector(".stages").classList.toggle("marks-off");
const both = (deed) => () => [stage, beside].forEach(deed);
Object.assign(acts, {
  approve, refuse, rescan, hand, compare, marks, keep, population, same: () => judge(true), other: () => judge(false),
  next: () => leaveTo(`/console/next?after=${paper.id}`),
  previous: () => leaveTo(`/console/previous?before=${paper.id}`),
  fit: both((each) => each.fit()), turn: both((each) => each.rotate(90)),
  "zoom-in": both((each) => each.enlarge(1.3)), "zoom-out": both((each) => each.enlarge(1 / 1.3)),
});
for (const tab of document.querySelectorAll("[data-page]")) tab.addEventListener("click", () => go(+tab.dataset.page));

const pan = (x, y) => () => stage.pan(x, y);
onKeys({
  a: "approve", r: "refuse", s: "rescan", h: "hand", u: "take-back", j: "next", k: "previous", b: "confirm", p: "key", q: () => leaveTo("/console/queue"),
  c: "compare", m: "marks", d: "population", y: "same", n: "other", "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", 0: "fit", ".": "turn", ",": both((each) => each.rotate(-90)), "?": "help",
  ArrowRight: () => go(page + 1), ArrowLeft: () => go(page - 1), ArrowDown: () => look(looking + 1), ArrowUp: () => look(looking - 1),
  "Shift+ArrowRight": pan(1, 0), "Shift+ArrowLeft": pan(-1, 0), "Shift+ArrowDown": pan(0, 1), "Shift+ArrowUp": pan(0, -1),
  ...Object.fromEntries(Array.from({ length: 9 }, (_, n) => [n + 1, () => go(n + 1)])),
});

go(1).then(() => { shown = true; watch.start(); document.body.dataset.shown = "1"; return drawCrops(); }).then(() => { document.body.dataset.ready = "1"; }, () => say(sentence("image_missing"), { bad: true, forMs: 0 }));
act("keep");
tellHeld();
