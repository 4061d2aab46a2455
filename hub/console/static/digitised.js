// Digitised papers: accepted with their metadata as they stand in the form, or sent back with a reason.
import { call, complain } from "/console/static/frame.js";

const place = (code) => `/api/digitised/${encodeURIComponent(code)}`;

for (const form of document.querySelectorAll("[data-accept]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const checked = { ...JSON.parse(form.dataset.metadata), ...Object.fromEntries(new FormData(form)) };
    call("POST", `${place(form.dataset.accept)}/acceptance`, checked).then(() => location.reload(), complain);
  });
}

for (const button of document.querySelectorAll("[data-return]")) {
  button.addEventListener("click", () => {
    const reason = prompt(button.dataset.ask)?.trim();
    if (reason) call("POST", `${place(button.dataset.return)}/return`, { reason }).then(() => location.reload(), complain);
  });
}
