"""Modules in few files: what each statement becomes, what is in which file, and what is refused."""

from collections.abc import Mapping
from importlib.resources import files

import pytest

from tellwire.kernel.web.bundle import RUNTIME, bundles_of

RUNNING = "export const define = 1;"


def bundled(sources: Mapping[str, str]) -> dict[str, str]:
    return bundles_of({RUNTIME: RUNNING, **sources}, "app/main.js")


def body_of(source: str) -> str:
    """Return what the lines of a module become."""
    sources = {"app/main.js": source, "app/a.js": "", "shared/ui/b.js": ""}
    text = bundled(sources)["bundle/app/main.js"]
    return text.split('define("app/main.js", async () => {\n', 1)[1].split("\n});", 1)[0]


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ('import "./a.js";', 'await need("app/a.js");\nreturn {  };'),
        ('import { b, c as d } from "./a.js";', 'const { b, c: d } = await need("app/a.js");\nreturn {  };'),
        ('import {\n  b,\n} from "./a.js";', 'const {\n  b,\n} = await need("app/a.js");\nreturn {  };'),
        ('import b from "./a.js";', 'const { default: b } = await need("app/a.js");\nreturn {  };'),
        ('import{b as c}from"./a.js";x()', 'const {b: c} = await need("app/a.js");x()\nreturn {  };'),
        (
            'import { b } from "/static/shared/ui/b.js";',
            'const { b } = await need("shared/ui/b.js");\nreturn {  };',
        ),
        (
            'export { b, c as d } from "./a.js";',
            'const passed0 = await need("app/a.js");\nreturn { b: passed0.b, d: passed0.c };',
        ),
        (
            'export { default as B } from "./a.js";',
            'const passed0 = await need("app/a.js");\nreturn { B: passed0.default };',
        ),
        ('export * from "./a.js";', 'const passed0 = await need("app/a.js");\nreturn { ...passed0 };'),
        ("var b=1;export{b as c};", "var b=1;\nreturn { c: b };"),
        ("function b(){}export{b};", "function b(){}\nreturn { b: b };"),
        ("export const b = 1;", "const b = 1;\nreturn { b };"),
        ("export const { b, c: d } = e;", "const { b, c: d } = e;\nreturn { b, d };"),
        ("export async function b() {}", "async function b() {}\nreturn { b };"),
        ("export function* b() {}", "function* b() {}\nreturn { b };"),
        ("export class B {}", "class B {}\nreturn { B };"),
        ("export default function B() {}", "function B() {}\nreturn { default: B };"),
        ("export default () => 1;", "const theDefault = () => 1;\nreturn { default: theDefault };"),
        ('/** @type {import("./a.js").B} */', '/** @type {import("./a.js").B} */\nreturn {  };'),
        ('  html`import { b } from "./a.js"`;', '  html`import { b } from "./a.js"`;\nreturn {  };'),
    ],
)
def test_a_statement_becomes_what_does_the_same_in_a_function(source: str, body: str) -> None:
    assert body_of(source) == body


def test_a_file_has_what_it_cannot_do_without_and_what_is_loaded_later_has_its_own() -> None:
    bundles = bundled(
        {
            "app/main.js": 'import { a } from "./a.js";\nconst one = () => import("./pages/one.js");\n',
            "app/a.js": "export const a = 1;\n",
            "app/pages/one.js": 'import { a } from "../a.js";\nimport { d } from "../d.js";\n',
            "app/d.js": 'export const d = () => import("./e.js");\n',
            "app/e.js": "",
            "app/unused.js": "",
        }
    )

    assert set(bundles) == {"bundle/app/main.js", "bundle/app/pages/one.js", "bundle/app/e.js"}
    main, one = bundles["bundle/app/main.js"], bundles["bundle/app/pages/one.js"]
    assert main.startswith(RUNNING)
    assert 'define("app/a.js"' in main
    assert 'later("/static/bundle/app/pages/one.js", "app/pages/one.js")' in main
    assert one.startswith('import { define, later, need } from "/static/bundle/app/main.js";')
    assert 'define("app/d.js"' in one
    assert 'define("app/a.js"' not in one


@pytest.mark.parametrize(
    "source",
    [
        "export let b = 1;",
        "import * as b from './a.js';",
        "export enum B {}",
        "import b, { c } from './a.js'",
    ],
)
def test_what_cannot_be_bundled_says_so_at_start(source: str) -> None:
    with pytest.raises(ValueError, match=r"app/main\.js cannot be bundled"):
        bundled({"app/main.js": source})


def test_modules_that_import_each_other_are_refused_for_each_would_wait_for_the_other() -> None:
    with pytest.raises(ValueError, match="in a circle"):
        bundled(
            {
                "app/main.js": 'import "./a.js";',
                "app/a.js": 'import "./b.js";',
                "app/b.js": 'import "./a.js";',
            }
        )


def test_a_module_that_is_not_there_is_missed_at_start() -> None:
    with pytest.raises(KeyError):
        bundled({"app/main.js": 'import "./gone.js";'})


def test_what_runs_them_is_where_a_bundle_looks_for_it() -> None:
    assert files("tellwire.kernel.web").joinpath("static", RUNTIME.removeprefix("shared/")).is_file()
