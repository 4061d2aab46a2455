"use strict";

// A challenge: the whole screen shines in its colours in turn, and says when the head is to be turned. Its time begins
// in the frame that paints the first light, of which the agent is told, as of the end: a page that is not seen paints none.
let played = "";
function play({ prompt, lights, turn, turnAt, length, left, right }) {
  if (played === prompt) return;
  played = prompt;
  const lamp = Object.assign(document.createElement("div"), { className: "lamp" });
  const words = lamp.appendChild(document.createElement("p"));
  const steps = lights.split(";").filter(Boolean).map((step) => step.split(" "));
  let began;
  const paint = () => {
    if (began === undefined) { began = performance.now(); send("painted", prompt); }
    const at = (performance.now() - began) / 1000;
    if (at >= length) { lamp.remove(); send("played", prompt); return; }
    const [, ...colour] = steps.findLast(([start]) => start <= at);
    lamp.style.background = `color(srgb-linear ${colour.join(" ")})`;
    if (at >= turnAt) words.textContent = turn === "left" ? `◀ ${left}` : `${right} ▶`;
    requestAnimationFrame(paint);
  };
  requestAnimationFrame(() => { document.body.append(lamp); paint(); });
}
