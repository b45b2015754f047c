// What stands around every page: navigation, who is signed in, the way out.
import { html } from "./preact.js";
import { dropDrafts } from "./draft.js";
import { Icon } from "./icons.js";
import { PaletteDoor } from "./palette/palette-door.js";
import { go, here, mayLeave } from "./router.js";
import { ThemeButton } from "./theme.js";
import { toast } from "./toast.js";

/** How well an address of the navigation fits the page: one that names a view of it fits better than the page alone. */
function fitOf(href) {
  const { path, query } = here.value;
  const [place, view = ""] = href.split("?");
  const isView = [...new URLSearchParams(view)].every(([name, value]) => query[name] === value);
  return isView && (path === place || (!view && path.startsWith(`${place}/`))) ? 1 + view.length : 0;
}

const Item = ({ href, icon, name, kind, isHere }) => html`<li class=${kind}><a href=${href}
  aria-current=${isHere ? "page" : undefined}><${Icon} name=${icon} />${name}</a></li>`;

/** The product's picture and name; `badge` tells its applications apart. */
export const Brand = ({ badge }) => html`<img src="/static/shared/mark.svg" alt="" width="24"
  height="24" />Tellwire${badge && html`<span class="badge">${badge}</span>`}`;

/** Ends the session and leads home, where the door then stands. Nothing of who leaves stays behind. */
async function leave({ del, session }, home) {
  if (!(await mayLeave())) return;
  try {
    await del("/session");
    dropDrafts();
    await go(home, { isForced: true });
    session.value = null;
  } catch (error) {
    toast(error.message);
  }
}

/**
 * `groups` is the application's table of places: [group, [[href, icon, name, use, isKept, key], ...]].
 * A narrow screen's bar keeps the marked ones and leads to `menu` for the rest; `who` tells who is signed in;
 * `finds` loads what Ctrl K finds (see palette/palette.js).
 */
export function Shell({ api, badge, home, menu, groups, who, finds, children }) {
  const best = Math.max(...[...groups.flatMap(([, places]) => places.map(([href]) => href)), menu].map(fitOf));
  const isHere = (href) => best > 0 && fitOf(href) === best;
  return html`<a class="skip" href="#main">Skip to the page</a>
  <div class="shell">
    <header class="side">
      <a class="brand" href=${home}><${Brand} badge=${badge} /></a>
      <${PaletteDoor} load=${finds} />
      <nav class="nav" aria-label="Main"><ul>
        ${groups.map(([group, places]) => html`
          ${group && html`<li class="path" aria-hidden="true" key=${group}>${group}</li>`}
          ${places.map(([href, icon, name, , isKept]) => html`<${Item} key=${href} ...${{ href, icon, name }}
            isHere=${isHere(href)} kind=${isKept ? undefined : "deep"} />`)}`)}
        <${Item} href=${menu} icon="menu" name="More" kind="narrow" isHere=${isHere(menu)} />
      </ul></nav>
      <div class="foot">
        <p class="wide tiny muted break">${who}</p>
        <div class="row tight"><${ThemeButton} />
          <button type="button" class="button quiet" onClick=${() => leave(api, home)} aria-label="Sign out">
            <${Icon} name="leave" /><span class="wide">Sign out</span></button></div>
      </div>
    </header>
    <main class="main" id="main" tabindex="-1">${children}</main>
  </div>`;
}
