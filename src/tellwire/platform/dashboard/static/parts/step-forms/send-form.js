// A step that sends: the text, the provider that it goes through, and what that asks of its campaigns.
import { html, useEffect, useState } from "/static/shared/ui/preact.js";
import { SelectField } from "/static/shared/ui/fields.js";
import { isSame, put, saying } from "../../document/tree.js";
import { ContentEditor } from "../content-editor.js";
import { SendPasses } from "../guards/passes.js";
import { Preview, usePreview } from "../preview.js";
import { ProviderInputs } from "../provider-inputs.js";

/** The provider that a step means by its id or nickname; undefined if it is gone. */
export function providerOf(send, providers) {
  const wanted = send?.through;
  if (!wanted) return providers.find((one) => one.is_default && !one.archived_at);
  return providers.find((one) => one.id === wanted)
    ?? providers.find((one) => !one.archived_at && one.nickname.toLowerCase() === wanted.toLowerCase());
}

/** `isAlone`: the only step, whose gates are switched for the whole campaign. */
export function SendForm({ send, onSend, path, known, errors, isAlone = false }) {
  const { providers } = known;
  const provider = providerOf(send, providers);
  const own = ownErrors(errors, path);
  const [pairs, setPairs] = usePairs(send.extra ?? {}, (extra) => set("extra", extra));
  const set = (key, value) => onSend(put(send, key, key === "text" ? value : orNothing(value)));
  const content = { template_id: "", template_variables: [], tokens: {}, ...send, extra: pairs };
  const setContent = (key, value) => (key === "extra" ? setPairs(value) : set(key, value));
  return html`<div class="stack">
    <div data-path="${path}.text"><${ContentEditor} text=${send.text ?? ""} onText=${(text) => set("text", text)}
      properties=${known.choices} error=${own["content.text"]} /></div>
    ${!isAlone && html`<${SendPreview} ...${{ send, set, provider, known }} />`}
    <div data-path="${path}.through"><${SelectField} label="Provider"
      value=${send.through ? keyOf(provider) ?? send.through : ""} onValue=${(key) => set("through", key)}
      options=${choices(providers, send.through, provider)}
      error=${own["content.through"]} /></div>
    <div data-path=${path} class="stack">
      <${ProviderInputs} ...${{ content, setContent, provider }} errors=${own} /></div>
    ${!isAlone && html`<details><summary>What it passes</summary><div class="stack close">
      <${SendPasses} send=${send} onSend=${onSend} /></div></details>`}</div>`;
}

/** How the text stands on a phone, in the form itself: what stands beside the editor may be covered by it. */
function SendPreview({ send, set, provider, known }) {
  const preview = usePreview(send, known.event, known.tried);
  return html`<${Preview} preview=${preview} sender=${provider?.nickname ?? "No provider yet"}
    isTransliterating=${send.transliterate === true}
    onTransliterate=${(is) => set("transliterate", is || undefined)}
    onShorten=${(is) => set("shorten", is)} />`;
}

const orNothing = (value) => Object.values(saying({ value }))[0];

/** What is wrong with a message, under the names that its fields have wherever it stands. */
const ownErrors = (errors, path) => Object.fromEntries(Object.entries(errors)
  .filter(([at]) => at.startsWith(`${path}.`)).map(([at, why]) => [`content.${at.slice(path.length + 1)}`, why]));

/** By what a step names a provider: its nickname, or its id where that may be another's by now. */
const keyOf = (provider) => provider && (provider.archived_at ? provider.id : provider.nickname);

function choices(providers, wanted, chosen) {
  const standing = providers.find((one) => one.is_default && !one.archived_at);
  const usable = providers.filter((one) => !one.archived_at || one.id === chosen?.id);
  return [
    ["", standing ? `The default (now ${standing.nickname})` : "The default (there is none yet)"],
    ...usable.map((one) => [keyOf(one), one.archived_at ? `${one.nickname} (archived)` : one.nickname]),
    ...(wanted && !chosen ? [[wanted, `${wanted} (there is none)`]] : []),
  ];
}

/**
 * An object as pairs that are typed: two of one name, and one without a name, stand there until they are mended.
 * @returns {[[string, any][], (pairs: [string, any][]) => void]}
 */
export function usePairs(object, onObject) {
  const [pairs, setPairs] = useState(Object.entries(object));
  useEffect(() => { // it became another one elsewhere, as by undo
    if (!isSame(objectOf(pairs), object)) setPairs(Object.entries(object));
  }, [JSON.stringify(object)]);
  const write = (next) => {
    setPairs(next);
    if (!isSame(objectOf(next), object)) onObject(objectOf(next));
  };
  return [pairs, write];
}

const objectOf = (pairs) => Object.fromEntries(pairs.filter(([name]) => name.trim()));
