// One person as we know them.
import { html } from "/static/shared/ui/preact.js";
import { here } from "/static/shared/ui/router.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { query } from "../api.js";
import { useData } from "../data.js";
import { Card } from "../parts/card.js";
import { ProfileFacts } from "../parts/profile-card.js";
import { RefusedRecords } from "../parts/refused.js";
import { Page } from "../shell.js";

export default function Profile() {
  const asked = here.value.query;
  const { data, error, reload } = useData(`/explain${query(asked)}`, ["events"]);
  const name = asked.identity ?? asked.object_id ?? asked.phone ?? "Nobody";
  const explain = html`<a class="button" href="/explain${query(asked)}">Explain an event</a>`;
  return html`<${Page} title=${name} crumbs=${[["Explain", "/explain"], ["Profile"]]} actions=${explain}>
    ${error && !data ? html`<${Failure} error=${error} retry=${reload} />`
      : !data ? html`<div class="card"><${Bones} rows=${6} /></div>`
      : data.profile ? html`<${RefusedRecords} records=${data.refused} /><${Card} title="Profile"><${ProfileFacts}
        profile=${data.profile} /><//>`
      : html`<div class="card"><${Empty} title="Nobody is known by this name"><p>${data.note}</p><//></div>`}<//>`;
}
