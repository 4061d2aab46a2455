// The fleet's pages: what is shown renews itself; verbs, rollouts and alerts are asked and then shown as they are.
import { call, complain } from "/console/static/frame.js";

const EVERY_MS = 5000;
const now = document.getElementById("now");

async function renew() {
  if (document.hidden || now.contains(document.activeElement)) return;
  const fresh = new DOMParser().parseFromString(await call("GET", now.dataset.now, undefined, { passive: true }), "text/html");
  now.replaceChildren(...fresh.body.childNodes);
}
if (now) setInterval(() => renew().catch(() => {}), EVERY_MS);

// one setting a line: key = value, the value as JSON
function settings(text) {
  return Object.fromEntries(text.split("\n").filter((line) => line.trim()).map((line) => {
    const [key, ...rest] = line.split("=");
    const value = rest.join("=").trim();
    try { return [key.trim(), JSON.parse(value)]; } catch { return [key.trim(), value]; }
  }));
}

const again = (target) => (target ? (location.href = target) : location.reload());

addEventListener("click", (event) => {
  const button = event.target.closest("[data-verb], [data-take-up], [data-stop], [data-pause]");
  if (!button) return;
  const { verb, which, takeUp, stop, pause, ask } = button.dataset;
  if (takeUp) {
    const note = prompt(ask);
    if (note !== null) call("PUT", `/api/alerts/${takeUp}/acknowledgement`, { note }).then(() => again(), complain);
  } else if (pause) {
    call("PUT", pause, { paused: JSON.parse(button.dataset.paused) }).then(() => again(), complain);
  } else if (which) {
    const release = prompt(`${ask}\n${which}`);
    if (release) call("PUT", button.closest("[data-job]").dataset.job, { verb, release }).then(() => again(), complain);
  } else if (confirm(ask)) {
    const done = stop ? call("DELETE", stop) : call("PUT", button.closest("[data-job]").dataset.job, { verb });
    done.then(() => again(), complain);
  }
});

document.getElementById("configure")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  call("PUT", form.dataset.job, { verb: "configure", settings: settings(form.settings.value) }).then(() => again(), complain);
});

const rollout = document.getElementById("rollout");
const showOnly = () => {
  for (const part of rollout.querySelectorAll("[data-only]")) part.hidden = rollout.verb.value !== part.dataset.only;
};
rollout?.verb.addEventListener("change", showOnly);
if (rollout) showOnly();
rollout?.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!confirm(rollout.dataset.ask)) return;
  const verb = rollout.verb.value;
  const wish = { verb, group: rollout.group.value, canary: Number(rollout.canary.value), ring: Number(rollout.ring.value), most_failed: Number(rollout.most_failed.value), lasts_s: 60 * Number(rollout.minutes.value) };
  if (verb === "configure") wish.settings = settings(rollout.settings.value);
  if (verb === "update") wish.release = rollout.release.value;
  const path = `/rollouts/${rollout.dataset.rollout}`;
  call("PUT", `/api${path}`, wish).then(() => again(`/console${path}`), complain);
});
