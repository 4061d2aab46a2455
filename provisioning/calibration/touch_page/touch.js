// Shows one cross after the other, and says where the finger came down.
"use strict";

const cross = document.getElementById("cross");
let now; // what the command wants: {number, of, across, down}, or {number: null} when all were touched

function show(wanted) {
  now = wanted;
  cross.toggleAttribute("hidden", wanted.number === null);
  if (wanted.number === null) {
    document.getElementById("told").textContent = "Đã xong";
    document.getElementById("told-en").textContent = "Done";
    document.getElementById("count").textContent = "";
    return;
  }
  cross.style.left = `${wanted.across * innerWidth}px`;
  cross.style.top = `${wanted.down * innerHeight}px`;
  document.getElementById("count").textContent = `${wanted.number + 1} / ${wanted.of}`;
}

async function touched(event) {
  if (!event.isPrimary || !now || now.number === null) return;
  const said = { number: now.number, x: event.clientX, y: event.clientY, wide: innerWidth, high: innerHeight };
  now = undefined; // a second finger, or the same one trembling, is no second touch
  show(await (await fetch("/touched", { method: "POST", body: JSON.stringify(said) })).json());
}

document.addEventListener("pointerdown", touched);
document.addEventListener("contextmenu", (event) => event.preventDefault());
addEventListener("resize", () => now && show(now));
fetch("/wanted").then((answer) => answer.json()).then(show);
