import { onKeys } from "/console/static/frame.js";
onKeys({ j: () => document.getElementById("next").click(), q: () => (location.href = "/console/queue") });
