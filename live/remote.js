// The first that JupyterLite loads of us. It hands over what extensions share; the rest is notebook.js.
(() => {
  const ours = new URL("../../../live/notebook.js?v=LITE_VERSION", document.currentScript.src);
  let shared;
  const first = async (name) => (await Object.values(shared[name])[0].get())();
  window._JUPYTERLAB["line-kernel"] = {
    init: (scope) => (shared = scope),
    get: async () => {
      const { plugin } = await import(ours.href);
      const [lite, lab] = await Promise.all(["@jupyterlite/services", "@jupyterlab/services"].map(first));
      const made = plugin({ ...lite, KernelMessage: lab.KernelMessage });
      return () => ({ __esModule: true, default: made });
    },
  };
})();
