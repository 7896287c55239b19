// On every page with cells: the button that makes it live. All else is loaded when it is pressed.

import { Edits } from "./edits.js";
import { Progress } from "./progress.js";
import { Bar } from "./bar.js";
import { button } from "./dom.js";

const page = {
  notebook: new URL(document.querySelector("script[data-notebook]").dataset.notebook, document.baseURI).href,
  edits: new Edits(location.pathname),
  progress: new Progress(),
};

page.progress.mark();
page.progress.listen(() => page.session?.forget());
const bar = new Bar(page);
bar.onStart = async () => {
  bar.busy("Loading the page's tools …");
  try {
    const { Session } = await import("./session.js");
    page.session = new Session(page, bar);
  } catch (error) {
    bar.failed("The page's own scripts could not be loaded. Are you online?", () => location.reload());
    throw error;
  }
  await page.session.start();
};

for (const note of document.querySelectorAll(".nn-frames small")) {
  note.replaceChildren(button("Make the page live", () => bar.onStart(), "nn-link"), " to move all controls.");
}
