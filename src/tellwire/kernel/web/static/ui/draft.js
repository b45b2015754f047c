// What somebody typed and has not saved, kept for this tab until it is saved or thrown away: a reload, a crash or the
// end of a session loses nothing. Secrets do not belong here: a form gives only what may be stored.
import { html, useLayoutEffect, useState } from "./preact.js";
import { Icon } from "./icons.js";
import { whoOf } from "./session.js";
import { when } from "./words.js";

const PREFIX = "tellwire.draft ";

/** Where one person's draft of the form at `place` is kept. */
export const draftKey = (session, place) => `${PREFIX}${whoOf(session)} ${place}`;

/** What is kept under `key`, `{at, value}`, or null. */
function readDraft(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null; // storage may be forbidden
  }
}

export function dropDraft(key) {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Storage may be forbidden; nothing is kept then.
  }
}

/** Forgets every draft of this tab. */
export function dropDrafts() {
  try {
    Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)).forEach(dropDraft);
  } catch {
    // Storage may be forbidden; nothing is kept then.
  }
}

function keepDraft(key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify({ at: new Date().toISOString(), value }));
  } catch {
    // Storage may be forbidden or full; the page itself still holds what was typed.
  }
}

/** What was kept under `key` before this form stood. */
export const useKept = (key) => useState(() => readDraft(key))[0];

/** Keeps `value` under `key` as it changes, for as long as there is something unsaved in it. */
export function useKeeping(key, isDirty, value) {
  const text = isDirty ? JSON.stringify(value) : "";
  // An effect would wait for a frame, and a page that goes in between would lose the last that was typed.
  useLayoutEffect(() => (text ? keepDraft(key, value) : dropDraft(key)), [key, text]);
}

/** Says that a draft is back, and lets it be thrown away. */
export const DraftIsBack = ({ kept, onDrop, children }) => kept && html`<div class="banner going" role="status">
  <${Icon} name="info" />
  <div class="grow">
    <p><span class="strong">What you wrote here is back</span> (${when(kept.at)}). It is not saved yet.</p>
    ${children}</div>
  <button type="button" class="button little" onClick=${onDrop}>Throw it away</button></div>`;
