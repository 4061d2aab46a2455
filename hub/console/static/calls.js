// A counter calls numbers. Each call names the ticket that the page shows: a key pressed twice calls nobody twice.
import { act, acts, ask, call, complain, onKeys, Refused, say, sentence } from "/console/static/frame.js";

const EVERY_MS = 3000;
const now = document.getElementById("now");
const path = (verb) => `/api/counters/${encodeURIComponent(now.dataset.desk)}/${verb}`;
const there = () => now.querySelector("[data-ticket]").dataset.ticket;
let busy = false;

async function renew() {
  const page = `/console/calls/${encodeURIComponent(now.dataset.desk)}/now`;
  const fresh = new DOMParser().parseFromString(await call("GET", page, undefined, { passive: true }), "text/html");
  now.replaceChildren(...fresh.body.childNodes);
}

async function send(verb, body) {
  if (busy) return null;
  busy = true;
  try {
    return await call("POST", path(verb), body);
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    complain(fault);
    return null;
  } finally {
    busy = false;
    await renew().catch(complain);
  }
}

acts.next = async () => {
  const told = await send("next", { after: there() });
  if (told && !told.ticket) say(sentence("nobody_to_call"));
};
for (const verb of ["recall", "skip", "finish"]) acts[verb] = () => there() && send(verb, { ticket: there() });
acts.transfer = async () => {
  const ticket = there();
  if (ticket && (await ask("transfer-dialog"))) await send("transfer", { ticket, service: document.getElementById("service").value });
};
acts["bring-back"] = (button) => send("return", { ticket: button.dataset.back });

const press = (verb) => () => now.querySelector(`[data-act="${verb}"]:not(:disabled)`) && act(verb);
const next = (event) => { if (!event.target.closest("button, a")) press("next")(); }; // Enter on a button is the button's
onKeys({ n: press("next"), Enter: next, r: press("recall"), v: press("skip"), x: press("finish"), c: press("transfer"), "?": "help" });
setInterval(() => { if (!busy && !document.hidden && !document.querySelector("dialog[open]")) renew().catch(() => {}); }, EVERY_MS);
