// Feedback: an answer is sent once, and then stands in the list.
import { call, complain } from "/console/static/frame.js";

for (const form of document.querySelectorAll("[data-answer]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const path = `/api/feedback/${encodeURIComponent(form.dataset.answer)}/answer`;
    call("PUT", path, { text: form.text.value }).then(() => location.reload(), complain);
  });
}
