// The neuron of the front page. It takes the place of the frames, and computes as it is moved.
{
  const template = document.getElementById("neuron");
  const { visitors, asked, middle, reach, side, farthest } = JSON.parse(template.dataset.facts);
  const box = template.content.firstElementChild;
  const part = (name) => box.querySelector(name);
  const write = (name, text) => { part(`[data-is=${name}]`).textContent = text; };
  const [w1, w2, b] = ["w1", "w2", "b"].map((name) => part(`input[name=${name}]`));
  const drawing = part("svg svg");
  let who = asked;

  // The neuron itself. Values of the sliders are decimals: three digits of a sum are all it has.
  const sum = (x1, x2) => Math.round(1000 * (w1.value * x1 + w2.value * x2 + +b.value)) / 1000;
  const sigmoid = (z) => 1 / (1 + Math.exp(-z));

  // Numbers as they are written, and places of the axes as places of the picture.
  const number = (value) => String(value).replace("-", "−");
  const term = (value) => (value < 0 ? "− " : "+ ") + number(Math.abs(value));
  const right = (x1) => ((x1 - middle + reach) / (2 * reach)) * side;
  const down = (x2) => side - right(x2);
  const at = (x1, x2) => `${right(x1).toFixed(2)} ${down(x2).toFixed(2)}`;
  const set = (name, values) => {
    for (const [key, value] of Object.entries(values)) part(name).setAttribute(key, value);
  };

  // Where the sum is `z`: the place on that line that lies nearest to the middle of the picture.
  const foot = (z, a, c) => {
    const far = (z - (a * middle + c * middle + +b.value)) / (a * a + c * c);
    return [middle + a * far, middle + c * far];
  };

  function draw() {
    const a = +w1.value, c = +w2.value, flat = a === 0 && c === 0;
    const direction = flat ? [1e-4, 0] : [a, c]; // the same colour everywhere
    const [from, to] = [-farthest, farthest].map((z) => foot(z, ...direction));
    set("linearGradient", { x1: right(from[0]), y1: down(from[1]), x2: right(to[0]), y2: down(to[1]) });
    const [x, y] = foot(0, ...direction), long = 30 / Math.hypot(...direction);
    const line = flat ? "" : `M${at(x - long * c, y + long * a)}L${at(x + long * c, y - long * a)}`;
    set(".nn-line", { d: line });
    set(".nn-push", { d: line });
    set(".nn-arrow", { d: flat ? "" : `M${at(x, y)}L${at(x + a, y + c)}` });
    set(".nn-turn", flat ? { cx: -99 } : { cx: right(x + a), cy: down(y + c) });
    const wrong = visitors.filter(([x1, x2, bought]) => (sum(x1, x2) > 0) !== (bought === 1));
    set(".nn-wrong", { d: wrong.map(([x1, x2]) => `M${at(x1, x2)}h0`).join("") });
    for (const slider of [w1, w2, b]) {
      write(slider.name, number(slider.value));
      slider.setAttribute("aria-valuetext", number(slider.value));
    }
    write("wrong", wrong.length);
    tell(wrong);
    ask();
  }

  // One visitor: the equation with its numbers, and what the line of code gives.
  function ask() {
    const [x1, x2, bought] = visitors[who], z = sum(x1, x2), p = sigmoid(z);
    const times = ["never came back", "came back once"][x2] ?? `came back ${x2} times`;
    set(".nn-asked", { cx: right(x1), cy: down(x2) });
    write("who", `The visitor in the ring stayed ${x1} minutes, ${times}, and ${bought ? "bought" : "did not buy"}.`);
    write("sum", `${number(+w1.value)} × ${x1} ${term(+w2.value)} × ${x2} ${term(+b.value)}`);
    write("z", number(z));
    write("squeezed", `σ(${number(z)})`);
    write("p", p.toFixed(2));
    write("line", p.toFixed(2));
    const says = z > 0, verdict = says === (bought === 1) ? "right" : "wrong";
    write("says", `${["Less than", "Exactly", "More than"][Math.sign(z) + 1]} one half: the neuron says ${says ? "yes" : "no"}, and is ${verdict}.`);
  }

  // What there is to say is said at once to those who see, and once the movement rests to others.
  let rest;
  function tell(wrong) {
    const count = wrong.length, missed = wrong.filter((each) => each[2] === 1).length;
    const goal = count > 2 ? "" : count > 0
      ? "Goal reached. Some line gets all forty right: a machine finds it in chapter 1."
      : "All forty are right. A machine does it by itself in chapter 1.";
    write("goal", goal || "Drag the line to push it, the knob of its arrow to turn it.");
    part("[data-is=goal]").classList.toggle("nn-reached", goal !== "");
    clearTimeout(rest);
    rest = setTimeout(() => {
      const words = `${count} of ${visitors.length} visitors are on the wrong side: `
        + `${missed} who bought, ${count - missed} who did not.`;
      drawing.parentNode.setAttribute("aria-label", words);
      if (part("[role=status]").dataset.ready) part("[role=status]").textContent = `${words} ${goal}`;
      part("[role=status]").dataset.ready = "yes"; // nothing is announced before a reader moves it
    }, 600);
  }

  // The pointer pushes the line, turns its arrow, or chooses a visitor.
  const point = (event) => {
    const place = new DOMPoint(event.clientX, event.clientY)
      .matrixTransform(drawing.getScreenCTM().inverse());
    return [place.x, side - place.y].map((value) => (value / side) * 2 * reach + middle - reach);
  };
  const move = (slider, value) => { slider.value = value; }; // it keeps to its steps and its ends
  let pull = null;
  drawing.addEventListener("pointerdown", (event) => {
    const start = foot(0, +w1.value, +w2.value);
    if (event.target.matches(".nn-push")) pull = (x, y) => move(b, -(w1.value * x + w2.value * y));
    if (event.target.matches(".nn-turn")) {
      pull = (x, y) => {
        move(w1, x - start[0]);
        move(w2, y - start[1]);
        move(b, -(w1.value * start[0] + w2.value * start[1]));
      };
    }
    if (!pull) return choose(event);
    drawing.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  drawing.addEventListener("pointermove", (event) => {
    if (pull) { pull(...point(event)); draw(); } else if (event.pointerType === "mouse") choose(event);
  });
  for (const end of ["pointerup", "pointercancel"]) drawing.addEventListener(end, () => { pull = null; });
  function choose(event) {
    const [x, y] = point(event), far = ([x1, x2]) => Math.hypot(x1 - x, x2 - y);
    who = visitors.indexOf(visitors.reduce((best, each) => (far(each) < far(best) ? each : best)));
    ask();
  }

  box.addEventListener("input", draw);
  part("button").addEventListener("click", () => { who = (who + 1) % visitors.length; ask(); });
  document.querySelector(".nn-frames").replaceWith(box);
  draw();
}
