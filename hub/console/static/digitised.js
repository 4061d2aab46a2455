// Digitised papers that wait: choose with j and k, open with Enter.
import { Chooser } from "/console/static/chooser.js";
import { onKeys } from "/console/static/frame.js";

const papers = new Chooser(document.getElementById("content"), "/console/digitised");
onKeys(papers.keys);
papers.show();
