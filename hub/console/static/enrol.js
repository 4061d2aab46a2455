// Enrolling one kiosk: a code is made and shown once, a carried request is read, compared and answered.
import { call, complain, sentence } from "/console/static/frame.js";

const parts = document.querySelector(".enrol");
const kiosk = parts?.dataset.kiosk;
const part = (name) => document.querySelector(`[data-${name}]`);
const show = (id) => { const found = document.getElementById(id); found.hidden = false; found.scrollIntoView({ block: "nearest" }); };
let request = "";

// the hub drew these pictures itself: QR codes without scripts
const drawn = (svg) => new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;

part("make-code")?.addEventListener("click", async () => {
  try {
    const made = await call("POST", `${kiosk}/enrolment-code`);
    part("picture").replaceChildren(drawn(made.picture));
    part("ticket").textContent = made.ticket;
    part("code").textContent = made.code;
    show("ticket");
  } catch (fault) { complain(fault); }
});

function base64(file) {
  return new Promise((done, failed) => {
    const reader = Object.assign(new FileReader(), { onload: () => done(reader.result.split(",")[1]), onerror: failed });
    reader.readAsDataURL(file);
  });
}

document.getElementById("photos")?.addEventListener("change", async (event) => {
  const told = document.getElementById("photo-fault");
  told.hidden = true;
  for (const id of ["compare", "answer"]) document.getElementById(id).hidden = true;
  try {
    const pictures = await Promise.all([...event.target.files].map(base64));
    const read = await call("POST", `${kiosk}/carried-requests`, { pictures });
    request = read.request;
    part("key").textContent = read.fingerprint;
    show("compare");
  } catch (fault) {
    const words = sentence(fault.code === "CARRIED_WRONG" ? fault.code : "other", { cause: fault.message });
    Object.assign(told, { textContent: `${words.vi} ${words.en}`, hidden: false });
  }
});

part("answer")?.addEventListener("click", async () => {
  try {
    const answer = await call("POST", `${kiosk}/carried-answers`, { request });
    part("pictures").replaceChildren(...answer.pictures.map(drawn));
    document.getElementById("compare").hidden = true;
    show("answer");
  } catch (fault) { complain(fault); }
});

for (const [name, method, path] of [["release", "DELETE", "quarantine"], ["revoke", "POST", "revocation"]]) {
  part(name)?.addEventListener("click", (event) => {
    if (confirm(event.target.dataset.ask)) call(method, `${kiosk}/${path}`).then(() => location.reload(), complain);
  });
}
