// Controls for the widgets that live in Python: ordinary elements of the browser, one kind for each
// of the ipywidgets that the course and its readers use. Their state comes and goes over the
// standard widget protocol; all that a widget is stays in Python.

import { element } from "./dom.js";

let names = 0;

export class Widgets {
  // send(message): hand a message to Python; resolves when it has been dealt with
  constructor(send) {
    this.send = send;
    this.models = new Map();
  }

  // What Python says about its widgets.
  receive({ comm_id: id, what, data, run }) {
    if (what === "comm_open") this.models.set(id, new Model(id, data.state, run, this));
    const model = this.models.get(id);
    if (!model) return;
    if (what === "comm_msg" && data.method === "update") model.changed(data.state);
    if (what === "comm_close") {
      model.end();
      this.models.delete(id);
    }
  }

  view(reference) {
    const model = this.models.get(reference.replace("IPY_MODEL_", ""));
    if (!model) return element("p", { className: "nn-trouble", textContent: "This control is gone: run the cell again." });
    const draw = KINDS[model.state._model_name];
    if (!draw) {
      const kind = model.state._model_name.replace("Model", "");
      const text = `The widget ${kind} is not drawn in a live page. Its Python side works; open the chapter as a notebook to see it.`;
      return element("p", { className: "nn-trouble", textContent: text });
    }
    return model.show(draw);
  }

  // Python was stopped: its controls would move nothing.
  end() {
    for (const model of this.models.values()) model.end();
    this.models.clear();
  }
}

class Model {
  constructor(id, state, run, widgets) {
    Object.assign(this, { id, state, run, widgets });
    this.views = [];
    this.waiting = null; // what the reader did while Python was at work: only the latest counts
    this.busy = false;
  }

  get(name) {
    const reference = this.state[name];
    return this.widgets.models.get(String(reference).replace("IPY_MODEL_", ""))?.state ?? {};
  }

  show(draw) {
    const view = draw(this);
    const layout = this.get("layout");
    const hide = () => (view.root.hidden = this.get("layout").display === "none");
    if (layout.width && !layout.width.endsWith("px")) view.root.style.width = layout.width;
    hide();
    view.update?.(this.state);
    this.views.push({ ...view, hide });
    return view.root;
  }

  changed(state) {
    Object.assign(this.state, state);
    for (const view of this.views) {
      view.hide();
      view.update?.(this.state);
    }
  }

  // The reader moved a control. While Python draws, later values replace those not yet sent.
  async set(state) {
    Object.assign(this.state, state);
    if (this.busy) {
      this.waiting = { ...this.waiting, ...state };
      return;
    }
    this.busy = true;
    await this.#send({ method: "update", state, buffer_paths: [] });
    this.busy = false;
    const next = this.waiting;
    this.waiting = null;
    if (next) await this.set(next);
  }

  event(content) {
    return this.#send({ method: "custom", content });
  }

  #send(data) {
    return this.widgets.send({ comm_id: this.id, run: this.run, data });
  }

  end() {
    for (const { root } of this.views) {
      root.inert = true;
      root.classList.add("nn-ended");
    }
  }
}

// A control with its description as label, in the layout of ipywidgets: label, control, readout.
function labelled(model, control, after = []) {
  const text = element("span", { className: "nn-label" });
  const root = element("label", { className: "nn-control" }, [text, control, ...after]);
  const label = () => {
    text.textContent = model.state.description;
    text.hidden = !model.state.description;
    control.disabled = model.state.disabled ?? false;
    if (!model.state.description) control.setAttribute("aria-label", model.state.tooltip || model.state.placeholder || "value");
  };
  return { root, label };
}

function box(className) {
  return (model) => {
    const root = element("div", { className });
    let children;
    const update = (state) => {
      if (String(state.children) === children) return;
      children = String(state.children);
      root.replaceChildren(...state.children.map((child) => model.widgets.view(child)));
    };
    return { root, update };
  };
}

function html(model) {
  const root = element("div", { className: "nn-html" });
  const update = ({ value, description }) => {
    const fresh = element("template", { innerHTML: value }).content;
    const status = fresh.firstElementChild;
    const old = root.firstElementChild;
    // A status that is replaced may not be read out; one whose words change is.
    if (fresh.childElementCount === 1 && status.matches("[role=status]") && old?.matches("[role=status]")) {
      old.innerHTML = status.innerHTML;
    } else root.replaceChildren(...(description ? [`${description} `] : []), fresh);
  };
  return { root, update };
}

function text(model) {
  const root = element("span", { className: "nn-text" });
  return { root, update: ({ value }) => (root.textContent = value) };
}

function slider(read, write, bounds, shown) {
  return (model) => {
    const input = element("input", { type: "range" });
    const output = element("output");
    const { root, label } = labelled(model, input, [output]);
    const eager = model.state.continuous_update ?? true;
    const say = () => {
      output.textContent = shown(model.state);
      output.hidden = model.state.readout === false;
      input.setAttribute("aria-valuetext", shown(model.state));
    };
    const move = () => {
      model.set(write(Number(input.value)));
      say();
    };
    input.addEventListener(eager ? "input" : "change", move);
    const update = (state) => {
      label();
      Object.assign(input, bounds(state));
      // Not while it is being moved: what Python answers is older than the hand.
      if (!model.busy && Number(input.value) !== read(state)) input.value = read(state);
      say();
    };
    return { root, update };
  };
}

const chosen = ({ _options_labels: labels, index }) => labels[index] ?? "";
const choiceSlider = slider(
  (state) => state.index,
  (index) => ({ index }),
  (state) => ({ min: 0, max: state._options_labels.length - 1, step: 1 }),
  chosen,
);
const numberSlider = slider(
  (state) => state.value,
  (value) => ({ value }),
  ({ min, max, step }) => ({ min, max, step }),
  ({ value, step }) => (Number.isInteger(value) && Number.isInteger(step) ? String(value) : value.toFixed(2)),
);

function choice(model) {
  const select = element("select");
  const { root, label } = labelled(model, select);
  select.addEventListener("change", () => model.set({ index: select.selectedIndex }));
  let options;
  const update = (state) => {
    label();
    if (String(state._options_labels) !== options) {
      options = String(state._options_labels);
      select.replaceChildren(...state._options_labels.map((each) => element("option", { textContent: each })));
    }
    select.selectedIndex = state.index ?? -1;
  };
  return { root, update };
}

function radios(model) {
  const name = `nn-radios-${++names}`;
  const legend = element("legend", { className: "nn-label" });
  const root = element("fieldset", { className: "nn-radios" }, [legend]);
  const inputs = model.state._options_labels.map((caption, index) => {
    const input = element("input", { type: "radio", name, onchange: () => model.set({ index }) });
    root.append(element("label", {}, [input, " ", caption]));
    return input;
  });
  const update = (state) => {
    legend.textContent = state.description || "Choose one";
    legend.classList.toggle("nn-unseen", !state.description);
    root.disabled = state.disabled;
    inputs.forEach((input, i) => (input.checked = i === state.index));
  };
  return { root, update };
}

function pressButton(model) {
  const root = element("button", { type: "button", onclick: () => model.event({ event: "click" }) });
  const update = ({ description, tooltip, disabled }) => {
    root.textContent = description;
    root.title = tooltip ?? "";
    root.disabled = disabled;
  };
  return { root, update };
}

function tick(model) {
  const input = element("input", { type: "checkbox", onchange: () => model.set({ value: input.checked }) });
  const { root, label } = labelled(model, input);
  root.classList.add("nn-tick");
  const update = (state) => {
    label();
    input.checked = state.value;
  };
  return { root, update };
}

function field(type, read = (value) => value) {
  return (model) => {
    const input = type === "area" ? element("textarea") : element("input", { type });
    if (type === "number") Object.assign(input, { step: model.state.step ?? "any", min: model.state.min ?? "", max: model.state.max ?? "" });
    const { root, label } = labelled(model, input);
    const eager = type !== "number" && (model.state.continuous_update ?? true);
    input.addEventListener(eager ? "input" : "change", () => model.set({ value: read(input.value) }));
    const update = (state) => {
      label();
      if (document.activeElement !== input || String(read(input.value)) !== String(state.value)) input.value = state.value;
    };
    return { root, update };
  };
}

function bar(model) {
  const meter = element("progress");
  const { root, label } = labelled(model, meter);
  const update = ({ value, min, max }) => {
    label();
    Object.assign(meter, { max: max - min, value: value - min });
  };
  return { root, update };
}

const KINDS = {
  VBoxModel: box("nn-vbox"),
  HBoxModel: box("nn-hbox"),
  BoxModel: box("nn-hbox"),
  HTMLModel: html,
  HTMLMathModel: html,
  LabelModel: text,
  SelectionSliderModel: choiceSlider,
  IntSliderModel: numberSlider,
  FloatSliderModel: numberSlider,
  DropdownModel: choice,
  SelectModel: choice,
  RadioButtonsModel: radios,
  ToggleButtonsModel: radios,
  ButtonModel: pressButton,
  CheckboxModel: tick,
  ToggleButtonModel: tick,
  TextModel: field("text"),
  TextareaModel: field("area"),
  IntTextModel: field("number", (value) => Math.trunc(Number(value))),
  BoundedIntTextModel: field("number", (value) => Math.trunc(Number(value))),
  FloatTextModel: field("number", Number),
  BoundedFloatTextModel: field("number", Number),
  IntProgressModel: bar,
  FloatProgressModel: bar,
};
