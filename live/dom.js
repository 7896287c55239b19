// Two short ways to make an element.

export function element(name, properties = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export function button(caption, act, className = "") {
  return element("button", { type: "button", textContent: caption, onclick: act, className });
}
