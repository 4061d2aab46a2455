// What every page has: calls to the hub, sentences, dialogs, the key, taking back. No library, no build step.
const read = (id, otherwise) => JSON.parse(document.getElementById(id)?.textContent ?? otherwise);
const words = read("words", "{}");
const csrf = document.querySelector("meta[name=csrf]").content;
const toast = document.querySelector(".toast");
const ACTIVE_MS = 60_000;
let held = read("held", "[]").map((each) => ({ ...each, until: performance.now() + each.left * 1000 }));
let lastInput = Date.now();

for (const kind of ["keydown", "pointerdown", "wheel", "pointermove"]) addEventListener(kind, () => (lastInput = Date.now()), { passive: true, capture: true });

export const activeRecently = (ms = ACTIVE_MS) => Date.now() - lastInput < ms;

export class Refused extends Error {
  constructor(code, cause) { super(cause); this.code = code; }
}

export async function call(method, path, body, { passive = false, keepalive = false } = {}) {
  const headers = { "x-csrf-token": csrf };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (passive) headers["x-passive"] = "1";
  let answer;
  try {
    answer = await fetch(path, { method, headers, keepalive, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Refused("offline", "");
  }
  if (answer.status === 401) { location.href = "/console/login?why=over"; throw new Refused("NOT_LOGGED_IN", ""); }
  if (!answer.ok) { const told = await answer.json().catch(() => ({})); throw new Refused(told.code ?? "other", told.cause ?? String(answer.status)); }
  return answer.status === 204 ? null : answer.headers.get("content-type")?.includes("json") ? answer.json() : answer.text();
}

function filled(text, values) { return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? ""); }

export function sentence(key, values = {}) {
  const found = words[key] ?? words.other;
  return { vi: filled(found.vi, values), en: filled(found.en, values) };
}

export function say({ vi, en }, { bad = false, forMs = 5000 } = {}) {
  const small = Object.assign(document.createElement("span"), { className: "en", lang: "en", textContent: en });
  toast.replaceChildren(`${vi} `, small);
  toast.classList.toggle("bad", bad);
  toast.hidden = false;
  clearTimeout(say.timer);
  if (forMs) say.timer = setTimeout(() => (toast.hidden = true), forMs);
}

export function complain(fault) {
  if (!(fault instanceof Refused)) throw fault;
  const known = fault.code in words;
  say(sentence(known ? fault.code : "other", { cause: fault.message }), { bad: true, forMs: 9000 });
}

let openings = 0;
export function ask(id) {
  const dialog = document.getElementById(id);
  const mine = (dialog.opening = ++openings);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => {
    const closed = () => {
      if (dialog.open && dialog.opening === mine) return; // the end of an earlier opening, told late
      dialog.removeEventListener("close", closed);
      done(dialog.opening === mine && dialog.returnValue === "ok");
    };
    dialog.addEventListener("close", closed);
  });
}

export const acts = {
  "log-out": async () => { await call("DELETE", "/api/session"); location.href = "/console/login"; },
  "close-dialog": (button) => button.closest("dialog").close(),
  help: () => document.getElementById("help-dialog")?.showModal(),
  "take-back": takeBack,
  confirm: confirmHeld,
  key: useKey,
};

async function takeBack() {
  const last = held[0];
  if (!last || last.until < performance.now()) return say(sentence("nothing_to_take_back"));
  await call("DELETE", `/api/requests/${last.id}/decision`);
  location.href = `/console/papers/${last.id}`;
}

async function confirmHeld() {
  const { count } = await call("POST", "/api/decisions/confirmation");
  held = [];
  say(sentence("confirmed", { count }));
  if (document.querySelector(".key")?.dataset.open === "0") say(sentence("confirmed_waiting"));
  document.dispatchEvent(new Event("changed"));
}

async function useKey() {
  const chip = document.querySelector(".key");
  if (!chip) return;
  if (chip.dataset.open === "1") { await call("DELETE", "/api/key/session"); return location.reload(); }
  const dialog = document.getElementById("pin-dialog");
  const field = dialog.querySelector("input");
  const wrong = dialog.querySelector(".wrong");
  wrong.hidden = true;
  while (await ask("pin-dialog")) {
    try {
      if (chip.dataset.pin === "NOT_CHOSEN") { await call("POST", "/api/key/pin", { pin: field.value }); chip.dataset.pin = "CHOSEN"; }
      await call("POST", "/api/key/session", { pin: field.value });
      return location.reload();
    } catch (fault) {
      const told = sentence(fault.code, { cause: fault.message });
      wrong.textContent = `${told.vi} ${told.en}`;
      wrong.hidden = false;
    } finally {
      field.value = "";
    }
  }
}

export async function act(name, ...given) {
  try { await acts[name]?.(...given); } catch (fault) { complain(fault); }
}

addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button && !button.disabled) act(button.dataset.act, button);
});

const typing = (target) => target.closest?.("input, textarea, select, dialog[open]");

export function onKeys(table) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter") document.querySelector("dialog[open] [value=ok]")?.click();
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || typing(event.target)) return;
    const named = (event.shiftKey && event.key.startsWith("Arrow") ? "Shift+" : "") + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
    const found = table[named];
    if (!found) return;
    event.preventDefault();
    if (typeof found === "string") act(found); else found(event);
  });
}

// the newest decision can be taken back for 30 s: said on whichever page comes next
export function tellHeld() {
  const last = held[0];
  if (!last) return;
  const what = sentence({ approve: "approved", refuse: "refused", rescan: "rescanned" }[last.verdict]);
  const tick = () => {
    const seconds = Math.ceil((last.until - performance.now()) / 1000);
    if (seconds <= 0) { toast.hidden = true; return; }
    const text = words.taken_back_in;
    say({ vi: filled(text.vi, { what: what.vi, seconds }), en: filled(text.en, { what: what.en, seconds }) }, { forMs: 0 });
    say.timer = setTimeout(tick, 1000);
  };
  tick();
}

// "yours today" lives in this tab only
export const own = {
  add(seconds) { sessionStorage.setItem("own", JSON.stringify([...own.all(), seconds])); },
  all: () => JSON.parse(sessionStorage.getItem("own") ?? "[]"),
  text() {
    const all = own.all().toSorted((a, b) => a - b);
    if (!all.length) return sentence("none_yet").vi;
    const middle = all.length >> 1;
    const median = all.length % 2 ? all[middle] : (all[middle - 1] + all[middle]) / 2;
    return sentence("of_you", { count: all.length, median: median.toFixed(1).replace(".", ",") }).vi;
  },
};
