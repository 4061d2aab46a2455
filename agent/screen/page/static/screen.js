// The browser's part: shows the fragments that the agent sends, and sends back what was touched.
"use strict";

const PARTS = ["top", "stage", "facts", "foot", "over"];
const screen_ = () => document.getElementById("screen");
let socket;
let read = ""; // what a hand-held code reader has typed so far

function connect() {
  socket = new WebSocket(`ws://${location.host}/page/live`);
  socket.onopen = () => { document.getElementById("gone").hidden = true; };
  socket.onmessage = (message) => show(message.data);
  socket.onclose = () => {
    document.getElementById("gone").hidden = false;
    setTimeout(connect, 500);
  };
}

function show(html) {
  const held = document.activeElement?.id;
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("screen");
  const now = screen_();
  const isNew = now.dataset.scene !== fresh.dataset.scene;
  for (const { name, value } of fresh.attributes) now.setAttribute(name, value);
  document.documentElement.lang = fresh.lang;
  for (const id of PARTS) {
    const [before, after] = [document.getElementById(id), fresh.querySelector(`#${id}`)];
    if (!before.isEqualNode(after)) before.replaceWith(after);
  }
  const challenge = document.querySelector("[data-prompt]");
  if (challenge) play(challenge.dataset);
  if (isNew) { read = ""; document.getElementById("stage").scrollTop = 0; }
  const told = [...document.querySelectorAll("#over:not([hidden]) h1, #over:not([hidden]) .lead")];
  const words = (told.length ? told : [...document.querySelectorAll("#stage h1, #stage .lead, #stage .problem")])
    .map((each) => each.textContent.trim()).join(" ");
  if (document.getElementById("told").textContent !== words) document.getElementById("told").textContent = words;
  const again = document.getElementById("over").querySelector("[data-enter], .veil") || (held && document.getElementById(held));
  if (again && document.activeElement !== again) again.focus({ preventScroll: true });
}

function send(deed, value) {
  if (socket.readyState === WebSocket.OPEN) {
    socket.send(JSON.stringify({ scene: screen_().dataset.scene, do: deed, value }));
  }
}

// A touch is answered in the next frame, whatever the agent is at: the button looks pressed until the answer is drawn.
const PRESSED_MS = 600;
function press(button) {
  if (!button) return;
  button.dataset.pressed = "";
  setTimeout(() => delete button.dataset.pressed, PRESSED_MS);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  if (!button || button.disabled) return;
  press(button);
  send(button.dataset.do, button.dataset.value);
});

// A real keyboard types where the screen shows one; a code reader types a whole code and Enter where one may pay.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const isOver = !document.getElementById("over").hidden;
  if (!isOver && document.querySelector("[data-reader]")) {
    if (event.key.length === 1) read += event.key;
    else if (event.key === "Enter" && read.length > 8) { send("voucher", read); read = ""; event.preventDefault(); return; }
  }
  if (!isOver && document.querySelector("[data-typing]")) {
    const key = { Backspace: "del", " ": "space" }[event.key] ?? (event.key.length === 1 ? event.key : "");
    if (key) { event.preventDefault(); press(document.getElementById(`key-${key.toLowerCase()}`)); send("key", key); return; }
  }
  if (event.key === "Enter" && (!document.activeElement || document.activeElement === document.body || (document.activeElement.dataset.do === "key" && !document.body.dataset.keypad))) {
    const main = document.querySelector("#over:not([hidden]) [data-enter]") ?? document.querySelector("#stage [data-enter]");
    if (main) { event.preventDefault(); main.click(); }
  }
});

// That this screen lives is told by a frame that was drawn, not by the program that should draw it.
const DRAWN_EVERY_MS = 5000;
setInterval(() => requestAnimationFrame(() => send("drawn")), DRAWN_EVERY_MS);

document.addEventListener("contextmenu", (event) => event.preventDefault());
connect();
