"""widget.html in the hands of those who include it: a generator runs its templates and its Markdown over a page with the
widget in it, and must give the widget back as it was, whatever a title says."""
import jinja2
import liquid
import markdown_it

# Jekyll and Eleventy; Nunjucks was made after Jinja; Markdown with HTML let through is Eleventy's.
GENERATORS = {
    "Liquid": lambda text: liquid.Environment().from_string(text).render(),
    "Jinja": lambda text: jinja2.Environment(keep_trailing_newline=True).from_string(text).render(),
    "CommonMark": lambda text: markdown_it.MarkdownIt("commonmark").render(f"# About\n\n{text}\nThe end.\n"),
}
CHECKERS = list(GENERATORS)


def problems(folder):
    name = "widget.html"
    text = (folder / name).read_bytes().decode("utf-8")
    for sign in ("{{", "{%", "{#"):
        if sign in text:
            yield name, f"holds {sign}, which a site generator takes for its own"
    for checker, generate in GENERATORS.items():
        try:
            made = generate(text)
        except (liquid.exceptions.LiquidError, jinja2.TemplateError) as error:
            yield name, f"{checker}: refuses it: {error}"
            continue
        if text not in made:
            line = next((line for line in text.splitlines() if line not in made), "")
            yield name, f"{checker}: does not leave it as it is: {line[:100]}"
