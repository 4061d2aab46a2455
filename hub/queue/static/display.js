// The hall's display: asks for its content, and says each new call once as the event `call` (a voice may listen).
const LOOK_MS = 2000;
const place = document.getElementById("now");
const lost = document.getElementById("lost");
const last = () => place.querySelector("[data-call]");
let called = last()?.dataset.call;

function announce(section) {
  section.classList.add("fresh");
  const { number, counter } = section.dataset;
  document.dispatchEvent(new CustomEvent("call", { detail: { number, counter } }));
}

async function look() {
  try {
    const answer = await fetch("/display/now", { signal: AbortSignal.timeout(5000) });
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    lost.hidden = true;
    if (html !== look.shown) place.innerHTML = look.shown = html;
    const section = last();
    if (section && section.dataset.call !== called) announce(section);
    called = section?.dataset.call ?? called;
  } catch {
    lost.hidden = false;
  }
  setTimeout(look, LOOK_MS);
}

look();
