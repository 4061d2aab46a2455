// Goes to the agent's page as soon as the agent answers.
"use strict";

const AGENT = "http://127.0.0.1:8080/";

function look() {
  fetch(AGENT, { mode: "no-cors", cache: "no-store" }).then(() => location.replace(AGENT), () => setTimeout(look, 300));
}
look();
