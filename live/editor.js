// A code editor. Tab indents only once the reader has begun to edit: before that, and after Escape,
// it moves on to the next control as everywhere.

import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const style = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.self, tags.null, tags.bool], class: "k" },
  { tag: [tags.string, tags.special(tags.string)], class: "s" },
  { tag: tags.number, class: "mi" },
  { tag: tags.comment, class: "c1" },
  { tag: [tags.definition(tags.function(tags.variableName)), tags.definition(tags.className)], class: "nf" },
]);

const markLine = StateEffect.define();
const marked = StateField.define({
  create: () => Decoration.none,
  update(marks, change) {
    for (const effect of change.effects) {
      if (!effect.is(markLine)) continue;
      if (!effect.value || effect.value > change.state.doc.lines) return Decoration.none;
      const line = change.state.doc.line(effect.value);
      return Decoration.set(Decoration.line({ class: "nn-failed-line" }).range(line.from));
    }
    return change.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// on: { change(source), run(), runAndNext() }
export function openEditor(parent, source, label, on) {
  let editing = false;
  const begin = () => {
    editing = true;
    return false;
  };
  const tab = (act) => (view) => editing && act(view);
  const act = (command) => () => {
    command();
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: source,
      extensions: [
        keymap.of([
          { key: "Shift-Enter", run: act(on.runAndNext) },
          { key: "Mod-Enter", run: act(on.run) },
          { key: "Escape", run: act(() => (editing = false)) },
          { key: "Tab", run: tab(indentAtCursor), shift: tab(indentLess) },
          ...defaultKeymap,
          ...historyKeymap,
        ]),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of("    "),
        bracketMatching(),
        python(),
        syntaxHighlighting(style),
        marked,
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
        EditorView.domEventHandlers({ mousedown: begin, blur: () => void (editing = false) }),
        EditorView.updateListener.of((update) => {
          if (update.selectionSet || update.docChanged) editing = update.view.hasFocus;
          if (update.docChanged) on.change(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    get source() {
      return view.state.doc.toString();
    },
    set source(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    focus: () => view.focus(),
    mark: (line) => view.dispatch({ effects: markLine.of(line) }),
  };
}

function indentAtCursor(view) {
  const { state } = view;
  const before = state.sliceDoc(state.doc.lineAt(state.selection.main.head).from, state.selection.main.head);
  if (!state.selection.main.empty || !before.trim()) return indentMore(view);
  view.dispatch(state.replaceSelection("    "));
  return true;
}
