"""A Sphinx extension: what a search shows of a page is its text, not its buttons and contents."""

SCRIPT = """<script>
document.addEventListener("DOMContentLoaded", () => {
  const read = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const around = ".bd-header-article, .bd-sidebar-secondary, #jb-print-docs-body, template, h1";
    for (const each of page.querySelectorAll(around)) each.remove();
    return read(page.documentElement.outerHTML, anchor);
  };
});
</script>"""


def add_script(app, pagename, templatename, context, doctree):
    if pagename == "search":
        context["metatags"] = context.get("metatags", "") + SCRIPT


def setup(app):
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
