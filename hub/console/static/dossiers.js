// A receipt is scanned: what is in its dossier is shown, then taken once. A scanner types the QR's text and Enter.
import { Refused, call, complain, sentence } from "/console/static/frame.js";

const receipt = document.getElementById("receipt");
const [refused, given, contents] = ["refused", "given", "contents"].map((id) => document.getElementById(id));
const csrf = document.querySelector("meta[name=csrf]").content;
let code = "";

function tell(fault) {
  if (!(fault instanceof Refused)) throw fault;
  const { vi, en } = sentence(fault.code, { cause: fault.message });
  refused.replaceChildren(vi, Object.assign(document.createElement("span"), { className: "en", lang: "en", textContent: en }));
  refused.hidden = false;
}

receipt.addEventListener("submit", async (event) => {
  event.preventDefault();
  code = receipt.code.value.trim();
  refused.hidden = given.hidden = true;
  contents.replaceChildren();
  try {
    const html = await call("POST", "/api/dossiers/contents", { code });
    contents.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    receipt.reset();
    contents.querySelector("#purpose")?.focus();
  } catch (fault) {
    tell(fault);
    receipt.code.select();
  }
});

contents.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { only, purpose } = Object.fromEntries(new FormData(event.target));
  try {
    const answer = await fetch("/api/dossiers/package", {
      method: "POST", headers: { "x-csrf-token": csrf, "content-type": "application/json" }, body: JSON.stringify({ code, only: only ?? "", purpose }),
    });
    if (!answer.ok) { const told = await answer.json(); throw new Refused(told.code, told.cause); }
    save(await answer.blob(), decodeURIComponent(answer.headers.get("content-disposition").split("''")[1]));
    contents.replaceChildren();
    given.hidden = false;
    receipt.code.focus();
  } catch (fault) {
    complain(fault);
  }
});

function save(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}
