// The posting counter: each button and form is one call for the delivery that it names; then the list comes anew.
import { call, complain } from "/console/static/frame.js";

const done = (verb, delivery, body) =>
  call("POST", `/api/deliveries/${encodeURIComponent(delivery)}/${verb}`, body).then(() => location.reload(), complain);

for (const verb of ["filled", "again"]) {
  for (const button of document.querySelectorAll(`[data-${verb}]`)) {
    button.addEventListener("click", () => done(verb, button.dataset[verb]));
  }
}
for (const [form, verb, field] of [["posted", "posted", "tracking"], ["settle", "settled", "word"]]) {
  for (const each of document.querySelectorAll(`[data-${form}]`)) {
    each.addEventListener("submit", (event) => {
      event.preventDefault();
      done(verb, each.dataset[form], { [field]: each.elements[field].value });
    });
  }
}
