// Settings > Engage > Channels > SMS: the providers we send through.
import { html, useMemo, useState } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Empty, Failure } from "/static/shared/ui/states.js";
import { Table } from "/static/shared/ui/table/table.js";
import { prefetch as fetchAhead, useData } from "../data.js";
import { columnsFor } from "../parts/provider-columns.js";
import { Troubles } from "../parts/provider-traffic.js";
import { SMS, SMS_CRUMBS, providerAt } from "../places.js";
import { Page } from "../shell.js";

const PROVIDERS = /** @type {const} */ (["/providers", ["providers"]]);
const TRAFFIC = /** @type {const} */ (["/providers/traffic", ["messages", "providers"]]);

export function prefetch() {
  fetchAhead(...PROVIDERS);
  fetchAhead(...TRAFFIC);
}

const add = html`<a class="button primary" href="${SMS}/new"><${Icon} name="plus" size=${14} />Add provider</a>`;

/** Each provider with what it carried: undefined while that is not known, null where it carried nothing. */
function rowsOf(providers, traffic) {
  const byId = traffic && new Map(traffic.map((one) => [one.provider_id, one]));
  return providers.map((provider) => ({ id: provider.id, provider, traffic: byId && (byId.get(provider.id) ?? null) }));
}

export default function Providers() {
  const { data, error, reload } = useData(...PROVIDERS);
  const traffic = useData(...TRAFFIC);
  const [isAll, setAll] = useState(false);
  const rows = useMemo(() => data && rowsOf(data.providers, traffic.data?.traffic), [data, traffic.data]);
  const shown = useMemo(() => rows?.filter(({ provider }) => isAll || !provider.archived_at), [rows, isAll]);
  const columns = useMemo(() => columnsFor(shown ?? []), [shown]);
  const archived = rows?.filter(({ provider }) => provider.archived_at).length;
  return html`<${Page} title="SMS" crumbs=${SMS_CRUMBS} actions=${add}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${traffic.error && html`<${Failure} error=${traffic.error} retry=${traffic.reload} />`}
    ${shown && html`<${Troubles} rows=${shown} />`}
    ${(data || !error) && html`<${Table} name="Providers" isMain=${true} height="none" rows=${shown} columns=${columns}
      boneRows=${4} hrefOf=${({ id }) => providerAt(id)} empty=${html`<${None} />`} />`}
    ${archived > 0 && html`<div><button type="button" class="button quiet little" aria-expanded=${String(isAll)}
      onClick=${() => setAll(!isAll)}>
      ${isAll ? "Hide" : "Show"} archived (${archived})</button></div>`}<//>`;
}

const None = () => html`<${Empty} title="No provider yet" action=${add}>
  <p>A provider is the HTTP service that carries your messages: 8x8, Twilio, your own gateway. Tellwire needs one
    before a campaign can send.</p><//>`;
